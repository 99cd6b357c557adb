import type { Instants } from './instants.ts';
import type { Now } from './now.ts';
import type { RuleState } from './rule-state.ts';

/** A schedule is this late at most without being a missed one; ms. */
const LATE_MS = 60_000;
/** A clock that was set back by more than this was wrong before: what it said then does not hold. */
const WRONG_MS = 3 * 3_600_000;
/** Instants that are remembered one by one. */
const MOST_FIRED = 32;
/** Looked at so often at least while there are schedules: the clock may be set, or run ten times too fast. */
const LOOK_MS = 5_000;
/** How far back a missed instant is looked for, in steps: the newest is wanted. */
const BACK_MS = [60_000, 3_600_000, 86_400_000];
const SET_BACK_MS = 1_000;
/** Clocks of whole ms tremble. */
const STEADY_MS = 5;
const NEVER = Number.POSITIVE_INFINITY;

/** A trigger by the clock. All times are wall ms. */
export interface Schedule {
  readonly state: RuleState;
  readonly trigger: number;
  readonly instants: Instants;
  /** Of `every`: it goes by the monotonic clock while the other is not trusted. */
  readonly everyMs: number | undefined;
  /** The next instant; `NEVER`: there is none. */
  next: number;
  /** All instants up to here are dealt with; NaN: it was never planned. */
  through: number;
  /** The last instants at which it fired, oldest first. */
  fired: readonly number[];
  /** Monotonic ms of the next turn of an `every` without a clock; NaN: none. */
  freeAt: number;
}

export type Fire = (schedule: Schedule, instant: number | undefined) => void;

const NONE: readonly number[] = [];

export const makeSchedule = (what: Pick<Schedule, 'everyMs' | 'instants' | 'state' | 'trigger'>): Schedule => ({
  ...what,
  next: NEVER,
  through: Number.NaN,
  fired: NONE,
  freeAt: Number.NaN,
});

/**
 * Triggers by the clock. While the clock is not trusted they wait (`every` goes on by the monotonic clock). An instant that
 * is up to a minute old fires; an older one is missed, and the newest missed one fires once when it is not older than the
 * rule's `catchup`. No instant fires twice: a clock that was set back up to 3 h is waited for; one that was set back by
 * more was wrong before, and counts from now, without the last 32 instants at which it fired.
 */
export class Schedules {
  #list: readonly Schedule[] = [];
  /** The earliest of all. */
  #next = NEVER;
  #seen = Number.NaN;
  /** Wall ms before the last leap forward. */
  #leftAt = Number.NaN;
  #isStale = true;
  #byRule: ReadonlyMap<RuleState, readonly Schedule[]> = new Map();
  #told = NEVER;
  readonly #fire: Fire;

  constructor(fire: Fire) {
    this.#fire = fire;
  }

  /** Wall ms when it last looked; -Infinity: it never could. */
  get seen(): number {
    return Number.isNaN(this.#seen) ? Number.NEGATIVE_INFINITY : this.#seen;
  }

  of(state: RuleState): readonly Schedule[] {
    return this.#byRule.get(state) ?? [];
  }

  set(list: readonly Schedule[]): void {
    this.#list = list;
    this.#byRule = Map.groupBy(list, ({ state }) => state);
    this.#isStale = true;
  }

  /** Fires what is due. */
  run(now: Now): void {
    if (this.#list.length === 0) return;
    if (!now.isTrusted) {
      this.#runFree(now.mono);
      return;
    }
    if (now.wall < this.#seen - SET_BACK_MS) this.#setBack(now.wall);
    else if (now.wall > this.#seen + LATE_MS) this.#leftAt = this.#seen;
    this.#seen = now.wall;
    if (this.#isStale) this.#planAll(now.wall);
    if (now.wall >= this.#next) this.#runDue(now.wall);
  }

  /** Monotonic ms at which `run` has something to do. */
  nextAt(now: Now): number {
    if (this.#list.length === 0) return NEVER;
    const at = now.isTrusted
      ? now.mono + Math.min(Math.max(this.#next - now.wall, 0), LOOK_MS)
      : this.#list.reduce((least, { freeAt }) => (freeAt < least ? freeAt : least), now.mono + LOOK_MS);
    // The same answer as long as it is good enough, so that nobody sets a timer anew for each message.
    if (!(this.#told > now.mono && this.#told <= at + STEADY_MS)) this.#told = at;
    return this.#told;
  }

  #runDue(wall: number): void {
    for (const schedule of this.#list) {
      if (schedule.next > wall) continue;
      const instant = newestMissed(schedule, wall);
      schedule.through = wall;
      plan(schedule);
      if (instant === undefined) continue;
      schedule.fired = [...schedule.fired, instant].slice(-MOST_FIRED);
      this.#fire(schedule, instant);
    }
    this.#findNext();
  }

  #planAll(wall: number): void {
    this.#isStale = false;
    for (const schedule of this.#list) {
      // Never planned, or stored by a clock that was wrong.
      if (!(schedule.through - wall <= WRONG_MS)) schedule.through = wall;
      schedule.freeAt = Number.NaN;
      plan(schedule);
    }
    this.#findNext();
  }

  #findNext(): void {
    this.#next = this.#list.reduce((least, { next }) => Math.min(least, next), NEVER);
  }

  /** What passed while the clock was wrong before it leapt is looked at again. */
  #setBack(wall: number): void {
    const since = this.#leftAt <= wall ? this.#leftAt : wall;
    for (const schedule of this.#list) if (schedule.through - wall > WRONG_MS) schedule.through = since;
    this.#isStale = true;
  }

  #runFree(mono: number): void {
    this.#isStale = true;
    for (const schedule of this.#list) {
      if (schedule.everyMs === undefined) continue;
      if (schedule.freeAt <= mono) this.#fire(schedule, undefined);
      if (!(schedule.freeAt > mono)) schedule.freeAt = mono + schedule.everyMs;
    }
  }
}

function plan(schedule: Schedule): void {
  let at = schedule.instants.next(schedule.through);
  while (schedule.fired.includes(at)) at = schedule.instants.next(at);
  schedule.next = at;
}

/** The newest instant up to `wall` that is not dealt with, when it is young enough to fire. */
function newestMissed({ instants, through, state, fired }: Schedule, wall: number): number | undefined {
  const oldest = Math.max(through, wall - Math.max(LATE_MS, state.rule.catchupMs) - 1);
  for (const back of [...BACK_MS, NEVER]) {
    let found: number | undefined;
    for (let at = instants.next(Math.max(oldest, wall - back)); at <= wall; at = instants.next(at)) {
      if (!fired.includes(at)) found = at;
    }
    if (found !== undefined || wall - back <= oldest) return found;
  }
  return undefined;
}
