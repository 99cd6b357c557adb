/** What a chaos run writes down: what was asked, what was answered, what the hardware did. Times: CLOCK_MONOTONIC, ms. */
export interface Sent {
  readonly id: string;
  /** Unique over the whole run: the hardware can be matched with the command. */
  readonly value: number;
  readonly mode: 'once' | 'set';
  readonly at: number;
  /** The same by the wall clock, ms since 1970. */
  readonly wall: number;
  readonly ttlMs: number;
  /** The command itself says when it was given, so its deadline is known outside too. */
  readonly isTimed: boolean;
}

export interface Answer {
  readonly id: string;
  readonly state: string;
  /** The reason, when there is one. */
  readonly code?: string | undefined;
  readonly at: number;
  /** Between two ends of the node. */
  readonly life: number;
}

export interface Act {
  readonly value: number;
  readonly at: number;
}

export interface Job {
  readonly payload: string;
  /** When its PUBACK came. */
  readonly acknowledgedAt: number;
}

/** A command whose PUBACK came: the node has it. */
export interface Taken {
  readonly id: string;
  readonly at: number;
}

/** From an open session to the end of the node. */
export interface Span {
  readonly from: number;
  readonly to: number;
}

/** `sync` records of the outbox, as the process that has it told outside the data folder. */
export interface Records {
  /** When `add` had resolved. */
  readonly accepted: readonly { readonly id: string; readonly at: number }[];
  /** What a reader brought in a later life. */
  readonly found: ReadonlySet<string>;
}

/** All that happened, from the outside. */
export interface Story {
  readonly sent: readonly Sent[];
  readonly taken: readonly Taken[];
  readonly lives: readonly Span[];
  readonly records: Records;
  readonly answers: readonly Answer[];
  readonly acts: readonly Act[];
  readonly jobs: readonly Job[];
  readonly heard: ReadonlySet<string>;
  /** `topic e s` of each reading, in the order heard. */
  readonly readings: readonly (readonly [topic: string, epoch: number, sequence: number])[];
}

/** CLOCK_MONOTONIC in ms: the same in all processes of this machine. */
export function machineMs(): number {
  return Number(process.hrtime.bigint()) / 1e6;
}
