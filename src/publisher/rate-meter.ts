const SECONDS = 60;

/** How many happened in the last minute. */
export class RateMeter {
  readonly #perSecond = new Uint32Array(SECONDS);
  #second = 0;
  #lastMinute = 0;
  /** Since the start. */
  total = 0;

  /** One more, at a monotonic time in ms. */
  count(nowMs: number): void {
    this.#moveTo(nowMs);
    const slot = this.#second % SECONDS;
    this.#perSecond[slot] = (this.#perSecond[slot] ?? 0) + 1;
    this.#lastMinute += 1;
    this.total += 1;
  }

  perMinute(nowMs: number): number {
    this.#moveTo(nowMs);
    return this.#lastMinute;
  }

  #moveTo(nowMs: number): void {
    const second = Math.max(this.#second, Math.floor(nowMs / 1000));
    const gone = Math.min(second - this.#second, SECONDS);
    for (let step = 1; step <= gone; step += 1) {
      const slot = (this.#second + step) % SECONDS;
      this.#lastMinute -= this.#perSecond[slot] ?? 0;
      this.#perSecond[slot] = 0;
    }
    if (gone === SECONDS) this.#perSecond.fill(0);
    this.#second = second;
  }
}
