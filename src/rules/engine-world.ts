import type { CommandMode, CommandState } from '../schemes/command.ts';
import type { Quality, Value } from '../schemes/reading.ts';
import type { RuleBook } from '../schemes/rules/rule.ts';
import type { Subject } from '../schemes/rules/test.ts';

/** The time at which something happens, given with each call: the engine owns no clock. */
export interface Moment {
  /** Monotonic ms: all timers, windows and `for` count in it. */
  readonly mono: number;
  /** ms since 1970. */
  readonly wall: number;
  /** False while nobody has set the clock: schedules wait. */
  readonly isTrusted: boolean;
}

/** News for the rules. Names are full: `kitchen.air.temperature`, `home.mode`. */
export type News =
  | {
      readonly kind: 'reading';
      readonly point: string;
      readonly value: Value;
      readonly quality: Quality;
      /** Deterministic command ids are made of these. */
      readonly epoch: number;
      readonly sequence: number;
    }
  | {
      readonly kind: 'event';
      readonly point: string;
      readonly value: Value;
      readonly epoch: number;
      readonly sequence: number;
    }
  | { readonly kind: 'presence'; readonly subject: Subject; readonly isHere: boolean }
  | { readonly kind: 'message'; readonly topic: string; readonly payload: string }
  | { readonly kind: 'start' };

/** Something a rule wants done. `id` is the same for the same cause, so an executor runs it once. */
export type Action =
  | {
      readonly kind: 'command';
      readonly id: string;
      readonly rule: string;
      readonly target: string;
      readonly value: Value;
      readonly mode?: CommandMode;
      readonly ttlMs?: number;
      readonly forMs?: number;
    }
  | {
      readonly kind: 'variable';
      readonly id: string;
      readonly rule: string;
      readonly variable: string;
      readonly value: Value;
    }
  | {
      readonly kind: 'publish';
      readonly id: string;
      readonly rule: string;
      readonly topic: string;
      readonly payload: string;
      readonly retain: boolean;
      readonly qos: 0 | 1 | 2;
    }
  | {
      readonly kind: 'service';
      readonly id: string;
      readonly rule: string;
      readonly service: string;
      readonly args: Readonly<Record<string, Value>>;
    };

/** What became of an action; a list of steps goes on when it is told. */
export interface Outcome {
  readonly id: string;
  readonly state: CommandState;
  readonly why?: string;
}

/** What the engine needs from outside. Both are called inside `engine.tell`, `tick` and `outcome`, never later. */
export interface EngineWorld {
  act(action: Action): void;
  /** Something that must survive a restart has changed: `snapshot` should be stored soon. */
  onChange(): void;
  /** A rule was paused because it flapped, a rule failed: once per change, for the log and a point. */
  onNotice(notice: Notice): void;
  /** IANA name, `Europe/Amsterdam`. */
  readonly timeZone: string;
  /** Degrees north and east; without it `sun` is unknown and sun triggers do not fire. */
  readonly location?: readonly [number, number];
  readonly node: string;
  /** Counts the starts of this node: part of the ids of what has no epoch of its own (messages, a person). */
  readonly epoch?: number;
  /** The unit of a point, for the words of `why`. */
  unitOf?(point: string): string | undefined;
  /** Whether a command to the point is an act of its own, never to be repeated after a restart. Unsaid: it is. */
  isOnce?(point: string): boolean;
  /**
   * A test of a rule, where time begins with the first value: what is true at first sight has just become so, and values
   * that are given at the time of a schedule come before it.
   */
  readonly isRehearsal?: boolean;
}

export interface Notice {
  readonly rule: string;
  readonly code: string;
  readonly message: string;
  readonly fix?: string;
}

/** The rules of one node. Nothing in it waits, reads a clock or throws for what is in a rule. */
export interface Engine {
  /**
   * Runs just these rules. One with the fingerprint it had goes on untouched: its `for`, its windows, its timers, its
   * running steps. Rules that are gone end; what they started on hardware stays.
   */
  load(book: RuleBook, moment: Moment): void;
  tell(news: News, moment: Moment): void;
  outcome(outcome: Outcome, moment: Moment): void;
  /** Does what is due. */
  tick(moment: Moment): void;
  /** Monotonic ms of the next due thing; undefined: nothing. */
  readonly nextAt: number | undefined;
  /** Switches a rule off and on; kept over restarts. False: no such rule. */
  enable(rule: string, on: boolean, moment: Moment): boolean;
  /** Runs the actions alone, whatever `when` and `if` say. */
  run(rule: string, moment: Moment): boolean;
  /** MQTT filters that its rules listen to. */
  readonly filters: readonly string[];
  /** Every point and variable that its rules mention, sorted: only their readings are news for it. */
  readonly points: readonly string[];
  /** What is known of a point from before, oldest first, for its windows. Starts nothing. Before the first reading. */
  recall(point: string, readings: Iterable<{ readonly mono: number; readonly value: Value }>): void;
  /** Points that windows need from history after a start: how far back; ms. */
  readonly windows: ReadonlyMap<string, number>;
  why(rule: string, moment: Moment): Explanation | undefined;
  list(moment: Moment): readonly RuleStatus[];
  /** JSON: timers with their deadlines, running steps, last fired schedules, paused rules, traces. */
  snapshot(moment: Moment): unknown;
  /** Before `load`. What does not fit is left out. */
  restore(stored: unknown, moment: Moment): void;
}

export interface RuleStatus {
  readonly rule: string;
  readonly about?: string;
  /** `paused`: by a person; `flapping`: by the breaker; `waiting`: for a point that was never seen. */
  readonly state: 'flapping' | 'paused' | 'ready' | 'running' | 'waiting';
  readonly when: readonly string[];
  /** Runs since local midnight. */
  readonly today: number;
  /** Wall ms. */
  readonly lastRun?: number;
  /** Why the last run failed, until it has run well again. */
  readonly lastFailure?: string;
}

/** One run, or why there was none. */
export interface Trace {
  /** Wall ms. */
  readonly at: number;
  readonly result: 'acted' | 'condition' | 'cooldown' | 'failed' | 'ignored' | 'paused' | 'short';
  /** In words: what started it. */
  readonly cause: string;
  /** Values of the points that it read then. */
  readonly values: Readonly<Record<string, Value | null>>;
  readonly steps: readonly {
    readonly text: string;
    readonly at: number;
    readonly state: CommandState;
    readonly ms?: number;
    readonly why?: string;
  }[];
  /** Of the rule that ran. */
  readonly fingerprint: string;
}

export interface Explanation extends RuleStatus {
  /** Each test of `when` and `if` with what it needs, and what it is now. */
  readonly tests: readonly TestNow[];
  readonly last?: Trace;
  /** The nearest that it came to running without doing so. */
  readonly nearest?: { readonly at: number; readonly text: string };
  /** What would have to change, in words. */
  readonly next: string;
  /** Newest first: 20 that acted, 20 that failed, one per hour of the rest. */
  readonly traces: readonly Trace[];
}

export interface TestNow {
  readonly part: 'if' | 'when';
  readonly text: string;
  /** Null: unknown. */
  readonly holds: boolean | null;
  readonly now: Readonly<Record<string, Value | null>>;
  /** What is still missing, in words. */
  readonly needs?: string;
}
