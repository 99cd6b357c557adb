import type { Broker } from '../broker/broker.ts';
import type { Listener, ListenOptions } from '../broker/listen/listener.ts';
import type { TlsKeys } from '../broker/listen/tls-keys.ts';
import { HanbusError } from '../kit/errors.ts';
import type { Log } from '../kit/log.ts';
import type { StatusAnswer } from '../schemes/contracts.ts';
import { DEFAULT_LISTEN, type DoorText } from '../schemes/listen-address.ts';
import type { Problem } from '../schemes/problem.ts';

export type ListenerAnswer = StatusAnswer['nodes'][number]['listeners'][number];

/** One door of the scheme: open, open elsewhere, or closed and why. */
export interface Opened {
  readonly listener?: Listener;
  readonly answers: readonly ListenerAnswer[];
  readonly problems: readonly Problem[];
}

/** How the doors of a scheme are to be opened. */
export interface DoorTerms {
  readonly clients: 'ask' | 'off' | 'require';
  readonly origins: readonly string[];
  readonly hosts: readonly string[];
  /** Some login may come in without TLS from another machine. */
  readonly hasPlain: boolean;
  /** The certificate, for doors that need one; throws what is wrong with it. */
  keys(): Promise<TlsKeys>;
}

/** Tried in turn when the default port is taken and nobody asked for a special one. */
const OTHER_PORTS = [1884, 1885, 1886];

const SCHEMES = { tcp: 'mqtt', tls: 'mqtts', ws: 'ws', wss: 'wss' } as const;

/** Opens a door. It never throws for a taken port or a bad certificate: the node runs on, and says so. */
export async function openDoor(broker: Broker, door: DoorText, terms: DoorTerms, log: Log): Promise<Opened> {
  try {
    const listener = await broker.listen(await optionsOf(door, terms));
    return { listener, answers: [{ url: listener.url, open: true }], problems: [] };
  } catch (error) {
    if (!(error instanceof HanbusError)) throw error;
    const other = isDefault(door) ? await firstFree(broker) : undefined;
    const url = urlOf(door);
    log.warn('a door for MQTT cannot be opened', { code: error.code, url, other: other?.url, reason: error.message });
    const closed = { url, open: false, why: error.message };
    const problems = [problemOf(error, other)];
    return other === undefined
      ? { answers: [closed], problems }
      : { listener: other, answers: [{ url: other.url, open: true }, closed], problems };
  }
}

async function optionsOf(door: DoorText, terms: DoorTerms): Promise<ListenOptions> {
  if (door.transport === 'unix') return door;
  const { transport, host, port } = door;
  const at = { port, ...(host === undefined ? {} : { host }) };
  const { origins, hosts, clients, hasPlain: isForNetwork } = terms;
  const rules = { origins, hosts };
  if (transport === 'tcp') return { transport, ...at, isForNetwork };
  if (transport === 'ws') return { transport, ...at, isForNetwork, rules };
  const tls = { keys: await terms.keys(), clients };
  return transport === 'tls' ? { transport, ...at, tls } : { transport, ...at, tls, rules };
}

function isDefault(door: DoorText): boolean {
  return door.transport === 'tcp' && door.port === DEFAULT_LISTEN && door.host === undefined;
}

function urlOf(door: DoorText): string {
  if (door.transport === 'unix') return `unix:${door.path}`;
  const { host = 'localhost', transport, port } = door;
  return `${SCHEMES[transport]}://${host.includes(':') ? `[${host}]` : host}:${port}`;
}

function problemOf(error: HanbusError, other: Listener | undefined): Problem {
  const message =
    other === undefined ? error.message : `${error.message}; my own broker listens at ${other.url} instead`;
  return { code: error.code, severity: 'warning', message, ...(error.fix === undefined ? {} : { fix: error.fix }) };
}

async function firstFree(broker: Broker): Promise<Listener | undefined> {
  for (const port of OTHER_PORTS) {
    try {
      return await broker.listenTcp({ port });
    } catch (error) {
      if (!(error instanceof HanbusError)) throw error;
    }
  }
  return undefined;
}
