import type { CommandState } from '../schemes/command.ts';
import type { Value } from '../schemes/reading.ts';

/** One step of a trace, changed when its outcome is told. */
export interface StepRecord {
  readonly text: string;
  /** Wall ms. */
  readonly at: number;
  state: CommandState;
  ms?: number;
  why?: string;
}

export type RunResult = 'acted' | 'condition' | 'cooldown' | 'failed' | 'ignored' | 'paused' | 'short';

/** A trace before anybody looks: values in the order of what the rule reads. */
export interface TraceRecord {
  readonly at: number;
  result: RunResult;
  readonly cause: string;
  readonly values: readonly (Value | null)[];
  readonly steps: StepRecord[];
  readonly fingerprint: string;
}
