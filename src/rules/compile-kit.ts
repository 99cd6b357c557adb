import type { LocalTime } from './local-time.ts';
import type { Now } from './now.ts';
import type { SharedCode } from './shared-code.ts';
import type { Slot, Slots } from './slots.ts';
import type { Sun } from './sun.ts';
import type { Check } from './truth.ts';

/** What the closures of rules are made of. */
export interface CompileKit {
  readonly now: Now;
  readonly slots: Slots;
  readonly time: LocalTime;
  readonly sun: Sun | undefined;
  readonly checks: SharedCode<Check>;
  readonly writers: SharedCode<WritePayload>;
}

/** The payload of a message now; undefined: a value of it is unknown. */
export type WritePayload = () => string | undefined;

/** A test that remembers: `for` and hysteresis. Told of the present before the test around it is asked; inner ones first. */
export interface Tracker {
  /** A `for` that ended before it was enough says how long it was true, ms; otherwise 0. */
  update(): number;
  /** Whether it holds: what survives a restart. */
  readonly holds: boolean;
  /** It held before a restart. */
  recall(): void;
}

/** Monotonic ms at which a test may change without news. */
export type NextChange = () => number;

/** What a test depends on, collected while it is compiled. */
export interface Dependence {
  readonly slots: Set<Slot>;
  readonly trackers: Tracker[];
  readonly changes: NextChange[];
  /** It reads the time of the day: it must be asked again when the clock is set. */
  readsClock: boolean;
  /** Of a single comparison with a constant: how far away it is; NaN: unknown. */
  gap: (() => number) | undefined;
}

export const makeDependence = (): Dependence => ({
  slots: new Set(),
  trackers: [],
  changes: [],
  readsClock: false,
  gap: undefined,
});
