import type { BrokerText } from './scheme.ts';

/** A door of the own broker, as a person wrote it. */
export type DoorText =
  | {
      readonly transport: 'tcp' | 'tls' | 'ws' | 'wss';
      /** Absent: this machine, by IPv4 and IPv6. */
      readonly host?: string;
      readonly port: number;
    }
  | { readonly transport: 'unix'; readonly path: string };

export const DEFAULT_LISTEN = 1883;
/** Opened when `tls` is written and no address for it. */
const TLS_DOOR: DoorText = { transport: 'tls', host: '0.0.0.0', port: 8883 };

const TRANSPORTS = { mqtt: 'tcp', mqtts: 'tls', ws: 'ws', wss: 'wss' } as const;
const HOST = String.raw`[\w.-]+|\[[\da-f:.]+\]`;
const URL_TEXT = new RegExp(`^(mqtts?|wss?)://(${HOST}):(\\d{1,5})(?:/mqtt|/)?$`, 'i');
const PLAIN_TEXT = new RegExp(`^(?:(${HOST}):)?(\\d{1,5})$`, 'i');
const UNIX_TEXT = /^unix:(?:\/\/)?(\/.+)$/;

/**
 * `1883`, `127.0.0.1:1884`, `[::1]:1883`, `mqtts://0.0.0.0:8883`, `ws://127.0.0.1:9001`, `unix:/run/hanbus/mqtt.sock`.
 * Undefined for anything else.
 */
export function parseDoor(written: string | number): DoorText | undefined {
  const text = String(written);
  const path = UNIX_TEXT.exec(text)?.[1];
  if (path !== undefined) return { transport: 'unix', path };
  const [, scheme = 'mqtt', host, port] = URL_TEXT.exec(text) ?? PLAIN_TEXT.exec(text)?.toSpliced(1, 0, 'mqtt') ?? [];
  const transport = Object.entries(TRANSPORTS).find(([name]) => name === scheme.toLowerCase())?.[1];
  if (transport === undefined || port === undefined || Number(port) > 65_535) return undefined;
  const bare = host?.replace(/^\[|\]$/g, '');
  return { transport, port: Number(port), ...(bare === undefined ? {} : { host: bare }) };
}

/** All doors of a checked scheme. With `tls` and no address for it, port 8883 of all addresses is opened. */
export function doorsOf({ listen, tls }: BrokerText): readonly DoorText[] {
  if (listen === 'off') return [];
  const written = typeof listen === 'object' ? listen : [listen];
  const doors = written.flatMap((one) => parseDoor(one) ?? []);
  const hasTls = doors.some(({ transport }) => transport === 'tls' || transport === 'wss');
  return tls === undefined || hasTls ? doors : [...doors, TLS_DOOR];
}

/** Whether other machines could come in without TLS. */
export function isOpenPlain(door: DoorText): boolean {
  if (door.transport !== 'tcp' && door.transport !== 'ws') return false;
  return door.host !== undefined && !/^(?:127\.[\d.]+|localhost|::1)$/i.test(door.host);
}
