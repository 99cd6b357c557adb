import type { Clock } from '../kit/clock.ts';

/** Waits for a moment that may move, and can be woken. One sleep at a time. */
export class Sleeper {
  readonly #clock: Clock;
  #isRoused = false;
  #wake: () => void = () => undefined;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Resolves at the monotonic time that `due` says, which is asked again after each nudge; or when roused. */
  async until(due: () => number): Promise<void> {
    while (!this.#isRoused) {
      const waitMs = due() - this.#clock.mono();
      if (waitMs <= 0 || (await this.#nap(waitMs)) === 'over') break;
    }
    this.#isRoused = false;
  }

  /** The moment may have moved. */
  nudge(): void {
    this.#wake();
  }

  /** Ends this sleep, or the next one when awake. */
  rouse(): void {
    this.#isRoused = true;
    this.#wake();
  }

  /** A machine's timer is always a little late: when it is over, the moment has come, and is not asked for again. */
  #nap(ms: number): Promise<'over' | 'woken'> {
    return new Promise((resolve) => {
      const over = () => resolve('over');
      const cancel = ms === Number.POSITIVE_INFINITY ? () => undefined : this.#clock.after(ms, over);
      this.#wake = () => {
        cancel();
        resolve('woken');
      };
    });
  }
}
