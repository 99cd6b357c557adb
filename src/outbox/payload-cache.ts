import type { Entry } from './entry.ts';

/** Payloads that are on the disk and in memory as well, so that a reader that keeps up reads no file. */
export class PayloadCache {
  readonly #limit: number;
  #entries: Entry[] = [];
  #head = 0;
  #bytes = 0;

  constructor(limit: number) {
    this.#limit = limit;
  }

  /** The entry is on the disk now; it or an older one loses its payload when there are too many. */
  add(entry: Entry): void {
    this.#entries.push(entry);
    this.#bytes += entry.size;
    while (this.#bytes > this.#limit) this.#shed();
  }

  #shed(): void {
    const entry = this.#entries[this.#head];
    this.#head += 1;
    if (entry === undefined) return;
    this.#bytes -= entry.size;
    if (!entry.isHeld) entry.payload = undefined;
    if (this.#head < 4_096 || this.#head * 2 < this.#entries.length) return;
    this.#entries = this.#entries.slice(this.#head);
    this.#head = 0;
  }
}
