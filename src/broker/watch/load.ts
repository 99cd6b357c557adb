/** Windows of the averages, in minutes. */
export const WINDOWS = [1, 5, 15] as const;

/**
 * Averages of a growing count, per minute, over 1, 5 and 15 minutes; older parts weigh less. It may be asked at any time:
 * what came since the last question counts with its mean, so nothing has to run while nobody asks.
 */
export class Load {
  readonly #averages = WINDOWS.map(() => 0);
  #count = 0;
  #at: number;

  /** `at`: when the count was 0; `mono`, ms. */
  constructor(at: number) {
    this.#at = at;
  }

  /** One average for each window. */
  read(count: number, at: number): readonly number[] {
    const minutes = (at - this.#at) / 60_000;
    if (minutes <= 0) return this.#averages;
    const rate = (count - this.#count) / minutes;
    for (const [index, window] of WINDOWS.entries()) {
      const old = this.#averages[index] ?? 0;
      this.#averages[index] = rate + (old - rate) * Math.exp(-minutes / window);
    }
    this.#count = count;
    this.#at = at;
    return this.#averages;
  }
}
