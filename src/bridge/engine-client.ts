import { createHash } from 'node:crypto';
import type { IClientOptions, MqttClient } from 'mqtt';
import { HanbusError, reasonOf } from '../kit/errors.ts';
import { topics } from '../schemes/topics.ts';

export interface EngineAddress {
  readonly node: string;
  /** `mqtt://host:1883`, `mqtts://host`, `ws://host/mqtt`. */
  readonly url: string;
  readonly user?: string;
  readonly password?: string;
}

export type EngineVersion = 4 | 5;

/** The engine does not speak this version. */
export class VersionRefused extends HanbusError {
  constructor(cause: unknown) {
    super('HB123', 'the engine refuses this version of MQTT, or closes without an answer', { cause });
    this.name = 'VersionRefused';
  }
}

const CONNECT_MS = 10_000;
const KEEP_ALIVE_S = 30;
/** CONNACK codes of MQTT 5 and 3.1.1: unsupported version; bad user or password, not authorised. */
const WRONG_VERSION = [0x84, 1];
const WRONG_LOGIN = [0x86, 0x87, 4, 5];

/**
 * Connects once. Settles with the connected client, or throws HB123 (unreachable), HB126 (login refused) or
 * VersionRefused; `signal` gives the try up. The client does not reconnect by itself. `mqtt` is loaded here, so a node without engine never does.
 */
export async function connectEngine(
  address: EngineAddress,
  version: EngineVersion,
  signal: AbortSignal,
): Promise<MqttClient> {
  const { connect } = await import('mqtt');
  signal.throwIfAborted();
  const client = connect(address.url, optionsOf(address, version));
  const giveUp = () => client.end(true);
  signal.addEventListener('abort', giveUp);
  const settled = () => signal.removeEventListener('abort', giveUp);
  client.once('connect', settled);
  client.once('close', settled);
  return new Promise((resolve, reject) => {
    let cause: unknown;
    client.on('error', (error) => {
      cause = error;
      if (!client.connected) client.end(true);
    });
    client.once('connect', () => resolve(client));
    client.once('close', () => {
      if (!client.disconnecting) client.end(true);
      reject(explain(cause, address));
    });
  });
}

function optionsOf({ node, user, password }: EngineAddress, version: EngineVersion): IClientOptions {
  return {
    clientId: clientIdOf(node),
    clean: true,
    protocolVersion: version,
    keepalive: KEEP_ALIVE_S,
    connectTimeout: CONNECT_MS,
    reconnectPeriod: 0,
    resubscribe: false,
    queueQoSZero: false,
    will: { topic: topics.nodeState(node), payload: Buffer.from('lost'), qos: 1, retain: true },
    ...(user === undefined ? {} : { username: user }),
    ...(password === undefined ? {} : { password }),
  };
}

/** One id per node, of at most the 23 characters that every MQTT 3.1.1 server must take. [MQTT-3.1.3-5] */
export function clientIdOf(node: string): string {
  const plain = `hb-${node}`;
  if (plain.length <= 23) return plain;
  return `hb-${node.slice(0, 11)}-${createHash('sha256').update(node).digest('hex').slice(0, 8)}`;
}

/** Host and port alone: a URL may hold a password. */
export function shownAddress(url: string): string {
  return URL.canParse(url) ? new URL(url).host : 'the engine';
}

function explain(cause: unknown, { url }: EngineAddress): HanbusError {
  const code = typeof cause === 'object' && cause !== null && 'code' in cause ? cause.code : undefined;
  // Some old brokers close without an answer.
  const isWrongVersion = cause === undefined || (typeof code === 'number' && WRONG_VERSION.includes(code));
  if (isWrongVersion) return new VersionRefused(cause);
  if (typeof code === 'number' && WRONG_LOGIN.includes(code)) {
    return new HanbusError('HB126', `${shownAddress(url)} refuses the login: ${reasonOf(cause)}`, { cause });
  }
  return new HanbusError('HB123', `${shownAddress(url)} cannot be reached: ${reasonFor(cause)}`, { cause });
}

/** An AggregateError of several addresses has no message of its own. */
function reasonFor(cause: unknown): string {
  if (cause instanceof AggregateError && cause.message === '') return cause.errors.map(reasonOf).join(', ');
  return reasonOf(cause);
}
