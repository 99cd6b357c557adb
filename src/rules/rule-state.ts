import type { Value } from '../schemes/reading.ts';
import type { Rule } from '../schemes/rules/rule.ts';
import type { Step, Template } from '../schemes/rules/step.ts';
import type { Cause } from './cause.ts';
import type { WritePayload } from './compile-kit.ts';
import { addText, type Hash, makeHash } from './hash.ts';
import type { Mentions } from './prepare-terms.ts';
import type { Recent } from './recent.ts';
import type { Slot } from './slots.ts';
import type { Timer } from './timers.ts';
import type { StepRecord, TraceRecord } from './trace-record.ts';
import type { RuleTraces } from './traces.ts';
import type { Check } from './truth.ts';
import { TestWatch, type Watch } from './watches.ts';

/** The one message that a rule publishes and is done with: `quick.ts`. */
export interface Quick {
  /** A topic without terms, found good; undefined: it is put together each time. */
  readonly topic: string | undefined;
  readonly template: Template;
  readonly write: WritePayload;
  readonly retain: boolean;
  readonly qos: 0 | 1 | 2;
}

/** A compiled rule and all that it remembers. What only some rules need is made when it is needed. */
export interface RuleState {
  readonly rule: Rule;
  /** Which came when: the newer of two is paused when they fight. */
  readonly order: number;
  readonly seed: Hash;
  readonly reads: readonly Slot[];
  readonly mentions: Mentions;
  readonly watches: readonly Watch[];
  /** The condition; told of news only when it remembers something. */
  readonly condition: TestWatch | undefined;
  /** To ask it. */
  readonly check: Check | undefined;
  /** Made by the node, to count: many acts are no fault. */
  readonly isExempt: boolean;
  /** It only publishes one message; `quick` is made when it first does. */
  readonly isQuick: boolean;
  quick: Quick | undefined;
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
  /** Of a quick one: `lastRunOf`. */
  lastRun: number | undefined;
  lastFailure: string | undefined;
  /** Its failure was told, and it has not run well since. */
  isFailing: boolean;
  traces: RuleTraces | undefined;
  /** Its last acts, for the breaker. */
  acts: Recent | undefined;
}

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
  /** There was something left to do when it had to wait: a restart must know of it. */
  isKept: boolean;
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
  /** Ids of actions that it waited or waits for; those without an outcome are in `pending` of the machine. */
  ids: readonly string[];
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
