import type { CommandState } from '../schemes/command.ts';
import type { Value } from '../schemes/reading.ts';
import type { Rule } from '../schemes/rules/rule.ts';
import type { Cause } from './cause.ts';
import { addText, type Hash, makeHash } from './hash.ts';
import type { Run } from './run.ts';
import type { Slot } from './slots.ts';
import type { RuleTraces } from './traces.ts';
import { TestWatch, type Watch } from './watches.ts';

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

/** A compiled rule and all that it remembers. What only some rules need is made when it is needed. */
export interface RuleState {
  readonly rule: Rule;
  /** Which came when: the newer of two is paused when they fight. */
  readonly order: number;
  readonly seed: Hash;
  readonly reads: readonly Slot[];
  readonly watches: readonly Watch[];
  /** The condition; told of news only when it remembers something. */
  readonly condition: TestWatch | undefined;
  /** Made by the node, to count: many acts are no fault. */
  readonly isExempt: boolean;
  isPaused: boolean;
  isFlapping: boolean;
  /** Monotonic ms. */
  cooldownUntil: number;
  /** It ran since its `when` became true: `else` is due when that ends. */
  isElseDue: boolean;
  /** The turn in which it was last started. */
  turn: number;
  runs: readonly Run[];
  queue: readonly Cause[];
  today: number;
  /** Local day that `today` counts: its midnight. */
  day: number;
  lastRun: number | undefined;
  lastFailure: string | undefined;
  traces: RuleTraces | undefined;
  /** Monotonic ms of its last acts, for the breaker. */
  acts: number[] | undefined;
}

export const NO_RUNS: readonly Run[] = [];
export const NO_QUEUE: readonly Cause[] = [];

/** The test that stands at this place of `when`. */
export function testAt({ watches }: RuleState, trigger: number): TestWatch | undefined {
  return watches.find((watch): watch is TestWatch => watch instanceof TestWatch && watch.trigger === trigger);
}

export function seedOfRule(fingerprint: string): Hash {
  const hash = makeHash();
  addText(hash, fingerprint);
  return hash;
}
