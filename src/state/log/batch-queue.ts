import { BATCH_BYTES, Batch } from './batch.ts';

/** Batches on their way to the disk, numbered from 1: filled, waiting to be written, written, on the disk. */
export class BatchQueue {
  readonly #waiting: Batch[] = [];
  #unsynced: Batch[] = [];
  #open: Batch | undefined;
  #last = 0;
  #wanted = 0;
  #lastWritten = 0;
  #lastSynced = 0;
  #bytes = 0;
  #unsyncedBytes = 0;

  /** The newest batch that has anything. */
  get last(): number {
    return this.#last;
  }

  get lastWritten(): number {
    return this.#lastWritten;
  }

  get lastSynced(): number {
    return this.#lastSynced;
  }

  /** Bytes in memory that are not on the disk for certain. */
  get bytes(): number {
    return this.#bytes;
  }

  /** Of these, bytes that were written. */
  get unsyncedBytes(): number {
    return this.#unsyncedBytes;
  }

  /** A batch is full: no reason to wait. */
  get hasFull(): boolean {
    return this.#waiting.length > 0 || (this.#open?.length ?? 0) >= BATCH_BYTES;
  }

  /** The batch for one more record of this size. */
  take(size: number): Batch {
    if (this.#open?.hasRoomFor(size) === false) this.#seal();
    if (this.#open === undefined) {
      this.#last += 1;
      this.#open = new Batch(this.#last);
      this.#bytes += this.#open.length;
    }
    this.#bytes += size;
    return this.#open;
  }

  /** All up to this batch is to be written, however little it is. */
  want(batch: number): void {
    if (batch > this.#wanted) this.#wanted = batch;
  }

  /** What is to be written next; it is filled no more. */
  next(): Batch | undefined {
    if (this.#waiting.length === 0 && this.#open !== undefined && this.#open.number <= this.#wanted) this.#seal();
    return this.#waiting[0];
  }

  /** The batch that `next` gave is with the operating system. */
  wrote(): void {
    const batch = this.#waiting.shift();
    if (batch === undefined) return;
    this.#unsynced.push(batch);
    this.#unsyncedBytes += batch.length;
    this.#lastWritten = Math.max(this.#lastWritten, batch.number);
  }

  /** All that was written is on the disk. */
  synced(): void {
    this.#lastSynced = this.#unsynced.at(-1)?.number ?? this.#lastSynced;
    this.#bytes -= this.#unsyncedBytes;
    this.#unsyncedBytes = 0;
    this.#unsynced = [];
  }

  /** What was written may be lost: it waits again, in its order. */
  again(): void {
    this.#waiting.unshift(...this.#unsynced);
    this.#unsyncedBytes = 0;
    this.#unsynced = [];
  }

  #seal(): void {
    if (this.#open === undefined) return;
    this.#waiting.push(this.#open);
    this.#open = undefined;
  }
}
