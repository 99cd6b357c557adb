import type { CommandMode } from '../command.ts';
import type { Value } from '../reading.ts';
import type { Step } from './step.ts';
import type { Subject, Test } from './test.ts';

/** What can start a rule. All times of the day are those of the home's time zone. */
export type Trigger =
  /** The test becomes true; it was false before, unknown in between or not. True at first sight does not fire. */
  | { readonly on: 'test'; readonly test: Test }
  /** An event point speaks: `button.pressed`. `value`: only this one. */
  | { readonly on: 'event'; readonly point: string; readonly value?: Value }
  /** A good reading with another value than before; `rising`: a larger one or off to on; `falling` the other way. */
  | { readonly on: 'changed' | 'falling' | 'rising'; readonly point: string }
  /** ms after local midnight. */
  | { readonly on: 'clock'; readonly atMs: number }
  | { readonly on: 'cron'; readonly pattern: string }
  | {
      readonly on: 'sun';
      readonly event: 'dawn' | 'dusk' | 'noon' | 'sunrise' | 'sunset';
      readonly offsetMs: number;
    }
  /** Whole multiples of the time since local midnight; longer than a day: since 1970, so a restart moves nothing. */
  | { readonly on: 'every'; readonly ms: number }
  | { readonly on: 'gone' | 'back'; readonly subject: Subject }
  /** A message on any topic of the broker, by an MQTT filter. */
  | { readonly on: 'message'; readonly filter: string }
  /** The node has started and its devices were read once. */
  | { readonly on: 'start' };

/** Its words as a person wrote them, for messages and for `why`. */
export interface Worded {
  readonly text: string;
}

/** One rule, checked: names are whole, constants are in the unit of the point beside them. Only `rules/` runs it. */
export interface Rule {
  readonly name: string;
  readonly about?: string;
  /** Any of them starts it. */
  readonly when: readonly (Trigger & Worded)[];
  readonly if?: Test & Worded;
  readonly then: readonly Step[];
  /** Run when `when`, a single test, stops being true after the rule ran. */
  readonly else: readonly Step[];
  readonly cooldownMs: number;
  readonly mode: 'ignore' | 'parallel' | 'queue' | 'restart';
  /** A schedule that was missed (power cut, clock set) runs once if it is not older. Default 0: never. */
  readonly catchupMs: number;
  readonly runOn?: string;
  /** Every point and variable that it reads, sorted, full names. */
  readonly reads: readonly string[];
  /** Every point and variable that it writes. */
  readonly writes: readonly string[];
  /** A hash of what it means: a rule with the same one goes on untouched when a scheme is applied. */
  readonly fingerprint: string;
}

/** What a test in a scheme says (`tests:`), checked. */
export interface RuleTest {
  readonly rule: string;
  /** In order; each holds for `forMs` of virtual time (0: the next follows at once). */
  readonly given: readonly Given[];
  /** Local time of the day at the start of the last `given` step; ms after midnight. */
  readonly timeMs?: number;
  /** Local date `2026-03-29`; default: a winter Monday. */
  readonly date?: string;
  /** Virtual time that passes after the last step. */
  readonly afterMs: number;
  /** Exactly these commands, in order; empty: it must do nothing. */
  readonly expect: readonly Expected[];
}

export interface Given {
  /** Point, event or variable by full name; `value` undefined: no reading (gone). */
  readonly values: ReadonlyMap<string, Value | undefined>;
  readonly forMs: number;
}

export interface Expected {
  /** Full name of a point or variable, `service:mail`, `topic:a/b`, `scene:evening`, `rule:water`. */
  readonly target: string;
  /** Undefined: any value. */
  readonly value?: unknown;
  readonly forMs?: number;
  readonly mode?: CommandMode;
}

/** What a scene sets, and what a group holds. */
export interface Scene {
  readonly name: string;
  readonly steps: readonly Step[];
}

export interface Group {
  readonly name: string;
  /** Full names of points that take the same kind of value. */
  readonly members: readonly string[];
}

/** A variable of the home: `home.mode`. */
export interface Variable {
  readonly name: string;
  readonly type: 'boolean' | 'enum' | 'number' | 'text';
  readonly unit?: string;
  /** The words of an enum. */
  readonly values?: readonly string[];
  readonly initial?: Value;
  /** Event or test whose becoming true is counted. */
  readonly counter?: Trigger & Worded;
  /** When a counter starts again at 0, by local time. */
  readonly reset?: 'daily' | 'monthly' | 'never' | 'weekly' | 'yearly';
}

/** All that rules of a scheme are, after the check. */
export interface RuleBook {
  readonly rules: readonly Rule[];
  readonly scenes: readonly Scene[];
  readonly groups: readonly Group[];
  readonly variables: readonly Variable[];
  readonly tests: readonly RuleTest[];
  /** Rules that cannot run yet, since a point of theirs has not been seen: name and what is missing. */
  readonly waiting: readonly { readonly rule: string; readonly missing: readonly string[] }[];
}

export const EMPTY_BOOK: RuleBook = { rules: [], scenes: [], groups: [], variables: [], tests: [], waiting: [] };
