import type { CommandState } from '../schemes/command.ts';
import type { Value } from '../schemes/reading.ts';
import type { Slot } from './slots.ts';

/** One step of a trace, changed when its outcome is told. */
export interface StepRecord {
  readonly text: string;
  /** Wall ms. */
  readonly at: number;
  state: CommandState;
  ms?: number;
  why?: string;
}

/** Why it came to nothing. */
export type DullResult = 'condition' | 'cooldown' | 'ignored' | 'paused' | 'short';
export type RunResult = 'acted' | 'failed' | DullResult;

const NO_VALUES: readonly (Value | null)[] = [];

/** What the points of a rule are now. */
export function valuesOf(slots: readonly Pick<Slot, 'isKnown' | 'value'>[]): readonly (Value | null)[] {
  if (slots.length === 0) return NO_VALUES;
  return slots.map((slot) => (slot.isKnown ? (slot.value ?? null) : null));
}

/** A trace before anybody looks: values in the order of what the rule reads. */
export interface TraceRecord {
  /** A dull one is written over by the next of its hour. */
  at: number;
  result: RunResult;
  cause: string;
  values: readonly (Value | null)[];
  readonly steps: StepRecord[];
  fingerprint: string;
}
