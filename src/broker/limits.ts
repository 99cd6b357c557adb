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
  unknownSockets: 200,
  closeMs: 500,
};
