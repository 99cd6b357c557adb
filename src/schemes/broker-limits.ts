import { byteSizeText } from './byte-size.ts';
import { durationText } from './quantity.ts';

/** One key of `broker.limits`, and the limit of the broker that it sets. */
export interface LimitFact {
  /** As written in a scheme. */
  readonly key: string;
  /** In `BrokerLimits`. */
  readonly name: LimitName;
  readonly sort: 'bytes' | 'count' | 'seconds' | 'time';
  /** In bytes, pieces, seconds or (`time`) ms. */
  readonly least: number;
  readonly most: number;
  readonly about: string;
}

export type LimitName =
  | 'allFilterLevels'
  | 'closeMs'
  | 'connectBytes'
  | 'connectMs'
  | 'connectRate'
  | 'connectRateEach'
  | 'filterLevels'
  | 'handshakeRate'
  | 'handshakeRateEach'
  | 'inflight'
  | 'keepAlive'
  | 'packetBytes'
  | 'queueBytes'
  | 'queueMessages'
  | 'readyMs'
  | 'receiveMaximum'
  | 'sessionBytes'
  | 'sessionMessages'
  | 'sessions'
  | 'silentMs'
  | 'subscriptionsPerClient'
  | 'topicAliases'
  | 'unknownSockets'
  | 'unknownSocketsEach'
  | 'waitingBytes';

/** Limits that a person set: in the units of their facts. */
export type LimitValues = Partial<Readonly<Record<LimitName, number>>>;

const KIB = 1_024;
const MIB = 1_048_576;
const GIB = 1_073_741_824;

/** `[key, name, sort, least, most, about]` */
const ROWS = [
  ['all_filter_levels', 'allFilterLevels', 'count', 100, 10_000_000, 'topic levels of the filters of all clients'],
  ['close_time', 'closeMs', 'time', 10, 60_000, 'how long a socket may take to close'],
  ['connect_bytes', 'connectBytes', 'bytes', 256, MIB, 'the largest CONNECT'],
  ['connect_rate', 'connectRate', 'count', 1, 100_000, 'new connections a second from other machines'],
  ['connect_rate_each', 'connectRateEach', 'count', 1, 100_000, 'the same from one address'],
  ['connect_time', 'connectMs', 'time', 100, 60_000, 'a CONNECT must be complete within it'],
  ['filter_levels', 'filterLevels', 'count', 100, 10_000_000, 'topic levels of the filters of one client'],
  ['handshake_rate', 'handshakeRate', 'count', 1, 100_000, 'new connections a second that want TLS'],
  ['handshake_rate_each', 'handshakeRateEach', 'count', 1, 100_000, 'the same from one address'],
  ['inflight', 'inflight', 'count', 1, 65_534, 'messages sent to one client and not acknowledged'],
  ['keep_alive', 'keepAlive', 'seconds', 0, 65_535, 'the longest keep alive of an MQTT 5 client; 0s: as it likes'],
  ['packet_bytes', 'packetBytes', 'bytes', KIB, 256 * MIB, 'the largest packet of a client'],
  ['queue_bytes', 'queueBytes', 'bytes', 16 * KIB, GIB, 'bytes that wait for one slow socket'],
  ['queue_messages', 'queueMessages', 'count', 10, 10_000_000, 'packets that wait for one slow socket'],
  ['ready_time', 'readyMs', 'time', 100, 60_000, 'how long TLS and the WebSocket upgrade may take'],
  ['receive_maximum', 'receiveMaximum', 'count', 1, 65_535, 'QoS 2 messages of one client that are not released'],
  ['session_bytes', 'sessionBytes', 'bytes', KIB, GIB, 'bytes of QoS 1 and 2 that wait in one session'],
  ['session_messages', 'sessionMessages', 'count', 1, 10_000_000, 'messages of QoS 1 and 2 that wait in one session'],
  ['sessions', 'sessions', 'count', 1, 1_000_000, 'sessions, with a client or without'],
  ['silent_time', 'silentMs', 'time', 100, 60_000, 'how long a new socket may keep silent'],
  ['subscriptions', 'subscriptionsPerClient', 'count', 1, 1_000_000, 'subscriptions of one client'],
  ['topic_aliases', 'topicAliases', 'count', 0, 65_535, 'topic aliases that a client may set'],
  ['unknown_sockets', 'unknownSockets', 'count', 1, 100_000, 'sockets that have not said who they are'],
  ['unknown_sockets_each', 'unknownSocketsEach', 'count', 1, 100_000, 'the same from one address'],
  ['waiting_bytes', 'waitingBytes', 'bytes', MIB, 4 * GIB, 'bytes that wait for and from all clients'],
] as const;

/** In the order of their keys. */
export const LIMIT_FACTS: readonly LimitFact[] = ROWS.map(([key, name, sort, least, most, about]) => ({
  ...{ key, name, sort, least, most, about },
}));

/** A limit as it is written in a scheme: `5s`, `4MiB`, `1024`. */
export function limitText({ sort }: LimitFact, value: number): string {
  if (sort === 'bytes') return byteSizeText(value);
  if (sort === 'count') return String(value);
  return value === 0 ? '0s' : durationText(sort === 'time' ? value : value * 1_000);
}
