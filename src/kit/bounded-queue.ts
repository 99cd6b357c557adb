/** What a full queue does with one more: drop the oldest, or refuse the newest. */
export type WhenFull = 'drop-oldest' | 'refuse';

/** First in, first out, never longer than `limit`. Push and shift are O(1). */
export class BoundedQueue<T> {
  #items: (T | undefined)[];
  #head = 0;
  #size = 0;
  readonly #whenFull: WhenFull;
  /** How many were dropped or refused since the start. */
  dropped = 0;

  constructor(limit: number, whenFull: WhenFull) {
    this.#items = new Array(limit);
    this.#whenFull = whenFull;
  }

  get size(): number {
    return this.#size;
  }

  /** False when the item was refused. */
  push(item: T): boolean {
    const limit = this.#items.length;
    if (this.#size === limit) {
      this.dropped += 1;
      if (this.#whenFull === 'refuse' || limit === 0) return false;
      this.shift();
    }
    this.#items[(this.#head + this.#size) % limit] = item;
    this.#size += 1;
    return true;
  }

  shift(): T | undefined {
    if (this.#size === 0) return undefined;
    const item = this.#items[this.#head];
    this.#items[this.#head] = undefined;
    this.#head = (this.#head + 1) % this.#items.length;
    this.#size -= 1;
    return item;
  }
}
