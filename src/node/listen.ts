import type { Broker } from '../broker/broker.ts';
import type { Listener } from '../broker/listen/listener.ts';
import { HanbusError } from '../kit/errors.ts';
import type { Log } from '../kit/log.ts';
import type { StatusAnswer } from '../schemes/contracts.ts';
import type { Problem } from '../schemes/problem.ts';

type ListenerAnswer = StatusAnswer['nodes'][number]['listeners'][number];

/** Where the embedded broker listens, and why not where it should. */
export interface Listening {
  readonly listeners: readonly ListenerAnswer[];
  readonly problems: readonly Problem[];
}

const DEFAULT_PORT = 1883;
/** Tried in turn when the default port is taken and nobody asked for a special one. */
const OTHER_PORTS = [1884, 1885, 1886];

export interface Address {
  /** Absent: this machine, by IPv4 and IPv6. */
  readonly host?: string;
  readonly port: number;
}

/** `1883`, `127.0.0.1:1884`, `[::1]:1883`; undefined for `off`. */
export function parseListen(listen: string | number): Address | undefined {
  const text = String(listen);
  if (text === 'off') return undefined;
  const match = /^(?:(.+):)?(\d+)$/.exec(text);
  const host = match?.[1]?.replace(/^\[|\]$/g, '');
  return { ...(host === undefined ? {} : { host }), port: Number(match?.[2] ?? DEFAULT_PORT) };
}

/** Opens the broker's door. It never throws for a taken port: the node runs on, and says so. */
export async function listen(broker: Broker, wanted: string | number, log: Log): Promise<Listening> {
  const address = parseListen(wanted);
  if (address === undefined) return { listeners: [], problems: [] };
  const { host = 'localhost', port } = address;
  const url = `mqtt://${host}:${port}`;
  try {
    return { listeners: [opened(await broker.listenTcp(address))], problems: [] };
  } catch (error) {
    if (!(error instanceof HanbusError)) throw error;
    const other = port === DEFAULT_PORT ? await firstFree(broker, address) : undefined;
    log.warn('the MQTT port cannot be used', { code: error.code, url, other: other?.url, reason: error.message });
    const closed = { url, open: false, why: error.message };
    return { listeners: other === undefined ? [closed] : [other, closed], problems: [problemOf(error, other)] };
  }
}

function opened({ url }: Listener): ListenerAnswer {
  return { url, open: true };
}

function problemOf(error: HanbusError, other: ListenerAnswer | undefined): Problem {
  const message =
    other === undefined ? error.message : `${error.message}; my own broker listens at ${other.url} instead`;
  return { code: error.code, severity: 'warning', message, ...(error.fix === undefined ? {} : { fix: error.fix }) };
}

async function firstFree(broker: Broker, address: Address): Promise<ListenerAnswer | undefined> {
  for (const port of OTHER_PORTS) {
    try {
      return opened(await broker.listenTcp({ ...address, port }));
    } catch (error) {
      if (!(error instanceof HanbusError)) throw error;
    }
  }
  return undefined;
}
