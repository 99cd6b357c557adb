/** More acts than this in so many ms is flapping. */
export const MOST_ACTS = 20;
export const WITHIN_MS = 10_000;

/** When somebody acted: the last times, written over in turn; monotonic ms. */
export class Recent {
  readonly #at = new Array<number>(MOST_ACTS).fill(Number.NEGATIVE_INFINITY);
  #next = 0;

  /** Puts in a time, and says whether there are too many. */
  isTooOften(mono: number): boolean {
    const oldest = this.#at[this.#next] ?? Number.NEGATIVE_INFINITY;
    this.#at[this.#next] = mono;
    this.#next = (this.#next + 1) % MOST_ACTS;
    return mono - oldest <= WITHIN_MS;
  }

  get last(): number {
    return this.#at[(this.#next + MOST_ACTS - 1) % MOST_ACTS] ?? Number.NEGATIVE_INFINITY;
  }
}
