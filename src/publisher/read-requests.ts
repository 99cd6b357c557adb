import type { Clock } from '../kit/clock.ts';
import { Unavailable } from '../kit/errors.ts';

/** A reading so young answers a request without another read. */
const FRESH_MS = 250;
/** More people than this do not wait for one device. */
const MOST_WAITERS = 100;

interface Waiter {
  resolve(): void;
  reject(error: unknown): void;
}

/** People who wait for a fresh reading of one device: all are served by one read. */
export class ReadRequests {
  readonly #clock: Clock;
  readonly #onAsked: () => void;
  #waiters: Waiter[] = [];
  #readAt = Number.NEGATIVE_INFINITY;
  /** True while a read runs: who asks now is served by it. */
  isReading = false;

  constructor(clock: Clock, onAsked: () => void) {
    this.#clock = clock;
    this.#onAsked = onAsked;
  }

  /** Somebody waits for a read that has not begun. */
  get isAsked(): boolean {
    return this.#waiters.length > 0;
  }

  ask(): Promise<void> {
    if (this.#clock.mono() - this.#readAt < FRESH_MS) return Promise.resolve();
    if (this.#waiters.length >= MOST_WAITERS)
      return Promise.reject(new Unavailable('too many wait for this device already', { code: 'HB159' }));
    return new Promise((resolve, reject) => {
      this.#waiters.push({ resolve, reject });
      if (!this.isReading && this.#waiters.length === 1) this.#onAsked();
    });
  }

  served(): void {
    this.#readAt = this.#clock.mono();
    for (const waiter of this.#take()) waiter.resolve();
  }

  refused(error: unknown): void {
    for (const waiter of this.#take()) waiter.reject(error);
  }

  #take(): Waiter[] {
    const waiters = this.#waiters;
    this.#waiters = [];
    return waiters;
  }
}
