/** Why messages did not reach a client, one for each delivery that was due; and what never came in. */
export interface DropCounts {
  /** Their time was over. */
  expired: number;
  /** The queue of a client or session was full. */
  full: number;
  /** A newer QoS 0 message of the same topic took the place in a full queue. */
  superseded: number;
  /** Larger than the client accepts. */
  tooLarge: number;
  /** QoS 0 for a session whose client is away. */
  absent: number;
  /** The client or its session ended before. */
  gone: number;
  /** Refused on the way in, so no delivery was due: retained commands, topics of the broker, a full bus. */
  refused: number;
}

/** What the broker has done since it was opened. */
export interface BrokerCounts {
  /** Connected clients and all sessions, now. */
  clients: number;
  sessions: number;
  /** Bytes that wait for clients, connected or not, and packets of theirs that are not whole, now. */
  waitingBytes: number;
  /** Levels of all filters of clients, now. */
  filterLevels: number;
  /** Messages times the sessions that they were for: due = delivered + waiting + dropped (without `refused`). */
  due: number;
  /** QoS 0 handed to a socket, QoS 1 and 2 acknowledged. */
  delivered: number;
  /** PUBLISH packets. */
  messagesIn: number;
  messagesOut: number;
  bytesIn: number;
  bytesOut: number;
  /** Connections that never became a client. */
  refusedConnections: number;
  readonly dropped: DropCounts;
}

export function makeCounts(): BrokerCounts {
  return {
    clients: 0,
    sessions: 0,
    waitingBytes: 0,
    filterLevels: 0,
    due: 0,
    delivered: 0,
    messagesIn: 0,
    messagesOut: 0,
    bytesIn: 0,
    bytesOut: 0,
    refusedConnections: 0,
    dropped: { expired: 0, full: 0, superseded: 0, tooLarge: 0, absent: 0, gone: 0, refused: 0 },
  };
}
