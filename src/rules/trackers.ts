import type { Dependence, Tracker } from './compile-kit.ts';
import type { Now } from './now.ts';
import type { Check, Truth } from './truth.ts';

/**
 * True when `inner` has been true without a break for `ms`; false while it is not long enough; unknown when `inner` is, and
 * that ends the time. One that held before such a gap (or before a restart) stays unknown until it holds again or `inner`
 * is false: a sensor that was away for a moment must neither start the rule anew nor run its `else`.
 */
export function forTracker(inner: Check, ms: number, now: Now, dependence: Dependence): Check {
  const tracker = new ForTracker(inner, ms, now);
  dependence.trackers.push(tracker);
  dependence.changes.push(() => (tracker.reachAt > now.mono ? tracker.reachAt : NEVER));
  return () => tracker.check();
}

/** Monotonic ms that never come. */
const NEVER = Number.POSITIVE_INFINITY;

export class ForTracker implements Tracker {
  readonly ms: number;
  /** When it is long enough; `NEVER` while `inner` is not true. */
  reachAt = NEVER;
  readonly #inner: Check;
  readonly #now: Now;
  #heldBefore = false;

  constructor(inner: Check, ms: number, now: Now) {
    this.ms = ms;
    this.#inner = inner;
    this.#now = now;
  }

  update(): number {
    const inner = this.#inner();
    const mono = this.#now.mono;
    if (inner === true) {
      if (this.reachAt === NEVER) this.reachAt = mono + this.ms;
      return 0;
    }
    const shortMs = this.reachAt > mono && this.reachAt !== NEVER ? this.ms - (this.reachAt - mono) : 0;
    this.#heldBefore = inner === undefined && this.holds;
    this.reachAt = NEVER;
    return shortMs;
  }

  check(): Truth {
    const inner = this.#inner();
    if (inner !== true) return inner;
    if (this.reachAt <= this.#now.mono) return true;
    return this.#heldBefore ? undefined : false;
  }

  /** Since when `inner` is true, monotonic ms. */
  get since(): number | undefined {
    return this.reachAt === NEVER ? undefined : this.reachAt - this.ms;
  }

  get holds(): boolean {
    return this.#heldBefore || this.reachAt <= this.#now.mono;
  }

  recall(): void {
    this.#heldBefore = true;
  }
}

/** `compare(isOn)` knows the looser bound for a test that is true. */
export function hysteresisTracker(compare: (isOn: boolean) => Truth, dependence: Dependence): Check {
  let isOn = false;
  dependence.trackers.push({
    update() {
      isOn = compare(isOn) ?? isOn;
      return 0;
    },
    get holds() {
      return isOn;
    },
    recall() {
      isOn = true;
    },
  });
  return () => compare(isOn);
}
