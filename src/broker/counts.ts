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

export type DropReason = keyof DropCounts;

/** So many for each code of the catalogue. */
export type Tally = Map<string, number>;

/** What the broker has done since it was opened. */
export interface BrokerCounts {
  /** Connected clients and all sessions, now. */
  clients: number;
  /** The most that were connected at one time. */
  mostClients: number;
  sessions: number;
  /** Sessions whose time was over. */
  expiredSessions: number;
  /** Bytes that wait for clients, connected or not, and packets of theirs that are not whole, now. */
  waitingBytes: number;
  /** Levels of all filters of clients, now. */
  filterLevels: number;
  /** Messages times the sessions that they were for: due = delivered + waiting + dropped (without `refused`). */
  due: number;
  /** QoS 0 handed to a socket, QoS 1 and 2 acknowledged. */
  delivered: number;
  /** PUBLISH packets that could be read; with the wills: messagesIn + wills = accepted + repeated + refused. */
  messagesIn: number;
  /** Wills whose time had come. */
  wills: number;
  /** Taken over by the bus, or a retained command that was cleared. */
  accepted: number;
  /** QoS 2 messages that came again before they were released. */
  repeated: number;
  messagesOut: number;
  bytesIn: number;
  bytesOut: number;
  /** Packets of all kinds. */
  packetsIn: number;
  packetsOut: number;
  /** Streams that came in, and CONNECTs that were accepted. */
  sockets: number;
  connections: number;
  /** Connections that never became a client. */
  refusedConnections: number;
  /** The same by code; `left`: they went before they had said who they are. */
  readonly refusals: Tally;
  /** `dropped.refused` by code. */
  readonly refusedMessages: Tally;
  readonly dropped: DropCounts;
}

export function makeDrops(): DropCounts {
  return { expired: 0, full: 0, superseded: 0, tooLarge: 0, absent: 0, gone: 0, refused: 0 };
}

/** One more with this code. */
export function tally(counts: Tally, code: string): void {
  counts.set(code, (counts.get(code) ?? 0) + 1);
}

export function makeCounts(): BrokerCounts {
  return {
    clients: 0,
    mostClients: 0,
    sessions: 0,
    expiredSessions: 0,
    waitingBytes: 0,
    filterLevels: 0,
    due: 0,
    delivered: 0,
    messagesIn: 0,
    wills: 0,
    accepted: 0,
    repeated: 0,
    messagesOut: 0,
    bytesIn: 0,
    bytesOut: 0,
    packetsIn: 0,
    packetsOut: 0,
    sockets: 0,
    connections: 0,
    refusedConnections: 0,
    refusals: new Map(),
    refusedMessages: new Map(),
    dropped: makeDrops(),
  };
}
