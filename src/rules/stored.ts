import type { Value } from '../schemes/reading.ts';
import type { Cause } from './cause.ts';
import type { TraceRecord } from './trace-record.ts';
import type { RuleTraces } from './traces.ts';

/** What a snapshot says, in JSON. All times are wall ms. Read with care: the file may be old, cut or of a later version. */
export interface StoredList {
  readonly path: string;
  /** Place of the list around it; -1: none. */
  readonly parent: number;
  readonly index: number;
  readonly hasFailed: boolean;
  /** End of a `wait` or `waitFor`; absent: it waits for outcomes or inner lists. */
  readonly until?: number;
  /** Place in the trace of the step that it waits in. */
  readonly record?: number;
  /** Actions without an outcome: id, target, value, place in the trace. */
  readonly pending: readonly StoredPending[];
}

export interface StoredPending {
  readonly id: string;
  readonly target: string;
  readonly value: Value | null;
  readonly record: number;
}

export interface StoredRun {
  readonly part: 'else' | 'then';
  readonly cause: Cause;
  readonly trace: TraceRecord;
  readonly lists: readonly StoredList[];
}

export interface StoredSchedule {
  readonly trigger: number;
  readonly through: number;
  readonly fired: readonly number[];
}

export interface StoredRule {
  readonly name: string;
  readonly fingerprint: string;
  readonly isPaused: boolean;
  readonly isFlapping: boolean;
  readonly cooldownUntil: number | undefined;
  readonly isElseDue: boolean;
  /** By place among its watches: what each test said last, and which of its trackers held. */
  readonly known: readonly (readonly [watch: number, said: boolean])[];
  readonly held: readonly (readonly [watch: number, tracker: number])[];
  readonly today: number;
  readonly day: number;
  readonly lastRun: number | undefined;
  readonly lastFailure: string | undefined;
  readonly schedules: readonly StoredSchedule[];
  readonly runs: readonly StoredRun[];
  readonly queue: readonly Cause[];
  readonly traces: StoredTraces;
}

export type StoredTraces = Pick<RuleTraces, 'acted' | 'dull' | 'failed'>;

export interface Stored {
  readonly wall: number;
  readonly isTrusted: boolean;
  /** By name. */
  readonly rules: Map<string, StoredRule>;
}
