/** Reads closer together than this are never scheduled. */
const SHORTEST_MS = 50;
/** Reads fall on this grid, so that many share one wake-up. */
const GRID_MS = 50;
/** A heartbeat may be late by this share of a period. */
const SLACK = 0.1;
/** A beat that is late by less is not missed. */
const LATE_MS = 50;
/** A read that begins so little before a beat serves it: times are sums of fractions. */
const EARLY_MS = 2;

/** When the next read of a device is due: a fixed beat from a random phase, without drift. All times monotonic ms. */
export class Cadence {
  #periodMs: number;
  #anchor = 0;
  #lastAt = Number.NEGATIVE_INFINITY;

  constructor(periodMs: number) {
    this.#periodMs = Math.max(periodMs, SHORTEST_MS);
  }

  get periodMs(): number {
    return this.#periodMs;
  }

  /** A heartbeat that is due before this time must be served by the present read: the next one would be too late. */
  get horizon(): number {
    return this.#tickAfterLast() - this.#periodMs * SLACK;
  }

  /** Begins anew: a read at `now`, then the beat from a phase that `random` chooses. */
  begin(now: number, random: () => number): void {
    const phase = this.#periodMs * (0.2 + 0.8 * random());
    this.#anchor = now + Math.max(GRID_MS, Math.floor(phase / GRID_MS) * GRID_MS);
    this.#anchor = Math.ceil(this.#anchor / GRID_MS) * GRID_MS;
  }

  /** A read starts. */
  started(now: number): void {
    this.#lastAt = now;
  }

  /** The new period counts from the last read. False when it is no change. */
  setPeriod(periodMs: number): boolean {
    const wanted = Math.max(periodMs, SHORTEST_MS);
    if (wanted === this.#periodMs) return false;
    this.#periodMs = wanted;
    if (this.#lastAt > 0) this.#anchor = this.#lastAt;
    return true;
  }

  /** The next beat. Those that were missed are skipped. */
  next(now: number): number {
    const tick = this.#tickAfterLast();
    return tick < now - LATE_MS ? this.#tickAfter(now) : tick;
  }

  #tickAfterLast(): number {
    return this.#tickAfter(this.#lastAt + EARLY_MS);
  }

  #tickAfter(time: number): number {
    if (time < this.#anchor) return this.#anchor;
    return this.#anchor + (Math.floor((time - this.#anchor) / this.#periodMs) + 1) * this.#periodMs;
  }
}
