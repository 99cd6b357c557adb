import type { Cancel, Clock } from '../kit/clock.ts';

type Name = 'note' | 'retry' | 'spill';

/** Timers by name, each running once at a time. */
export class Timers {
  readonly #clock: Clock;
  readonly #running = new Map<Name, Cancel>();
  #isStopped = false;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  has(name: Name): boolean {
    return this.#running.has(name);
  }

  /** Nothing happens when it runs already. */
  arm(name: Name, ms: number, task: () => void): void {
    if (this.#isStopped || this.#running.has(name)) return;
    const cancel = this.#clock.after(ms, () => {
      this.#running.delete(name);
      task();
    });
    this.#running.set(name, cancel);
  }

  cancel(name: Name): void {
    this.#running.get(name)?.();
    this.#running.delete(name);
  }

  /** All of them, for good. */
  stop(): void {
    this.#isStopped = true;
    for (const name of [...this.#running.keys()]) this.cancel(name);
  }
}
