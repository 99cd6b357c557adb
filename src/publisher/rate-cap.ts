/** A timer may be so late without moving the next end of the cap. */
const LATE_MS = 50;

/** At most one message in so many ms; on the average exactly, though each may be a little late. Times are monotonic. */
export class RateCap {
  #from = Number.NEGATIVE_INFINITY;

  /** From when on the next one may go. */
  freeAt(atMostMs = 0): number {
    return this.#from + atMostMs;
  }

  told(now: number, atMostMs?: number): void {
    const freeAt = this.freeAt(atMostMs);
    this.#from = now - freeAt < LATE_MS ? freeAt : now;
  }
}
