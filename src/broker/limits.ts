import { DEFAULT_GATE_LIMITS } from './listen/gate-limits.ts';

/** What one broker lets its clients use. Every queue and every wait of the broker is bounded by one of these. */
export interface BrokerLimits {
  /** A CONNECT must be complete within this time, in ms. */
  readonly connectMs: number;
  /** The largest CONNECT, in bytes. */
  readonly connectBytes: number;
  /** The largest packet after CONNECT, in bytes; told to MQTT 5 clients. */
  readonly packetBytes: number;
  /** Packets that may wait for a slow socket, in number and in bytes. */
  readonly queueMessages: number;
  readonly queueBytes: number;
  /** Bytes that may wait for and from all clients together; see `Budget` for who pays. */
  readonly waitingBytes: number;
  /** QoS 1 and 2 messages that may wait in a session, in number and in bytes. */
  readonly sessionMessages: number;
  readonly sessionBytes: number;
  /** QoS 1 and 2 messages sent to one client and not acknowledged; fewer when they have `sessionBytes`. */
  readonly inflight: number;
  /** QoS 2 messages received from one client and not released; told to MQTT 5 clients. Many clients do not heed it. */
  readonly receiveMaximum: number;
  /** Topic aliases that a client may set. */
  readonly topicAliases: number;
  /** The longest keep alive of an MQTT 5 client, in seconds; 0: as the client likes. */
  readonly keepAlive: number;
  readonly subscriptionsPerClient: number;
  /** Topic levels of the filters of one client, and of all: memory and the cost of a lookup grow with them. */
  readonly filterLevels: number;
  readonly allFilterLevels: number;
  /** Sessions in all, connected or waiting for their client. */
  readonly sessions: number;
  /** Sockets that have not sent their CONNECT yet; one more makes the oldest go. */
  readonly unknownSockets: number;
  /** The same from one address. Not for this machine, as the rates below. */
  readonly unknownSocketsEach: number;
  /** New connections a second, in all and from one address; twice as many may come at once. */
  readonly connectRate: number;
  readonly connectRateEach: number;
  /** The same for those that want TLS. */
  readonly handshakeRate: number;
  readonly handshakeRateEach: number;
  /** How long a socket may keep silent, and how long TLS and the WebSocket upgrade may take, in ms. */
  readonly silentMs: number;
  readonly readyMs: number;
  /** How long a socket may take to close, in ms. */
  readonly closeMs: number;
}

export const DEFAULT_LIMITS: BrokerLimits = {
  connectMs: 5_000,
  connectBytes: 4_096,
  packetBytes: 4_194_304,
  queueMessages: 20_000,
  queueBytes: 8_388_608,
  waitingBytes: 33_554_432,
  sessionMessages: 10_000,
  sessionBytes: 8_388_608,
  inflight: 1_024,
  receiveMaximum: 65_535,
  topicAliases: 64,
  keepAlive: 0,
  subscriptionsPerClient: 10_000,
  filterLevels: 60_000,
  allFilterLevels: 200_000,
  sessions: 10_000,
  unknownSockets: DEFAULT_GATE_LIMITS.unknown,
  unknownSocketsEach: DEFAULT_GATE_LIMITS.unknownEach,
  connectRate: DEFAULT_GATE_LIMITS.connects.perSecond,
  connectRateEach: DEFAULT_GATE_LIMITS.connectsEach.perSecond,
  handshakeRate: DEFAULT_GATE_LIMITS.handshakes.perSecond,
  handshakeRateEach: DEFAULT_GATE_LIMITS.handshakesEach.perSecond,
  silentMs: DEFAULT_GATE_LIMITS.silentMs,
  readyMs: DEFAULT_GATE_LIMITS.readyMs,
  closeMs: 500,
};
