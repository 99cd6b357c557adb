import type { Value } from './reading.ts';

/** `set`: a wish for a state, harmless to repeat within its deadline. `once`: an act that must never happen twice. */
export type CommandMode = 'once' | 'set';

/** What becomes of a command. All but `received`, `accepted` and `running` are final; each command gets just one of them. */
export type CommandState =
  | 'received'
  | 'accepted'
  | 'running'
  | 'done'
  | 'failed'
  | 'rejected'
  | 'expired'
  | 'superseded'
  | 'unknown';

export const FINAL_STATES: readonly CommandState[] = ['done', 'failed', 'rejected', 'expired', 'superseded', 'unknown'];

/** The payload of `.../$cmd`. Only `v` is needed. */
export interface CommandText {
  /** At most 64 characters; the same id is never executed twice. Made by the node when it is left out. */
  readonly id?: string;
  readonly v: unknown;
  /** ms or `5s`; default 5 s for `once`, 30 s for `set`; at most 1 h. */
  readonly ttl?: number | string;
  /** When it was given, ms since 1970: the deadline counts from then, so what lay in a queue is refused. */
  readonly at?: number;
  readonly mode?: CommandMode;
  /** Who wants it, for the journal: `rule:water`, `dashboard:ann`. */
  readonly by?: string;
  /** Back to the state of rest after so long: ms or `20s`. A new timed command replaces the timer. */
  readonly for?: number | string;
}

/** The payload of `.../$ack`. */
export interface CommandAck {
  readonly id: string;
  readonly st: CommandState;
  /** Why it is not done, in words. */
  readonly why?: string;
  /** The code of a refusal, for `hanbus explain`. */
  readonly code?: string;
  /** The value that was written, when it is done. */
  readonly v?: Value;
}

/** A command that passed the border: its value fits the point, its deadline is monotonic time of this node. */
export interface Command {
  readonly id: string;
  readonly device: string;
  readonly point: string;
  readonly value: Value;
  readonly mode: CommandMode;
  /** Monotonic ms: never executed after. */
  readonly deadline: number;
  /** Who put it on the bus: `mqtt:client-7`, `rules`. */
  readonly origin: string;
  readonly by: string;
  readonly forMs?: number;
}

/** Limits that a person sets on an output; `mediator/` keeps them whoever commands. Times in ms. */
export interface Guards {
  /** State at the start, after a crash, and when the dead man's time is over. */
  readonly safe?: Value;
  /** What a restart does: `safe` (default when `safe` is given), `last` value, or `leave` the hardware as it is. */
  readonly restore?: 'last' | 'leave' | 'safe';
  /** Longest time away from the state of rest; then it is switched back. */
  readonly maxOnMs?: number;
  readonly minOnMs?: number;
  readonly minOffMs?: number;
  /** Switches away from rest in any 60 minutes. */
  readonly maxPerHour?: number;
  /** Name of a group of which one member at most may be on. */
  readonly interlock?: string;
  /** Time that must pass between one member of the interlock going off and another going on. Default 0. */
  readonly interlockWaitMs?: number;
  /** Condition of the rule language that must hold to leave the state of rest. */
  readonly onlyIf?: string;
  /** After a person switched it by hand, rules leave it alone so long. */
  readonly manualMs?: number;
  /** Without a new command within this time it goes to `safe`. */
  readonly deadManMs?: number;
  /** Default mode of its commands. */
  readonly mode?: CommandMode;
  /** Commands per second that are taken from one issuer. Default 50; 1 for `once`. */
  readonly rate?: number;
}

/** A value on its way to the hardware, after all guards. */
export interface WriteOrder {
  readonly device: string;
  readonly point: string;
  readonly value: Value;
  /** Monotonic ms: when the device is not free before, it is not written at all. */
  readonly deadline: number;
}

/** `late`: it never began; `refused`: the driver cannot do it; `failed`: it was tried, and may have happened. */
export type WriteResult =
  | { readonly done: true; readonly value: Value }
  | { readonly done: false; readonly how: 'failed' | 'late' | 'refused'; readonly code: string; readonly why: string };

/** Writes one value to an open device, in the order asked for each device. Never rejects. */
export type Write = (order: WriteOrder) => Promise<WriteResult>;
