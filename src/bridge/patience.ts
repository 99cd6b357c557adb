import { backoff } from '../kit/backoff.ts';
import type { Clock } from '../kit/clock.ts';

const RECONNECT = { firstMs: 1_000, lastMs: 30_000 };
/** A connection that holds so long was a good one, in ms. */
const STEADY_MS = 10_000;

/** How long to wait before the next try: longer after each failure, and an engine that comes and goes counts as failing. */
export class Patience {
  readonly #clock: Clock;
  readonly #random: () => number;
  #failures = 0;
  #connectedAt: number | undefined;

  constructor(clock: Clock, random: () => number) {
    this.#clock = clock;
    this.#random = random;
  }

  connected(): void {
    this.#connectedAt = this.#clock.mono();
  }

  /** A try has failed, or the connection was lost. The wait before the next try, in ms. */
  failed(): number {
    const since = this.#connectedAt;
    this.#connectedAt = undefined;
    if (since !== undefined && this.#clock.mono() - since >= STEADY_MS) this.#failures = 0;
    this.#failures += 1;
    return backoff(this.#failures, this.#random, RECONNECT);
  }
}
