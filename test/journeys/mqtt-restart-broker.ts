import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { connect, type IClientOptions, type MqttClient } from 'mqtt';
import { freePort, type Program, start, until } from './mqtt-programs.ts';

const child = fileURLToPath(new URL('mqtt-restart-child.ts', import.meta.url));

/** A broker with its shelf in a process of its own, which is ended and started again with the same port and folder. */
export class RestartedBroker {
  readonly port: number;
  readonly #folder = mkdtempSync(join(tmpdir(), 'hanbus-shelf-'));
  #program: Program | undefined;

  constructor(port: number) {
    this.port = port;
  }

  async start(): Promise<void> {
    const program = start(process.execPath, [child, String(this.port), join(this.#folder, 'shelf')]);
    this.#program = program;
    const look = () => program.lines.includes('listening') || program.child.exitCode !== null;
    await until('the broker listens', look);
    if (!program.lines.includes('listening')) throw new Error(program.lines.join('\n'));
  }

  async end(signal: 'SIGTERM' | 'SIGKILL'): Promise<void> {
    await this.#program?.stop(signal);
  }

  async remove(): Promise<void> {
    await this.end('SIGKILL');
    rmSync(this.#folder, { recursive: true, force: true });
  }
}

export async function startBroker(): Promise<RestartedBroker> {
  const broker = new RestartedBroker(await freePort());
  await broker.start();
  return broker;
}

/** An MQTT.js client that stays: it connects again by itself, and knows what it heard. */
export interface Member {
  readonly client: MqttClient;
  readonly heard: readonly string[];
  /** Of each connection, whether the broker knew the session. */
  readonly sessions: readonly boolean[];
  /** QoS 1; resolves at PUBACK, which may be long after the broker is back. */
  say(topic: string, payload: string, retain?: boolean): Promise<unknown>;
  hears(payloads: readonly string[]): Promise<void>;
  leave(): Promise<void>;
}

export type MemberVersion = 4 | 5;

/** `clean: false`, and a session that lasts for an hour in MQTT 5. Subscribes to nothing by itself. */
export async function openMember(port: number, version: MemberVersion, options: IClientOptions): Promise<Member> {
  const lasting = version === 5 ? { properties: { sessionExpiryInterval: 3_600 } } : {};
  const client = connect(`mqtt://127.0.0.1:${port}`, {
    protocolVersion: version,
    clean: false,
    reconnectPeriod: 100,
    resubscribe: false,
    ...lasting,
    ...options,
  });
  const heard: string[] = [];
  const sessions: boolean[] = [];
  client.on('message', (_topic, payload) => void heard.push(payload.toString()));
  client.on('connect', ({ sessionPresent }) => void sessions.push(sessionPresent));
  client.on('error', () => undefined); // it is reconnecting
  await until(`${options.clientId} connects`, () => sessions.length > 0);
  return {
    client,
    heard,
    sessions,
    say: (topic, payload, retain = false) => client.publishAsync(topic, payload, { qos: 1, retain }),
    async hears(payloads) {
      const missing = () => payloads.filter((payload) => !heard.includes(payload));
      await until('all messages', () => missing().length === 0, 30_000).catch(() => {
        throw new Error(`never heard: ${missing().join(', ')}`);
      });
    },
    leave: () => client.endAsync(),
  };
}

/** `name 0`, `name 1` ... */
export const numbered = (name: string, count = 30): string[] =>
  Array.from({ length: count }, (_, at) => `${name} ${at}`);
