import type { Value } from '../schemes/reading.ts';
import type { Step } from '../schemes/rules/step.ts';
import type { Cause } from './cause.ts';
import type { Hash } from './hash.ts';
import type { RuleState, StepRecord, TraceRecord } from './rule-state.ts';
import type { Timer } from './timers.ts';
import type { TestWatch } from './watches.ts';

/** One time that a rule does what it says. */
export interface Run {
  readonly state: RuleState;
  readonly part: 'else' | 'then';
  readonly cause: Cause;
  readonly seed: Hash;
  readonly trace: TraceRecord;
  /** All its lists; the first is the whole. */
  readonly threads: Thread[];
  /** Monotonic ms. */
  readonly startedAt: number;
  isOver: boolean;
}

/** A list of steps that is worked through; `parallel` and `scene` have lists of their own inside. */
export interface Thread {
  readonly run: Run;
  readonly steps: readonly Step[];
  /** Where the list is in the rule: `then`, `then.2.0`; parts of the ids of its actions. */
  readonly path: string;
  readonly parent: Thread | undefined;
  readonly depth: number;
  /** The step that comes next. */
  index: number;
  /** Outcomes and inner lists that it waits for. */
  open: number;
  hasFailed: boolean;
  isOver: boolean;
  timer: Timer | undefined;
  watch: TestWatch | undefined;
  /** The record of the step that it waits in. */
  record: StepRecord | undefined;
}

/** An action whose outcome a list waits for. */
export interface Pending {
  readonly thread: Thread;
  readonly record: StepRecord;
  /** Monotonic ms. */
  readonly at: number;
  readonly target: string;
  readonly value: Value | undefined;
}

export function makeThread(run: Run, options: Pick<Thread, 'depth' | 'parent' | 'path' | 'steps'>): Thread {
  const thread: Thread = {
    run,
    parent: options.parent,
    path: options.path,
    steps: options.steps,
    depth: options.depth,
    index: 0,
    open: 0,
    hasFailed: false,
    isOver: false,
    timer: undefined,
    watch: undefined,
    record: undefined,
  };
  run.threads.push(thread);
  return thread;
}
