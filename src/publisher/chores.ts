import type { Cancel, Clock } from '../kit/clock.ts';
import type { Point } from './point.ts';

const NEVER = Number.POSITIVE_INFINITY;

/** What the points of a device have to do between readings: late changes, staleness, heartbeats. One timer for all. */
export class Chores {
  readonly #clock: Clock;
  readonly #points: () => Iterable<Point>;
  #armedFor = NEVER;
  #cancel: Cancel | undefined;
  #isStopped = false;

  constructor(clock: Clock, points: () => Iterable<Point>) {
    this.#clock = clock;
    this.#points = points;
  }

  /** Something may have become due earlier than before. What became due later shows when the timer runs. */
  arm(): void {
    if (this.#isStopped) return;
    let due = NEVER;
    for (const point of this.#points()) due = Math.min(due, point.dueAt());
    if (due >= this.#armedFor) return;
    this.#cancel?.();
    this.#armedFor = due;
    this.#cancel = this.#clock.after(due - this.#clock.mono(), () => this.#run());
  }

  stop(): void {
    this.#isStopped = true;
    this.#cancel?.();
  }

  #run(): void {
    this.#armedFor = NEVER;
    const now = this.#clock.mono();
    for (const point of this.#points()) point.chore(now);
    this.arm();
  }
}
