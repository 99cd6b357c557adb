import type { Scene } from '../schemes/rules/rule.ts';
import type { PayloadSource } from '../schemes/rules/step.ts';
import type { Term } from '../schemes/rules/test.ts';
import type { Breaker, Flap } from './breaker.ts';
import type { CompileKit, WritePayload } from './compile-kit.ts';
import type { Evaluate } from './compile-term.ts';
import type { EngineWorld } from './engine-world.ts';
import type { Crons } from './instants.ts';
import type { Pending, RuleState, Run, Thread } from './rule-state.ts';
import type { Schedules } from './schedules.ts';
import type { Stored } from './stored.ts';
import type { Timers } from './timers.ts';
import type { TopicIndex } from './topic-index.ts';
import type { TestWatch, Watch } from './watches.ts';

/** The parts of one engine, for the functions that work on it. */
export interface Machine {
  readonly world: EngineWorld;
  readonly kit: CompileKit;
  readonly timers: Timers;
  readonly states: Map<string, RuleState>;
  readonly topics: TopicIndex;
  /** Tests to be asked again when the clock is set. */
  readonly clockWatches: Set<TestWatch>;
  readonly schedules: Schedules;
  readonly crons: Crons;
  scenes: ReadonlyMap<string, Scene>;
  /** Rules that wait for points that were never seen, with those. */
  waiting: ReadonlyMap<string, readonly string[]>;
  /** Actions whose outcome a list waits for, by id. */
  readonly pending: Map<string, Pending>;
  readonly breaker: Breaker;
  /** Terms in steps, compiled when a rule first needs them. */
  readonly evaluators: WeakMap<Term, Evaluate>;
  /** Payloads of messages likewise. */
  readonly payloads: WeakMap<PayloadSource, WritePayload>;
  /** Topics that rules published, with the rules that led there: a message on them has a history. */
  readonly echoes: Map<string, { readonly at: number; readonly chain: readonly string[] }>;
  /** From before the restart, for rules that are loaded. */
  stored: Stored | undefined;
  /** Waits from before the restart, whose end is known when the clock is set; wall ms. */
  readonly onTrust: { readonly thread: Thread; readonly until: number }[];
  /** Counts messages and manual starts, which have no number of their own. */
  count: number;
  /** Counts rules as they come: the newer one gives way. */
  loaded: number;
  /** Goes on with a list: `steps.ts`. */
  advance(thread: Thread): void;
  /** Puts a watch to its points, and takes it away. */
  watch(watch: Watch): void;
  unwatch(watch: Watch): void;
  /** Switches a rule on or off. */
  enable(rule: string, on: boolean): boolean;
  /** Pauses a rule that flaps. */
  pause(flap: Flap): void;
  /** A run is over: `starting.ts` takes the next of the queue. */
  ended(run: Run): void;
}
