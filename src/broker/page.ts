const NONE: Buffer = Buffer.alloc(0);

/** A packet of more than this part of a page has bytes of its own. */
const LARGE = 1 / 8;

/**
 * Bytes in which packets lie side by side, so that several of them are written to a socket as one. What was reserved is
 * never used again: whoever got it may keep it.
 */
export class Page {
  bytes = NONE;
  readonly #size: number;
  #used = 0;

  /** 0: everything has bytes of its own. */
  constructor(size: number) {
    this.#size = size;
  }

  /** Where so many bytes are free in `bytes`, which may be others than before. */
  reserve(size: number): number {
    if (size > this.#size * LARGE) {
      this.bytes = Buffer.allocUnsafe(size);
      this.#used = size;
      return 0;
    }
    if (this.#used + size > this.bytes.length) {
      this.bytes = Buffer.allocUnsafeSlow(this.#size);
      this.#used = 0;
    }
    this.#used += size;
    return this.#used - size;
  }
}
