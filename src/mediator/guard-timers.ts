import type { Clock } from '../kit/clock.ts';
import { type DueReason, dueOf, type GuardedPoint, isAway } from './guard-state.ts';
import { offLock, onLock } from './judge.ts';

export interface GuardTimersWorld {
  readonly clock: Clock;
  readonly points: () => Iterable<GuardedPoint>;
  readonly isReady: (device: string) => boolean;
  readonly onDue: (guarded: GuardedPoint, because: DueReason) => void;
  /** The wall clock was set: what is stored in wall time must be stored again. */
  readonly onDrift: () => void;
}

/** A switch back that failed is tried again after. */
const RETRY_MS = 5_000;
/** How soon a wall clock that was set is noticed. */
const LOOK_MS = 5_000;
const DRIFT_MS = 500;

/** One timer for all points: it switches back what is due. */
export class GuardTimers {
  readonly #world: GuardTimersWorld;
  #cancel: () => void = () => undefined;
  #offset: number;
  #isStopped = false;

  constructor(world: GuardTimersWorld) {
    this.#world = world;
    this.#offset = world.clock.now() - world.clock.mono();
  }

  stop(): void {
    this.#isStopped = true;
    this.#cancel();
  }

  /** To be called after each change of a state. */
  arm(): void {
    this.#cancel();
    if (this.#isStopped) return;
    const { clock, points } = this.#world;
    let next = Number.POSITIVE_INFINITY;
    const now = clock.mono();
    for (const guarded of points()) next = Math.min(next, this.#nextOf(guarded), lookAt(guarded, now));
    if (next === Number.POSITIVE_INFINITY) return;
    this.#cancel = clock.after(Math.min(Math.max(next - now, 0), LOOK_MS), () => this.#run());
  }

  #nextOf(guarded: GuardedPoint): number {
    const due = dueOf(guarded);
    return due === undefined ? Number.POSITIVE_INFINITY : Math.max(due.at, guarded.retryAt);
  }

  #run(): void {
    const { clock, points, isReady, onDue, onDrift } = this.#world;
    const now = clock.mono();
    const offset = clock.now() - now;
    if (Math.abs(offset - this.#offset) > DRIFT_MS) onDrift();
    this.#offset = offset;
    for (const guarded of points()) {
      const due = dueOf(guarded);
      if (due === undefined || this.#nextOf(guarded) > now) continue;
      guarded.retryAt = now + RETRY_MS;
      if (isReady(guarded.device)) onDue(guarded, due.because);
    }
    this.arm();
  }
}

/** What is stored in wall time and still holds: somebody must look whether the wall clock was set. */
function lookAt(guarded: GuardedPoint, now: number): number {
  const lock = isAway(guarded) ? onLock(guarded) : offLock(guarded, now);
  const { manualUntil = 0 } = guarded.state;
  return Math.max(lock?.until ?? 0, manualUntil) > now ? now + LOOK_MS : Number.POSITIVE_INFINITY;
}
