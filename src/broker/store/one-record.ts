import { crc32 } from 'node:zlib';
import type { Table } from '../../state/log/table.ts';

/** One record of the table that is written when it has changed. */
export class OneRecord {
  readonly #table: Table;
  readonly #key: string;
  #isStored = false;
  #sum = 0;

  constructor(table: Table, key: string) {
    this.#table = table;
    this.#key = key;
  }

  get isStored(): boolean {
    return this.#isStored;
  }

  /** It is on the disk since the last run, with this checksum. */
  found(sum: number): void {
    this.#isStored = true;
    this.#sum = sum;
  }

  /** False when the table takes no more: to be called again. */
  put(record: Buffer): boolean {
    const sum = crc32(record);
    if (this.#isStored && this.#sum === sum) return true;
    if (!this.#table.put(this.#key, record)) return false;
    this.found(sum);
    return true;
  }

  /** False when the table takes no more: to be called again. */
  delete(): boolean {
    if (this.#isStored && !this.#table.delete(this.#key)) return false;
    this.#isStored = false;
    return true;
  }
}
