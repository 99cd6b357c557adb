import type { Value } from '../schemes/reading.ts';
import type { Test } from '../schemes/rules/test.ts';
import { type CompileKit, makeDependence, type NextChange, type Tracker } from './compile-kit.ts';
import { compileTest } from './compile-test.ts';
import type { Now } from './now.ts';
import { isSame, type Slot, type Watcher } from './slots.ts';
import { makeTimer, type Timer, type Timers } from './timers.ts';
import { ForTracker } from './trackers.ts';
import { type Check, edgeOf, type Truth } from './truth.ts';

/** Who wants to know that a trigger spoke. `trigger` is its place in `when`. */
export interface WatchOwner {
  rose(trigger: number): void;
  fell(trigger: number): void;
  /** A `for` in it ended after so many ms, too early. */
  short?(trigger: number, ms: number): void;
}

/** A watch and what it listens to. */
export interface Watch extends Watcher {
  readonly slots: readonly Slot[];
}

const NO_TRACKERS: readonly Tracker[] = [];
const NO_CHANGES: readonly NextChange[] = [];

interface TestWatchOptions {
  readonly test: Test;
  readonly kit: CompileKit;
  readonly timers: Timers;
  readonly owner: WatchOwner;
  readonly trigger: number;
}

/** A test that is asked at each news of its points and when time may change it, and tells its edges. */
export class TestWatch implements Watch {
  readonly slots: readonly Slot[];
  readonly check: Check;
  readonly trackers: readonly Tracker[];
  readonly readsClock: boolean;
  /** Time alone can make it true again: windows, ages, the clock. */
  readonly isTimed: boolean;
  /** What it last said for certain. */
  known: Truth = undefined;
  /** How far a single comparison was away from true when it was nearest, and the wall ms of it. */
  nearest = Number.POSITIVE_INFINITY;
  nearestAt = 0;
  readonly #gap: (() => number) | undefined;
  readonly #now: Now;
  readonly #changes: readonly NextChange[];
  readonly #timer: Timer | undefined;
  /** It must be told of all news, not only asked: it remembers, or time changes it. */
  readonly isFollowing: boolean;
  readonly #timers: Timers;
  readonly #owner: WatchOwner;
  readonly trigger: number;

  constructor({ test, kit, timers, owner, trigger }: TestWatchOptions) {
    const dependence = makeDependence();
    this.check = kit.checks.take(test, () => compileTest(test, kit, dependence));
    this.slots = [...dependence.slots];
    this.trackers = dependence.trackers.length === 0 ? NO_TRACKERS : dependence.trackers;
    this.#changes = dependence.changes.length === 0 ? NO_CHANGES : dependence.changes;
    this.readsClock = dependence.readsClock;
    this.isTimed = dependence.changes.length > dependence.trackers.length;
    this.#timers = timers;
    this.#timer = this.#changes === NO_CHANGES ? undefined : makeTimer(() => this.heard());
    this.isFollowing = this.#timer !== undefined || this.trackers !== NO_TRACKERS;
    this.#owner = owner;
    this.#gap = dependence.gap;
    this.#now = kit.now;
    this.trigger = trigger;
  }

  heard(): void {
    if (this.isFollowing) this.#follow();
    const truth = this.check();
    if (truth === false && this.#gap !== undefined && !this.#isCounting()) this.#approach(this.#gap());
    if (truth === undefined || truth === this.known) return;
    if (truth) this.nearest = Number.POSITIVE_INFINITY;
    const edge = edgeOf(this.known, truth);
    this.known = truth;
    if (edge === 'rose') this.#owner.rose(this.trigger);
    else if (edge === 'fell') this.#owner.fell(this.trigger);
  }

  /** The comparison holds already, only its time is not over: it is not away from anything. */
  #isCounting(): boolean {
    return this.trackers.some((tracker) => tracker instanceof ForTracker && tracker.since !== undefined);
  }

  /** How near it came to its constant since it was last true. */
  #approach(gap: number): void {
    if (!(gap < this.nearest)) return;
    this.nearest = gap;
    this.nearestAt = this.#now.wall;
  }

  stop(): void {
    if (this.#timer !== undefined) this.#timers.clear(this.#timer);
  }

  #follow(): void {
    for (const tracker of this.trackers) {
      const shortMs = tracker.update();
      if (shortMs > 0) this.#owner.short?.(this.trigger, shortMs);
    }
    if (this.#timer === undefined) return;
    let next = Number.POSITIVE_INFINITY;
    for (const change of this.#changes) next = Math.min(next, change());
    this.#timers.set(this.#timer, next);
  }
}

/** Another value than before. Of a device that was away, its last good value counts. */
export class ChangeWatch implements Watch {
  readonly slots: readonly Slot[];
  readonly #on: 'changed' | 'falling' | 'rising';
  readonly #owner: WatchOwner;
  readonly #trigger: number;

  constructor(slot: Slot, on: 'changed' | 'falling' | 'rising', owner: { owner: WatchOwner; trigger: number }) {
    this.slots = [slot];
    this.#on = on;
    this.#owner = owner.owner;
    this.#trigger = owner.trigger;
  }

  heard(slot: Slot): void {
    if (!slot.isKnown || slot.before === undefined || isSame(slot.before, slot.value)) return;
    if (this.#on === 'changed' || isRise(slot.before, slot.value) === (this.#on === 'rising')) {
      this.#owner.rose(this.#trigger);
    }
  }
}

/** Undefined: not to be compared. */
function isRise(before: Value, value: Value | undefined): boolean | undefined {
  if (typeof before === 'number' && typeof value === 'number') return value > before;
  if (typeof before === 'boolean' && typeof value === 'boolean') return value;
  return undefined;
}

/** An event point speaks. */
export class EventWatch implements Watch {
  readonly slots: readonly Slot[];
  readonly #value: Value | undefined;
  readonly #owner: WatchOwner;
  readonly #trigger: number;

  constructor(slot: Slot, value: Value | undefined, owner: { owner: WatchOwner; trigger: number }) {
    this.slots = [slot];
    this.#value = value;
    this.#owner = owner.owner;
    this.#trigger = owner.trigger;
  }

  heard(slot: Slot): void {
    if (!slot.isKnown || (this.#value !== undefined && !isSame(this.#value, slot.value))) return;
    this.#owner.rose(this.#trigger);
  }
}
