/** Gone items stay in a line as long as they are no more than so many, and a quarter of the others. */
const SLACK = 256;

/**
 * First in, first out, where items in the middle may go as well: they are skipped, and swept out when they are many.
 * A cursor runs ahead of the first one.
 */
export class Line<T> {
  #items: T[] = [];
  #head = 0;
  #cursor = 0;
  #live = 0;
  readonly #isLive: (item: T) => boolean;

  constructor(isLive: (item: T) => boolean) {
    this.#isLive = isLive;
  }

  get size(): number {
    return this.#live;
  }

  push(item: T): void {
    this.#items.push(item);
    this.#live += 1;
  }

  /** One of the line is not live any more. */
  gone(): void {
    this.#live -= 1;
    if (this.#items.length > 1.25 * this.#live + SLACK) this.#sweep();
  }

  first(): T | undefined {
    while (this.#head < this.#items.length) {
      const item = this.#items[this.#head];
      if (item !== undefined && this.#isLive(item)) return item;
      this.#head += 1;
    }
    return undefined;
  }

  /** The live one at the cursor; the cursor stays. */
  peek(): T | undefined {
    this.#cursor = Math.max(this.#cursor, this.#head);
    while (this.#cursor < this.#items.length) {
      const item = this.#items[this.#cursor];
      if (item !== undefined && this.#isLive(item)) return item;
      this.#cursor += 1;
    }
    return undefined;
  }

  /** Past the one that `peek` gave. */
  step(): void {
    this.#cursor += 1;
  }

  rewind(): void {
    this.#cursor = this.#head;
  }

  /** Items may go meanwhile. */
  *[Symbol.iterator](): Generator<T> {
    const items = this.#items; // a sweep makes another list
    this.first();
    for (let index = this.#head; index < items.length; index += 1) {
      const item = items[index];
      if (item !== undefined && this.#isLive(item)) yield item;
    }
  }

  #sweep(): void {
    const kept: T[] = [];
    let cursor = 0;
    for (let index = this.#head; index < this.#items.length; index += 1) {
      if (index === this.#cursor) cursor = kept.length;
      const item = this.#items[index];
      if (item !== undefined && this.#isLive(item)) kept.push(item);
    }
    this.#cursor = this.#cursor >= this.#items.length ? kept.length : cursor;
    this.#items = kept;
    this.#head = 0;
  }
}
