import type { Cancel } from '../../kit/clock.ts';
import type { Batch } from './batch.ts';
import { BatchQueue } from './batch-queue.ts';
import type { KeyIndex } from './key-index.ts';
import { type NewRecord, sizeFor } from './record.ts';
import type { SegmentChain } from './segment-chain.ts';
import { Trouble, type TroubleOptions } from './trouble.ts';
import { Waiters } from './waiters.ts';

export interface WriterOptions extends TroubleOptions {
  readonly chain: SegmentChain;
  readonly index: KeyIndex;
  readonly salt: number;
  /** Bytes that may wait for the disk. */
  readonly pendingBytes: number;
  readonly writeMs: number;
  readonly syncMs: number;
}

/** What was written and is not on the disk stays in memory: no more than this, about. */
const UNSYNCED_BYTES = 1_048_576;

/**
 * Puts records on the disk, in order, many at a time. One thing after the other: write, sync, a step of the work behind.
 * After an error everything that is not on the disk for certain is written again from memory, once at once, then with
 * patience; who waits for the disk is told.
 */
export class Writer {
  readonly written = { times: 0, bytes: 0, syncs: 0 };
  /** Work behind, in small steps; false when there is none. Never throws. */
  background: () => Promise<boolean> = async () => false;
  readonly #options: WriterOptions;
  readonly #flushing = new Waiters();
  readonly #syncing = new Waiters();
  readonly #queue = new BatchQueue();
  readonly #trouble: Trouble;
  #syncTo = 0;
  #isClosed = false;
  #isAsked = false;
  #running: Promise<void> | undefined;
  readonly #timers: { write?: Cancel | undefined; sync?: Cancel | undefined } = {};

  constructor(options: WriterOptions) {
    this.#options = options;
    this.#trouble = new Trouble(options);
  }

  get writable(): boolean {
    return this.#trouble.refusal === undefined;
  }

  get pendingBytes(): number {
    return this.#queue.bytes;
  }

  get isFull(): boolean {
    return this.#isClosed || this.#queue.bytes >= this.#options.pendingBytes;
  }

  /** False when it cannot be taken. One record alone is never too large. */
  append(record: NewRecord): boolean {
    const { pendingBytes, salt, index } = this.#options;
    const size = sizeFor(record);
    const before = this.#queue.bytes;
    if (this.#isClosed || (before > 0 && before + size > pendingBytes)) return false;
    this.#queue.take(size).add(record, salt, index);
    if (this.#queue.hasFull) this.wake();
    else this.#arm('write', this.#options.writeMs, () => this.#writeNow());
    return true;
  }

  /** Appends a copy of a whole record and sees that it is written soon. */
  copy(record: Buffer, key: string | undefined): void {
    this.#queue.take(record.length).copy(record, key, this.#options.index);
    this.#queue.want(this.#queue.last);
  }

  /** Resolves when all so far is with the operating system; rejects with NotStored. */
  flush(): Promise<void> {
    return this.#wait(this.#flushing, this.#queue.lastWritten);
  }

  /** Resolves when all so far is on the disk; rejects with NotStored. */
  sync(): Promise<void> {
    return this.#wait(this.#syncing, this.#queue.lastSynced);
  }

  /** The newest batch that has anything. */
  get last(): number {
    return this.#queue.last;
  }

  /** Whether all up to this batch is on the disk; sees to it when not. */
  isSynced(batch: number): boolean {
    if (batch <= this.#queue.lastSynced) return true;
    this.#queue.want(batch);
    this.#syncTo = Math.max(this.#syncTo, batch);
    return false;
  }

  wake(): void {
    this.#isAsked = true;
    this.#running ??= this.#run();
  }

  /** One more try, when there is something left; then nothing is taken any more. */
  async close(): Promise<void> {
    this.#isClosed = true;
    for (const cancel of Object.values(this.#timers)) cancel?.();
    this.#trouble.stop();
    if (!this.isSynced(this.last)) this.wake();
    await this.#running;
    await this.#options.chain.close();
  }

  #wait(waiters: Waiters, done: number): Promise<void> {
    const { last } = this.#queue;
    if (last <= done) return Promise.resolve();
    if (this.#trouble.refusal !== undefined) return Promise.reject(this.#trouble.refusal);
    this.#writeNow();
    return waiters.wait(last);
  }

  #writeNow(): void {
    this.#queue.want(this.#queue.last);
    this.wake();
  }

  #arm(timer: 'write' | 'sync', ms: number, task: () => void): void {
    this.#timers[timer] ??= this.#options.clock.after(ms, () => {
      this.#timers[timer] = undefined;
      task();
    });
  }

  async #run(): Promise<void> {
    await Promise.resolve(); // who asks in this turn shares what comes
    while (this.#isAsked) {
      this.#isAsked = false;
      try {
        while (!this.#trouble.isWaiting && (await this.#step()));
      } catch (error) {
        await this.#failed(error);
      }
    }
    this.#running = undefined;
  }

  async #step(): Promise<boolean> {
    const batch = this.#queue.next();
    if (batch !== undefined) await this.#write(batch);
    const isSyncing = this.#mustSync();
    if (isSyncing) await this.#sync();
    const hasMore = await this.background();
    return batch !== undefined || isSyncing || hasMore;
  }

  async #write(batch: Batch): Promise<void> {
    const { chain, index, syncMs } = this.#options;
    if (chain.isFullFor(batch.length)) await this.#sync();
    const place = await chain.append(batch);
    this.#queue.wrote();
    batch.settle(place, index);
    this.written.times += 1;
    this.written.bytes += batch.length;
    this.#flushing.release(this.#queue.lastWritten);
    if (!this.#isClosed) this.#arm('sync', syncMs, () => this.#syncNow());
  }

  #syncNow(): void {
    this.#syncTo = Math.max(this.#syncTo, this.#queue.lastWritten);
    this.wake();
  }

  #mustSync(): boolean {
    const { unsyncedBytes, lastWritten, lastSynced } = this.#queue;
    if (this.#trouble.hasFailed || unsyncedBytes > UNSYNCED_BYTES) return true;
    return unsyncedBytes > 0 && (this.#syncTo > lastSynced || this.#syncing.first <= lastWritten);
  }

  async #sync(): Promise<void> {
    await this.#options.chain.sync();
    this.#queue.synced();
    this.#timers.sync?.();
    this.#timers.sync = undefined;
    this.written.syncs += 1;
    this.#trouble.over();
    this.#syncing.release(this.#queue.lastSynced);
  }

  /** An error is final for the segment: what it may have lost is written again. */
  async #failed(error: unknown): Promise<void> {
    await this.#options.chain.abandon();
    this.#queue.again();
    this.#isAsked = this.#trouble.isWorthATry(error, () => this.wake());
    if (this.#isAsked) return;
    for (const waiters of [this.#flushing, this.#syncing]) waiters.refuse(this.#trouble.refusal);
    if (this.#isClosed) this.#trouble.stop();
  }
}
