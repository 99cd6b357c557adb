import { connect, type IClientOptions, type MqttClient } from 'mqtt';
import { freePort, type Home, hanbus, makeHome, type Running } from '../fakes/processes.ts';
import { until } from './mqtt-programs.ts';

/** A whole hanbus in a process of its own, which is ended and started again with the same port and folder. */
export class RestartedNode {
  readonly port: number;
  readonly #home: Home;
  #running: Running | undefined;

  private constructor(port: number) {
    this.port = port;
    this.#home = makeHome(`broker: {listen: ${port}}\n`);
  }

  static async start(): Promise<RestartedNode> {
    const node = new RestartedNode(await freePort());
    await node.start();
    return node;
  }

  async start(): Promise<void> {
    this.#running = hanbus(this.#home, 'up', '--name', 'den');
    await this.#running.says(/points are being published/);
  }

  async end(signal: 'SIGTERM' | 'SIGKILL'): Promise<void> {
    await this.#running?.end(signal);
    this.#running = undefined;
  }
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
export async function join(port: number, version: MemberVersion, options: IClientOptions): Promise<Member> {
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
