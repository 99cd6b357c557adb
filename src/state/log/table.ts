import type { Clock } from '../../kit/clock.ts';
import { HanbusError, reasonOf } from '../../kit/errors.ts';
import type { Log } from '../../kit/log.ts';
import { Compactor } from './compactor.ts';
import { FolderLock } from './folder-lock.ts';
import { KeyIndex } from './key-index.ts';
import { LastEnd } from './last-end.ts';
import { type Found, load, nothingFound } from './load.ts';
import { type LogFiles, systemLogFiles } from './log-files.ts';
import { NotStored } from './not-stored.ts';
import { segmentPath } from './open-segment.ts';
import { DELETE, PUT, valueAt } from './record.ts';
import { SegmentChain } from './segment-chain.ts';
import { SegmentTally } from './segment-tally.ts';
import { Writer } from './writer.ts';

export interface TableOptions {
  /** The folder of the table: it and what is in it are the table's alone. */
  readonly path: string;
  readonly clock: Clock;
  readonly log: Log;
  /** 0 <= x < 1. */
  readonly random?: () => number;
  readonly files?: LogFiles;
  /** What was put is with the operating system after so long, and on the disk after so long, if nobody asks earlier; ms. */
  readonly writeMs?: number;
  readonly syncMs?: number;
  /** Bytes that may be in memory because the disk does not keep up. */
  readonly pendingBytes?: number;
  readonly segmentBytes?: number;
  /** A table of fewer bytes is not tidied up. */
  readonly floorBytes?: number;
}

/** Keys with values on the disk. Memory: the keys, and some bytes for each. */
export interface Table {
  /**
   * All entries as they were when the table was opened, in no order; once, and before the first change. The values are
   * views: copy what you keep. The table tidies itself up only after this was read to its end or left.
   */
  entries(): Iterable<[key: string, value: Buffer]>;
  readonly size: number;
  /** False: not taken, since too much waits for the disk (`isFull`) or the table is closed. Never throws. */
  put(key: string, value: Uint8Array): boolean;
  /** As `put`; true as well when there is no such key. */
  delete(key: string): boolean;
  /** Resolves when everything so far is with the operating system: it survives `kill -9`. Rejects with NotStored. */
  flush(): Promise<void>;
  /** Resolves when everything so far is on the disk: it survives a power cut. Rejects with NotStored. */
  sync(): Promise<void>;
  /** Bytes in memory that are not on the disk for certain. */
  readonly pendingBytes: number;
  readonly isFull: boolean;
  /** False while the disk refuses: what is put waits in memory, as far as there is room. */
  readonly writable: boolean;
  /** What went to the disk since the start, for the flash budget. */
  readonly written: { readonly times: number; readonly bytes: number; readonly syncs: number };
  /** Syncs, gives the lock back, takes no more. Never throws. */
  close(): Promise<void>;
}

const NOTHING = Buffer.alloc(0);

/**
 * Opens a table. Throws HB125 when another process has it and HB129 when a newer hanbus wrote it; a disk that refuses is
 * logged once (HB122), and the table lives in memory until it does not.
 */
export async function openTable(options: TableOptions): Promise<Table> {
  const { path: folder, log, files = systemLogFiles } = options;
  const lock = new FolderLock(files, folder);
  const index = new KeyIndex(new SegmentTally());
  let trouble = await lock.tryTake();
  try {
    const found = await load({ files, folder, index, log }).catch((error: unknown) => {
      if (error instanceof HanbusError) throw error;
      lock.isUnread = true;
      trouble ??= { error };
      return nothingFound();
    });
    if (trouble !== undefined) tellUnopened(log, folder, trouble.error);
    return new StoredTable({ ...options, files }, { lock, index, found, isTold: trouble !== undefined });
  } catch (error) {
    await lock.release();
    throw error;
  }
}

/** It is told at the start, and not only when there is something to write: what was remembered is missing now. */
function tellUnopened(log: Log, folder: string, error: unknown): void {
  const { code, fix } = new NotStored(folder, error);
  log.warn('the store could not be opened', { code, path: folder, reason: reasonOf(error), fix });
}

interface Parts {
  /** That the disk refuses. */
  readonly isTold: boolean;
  readonly lock: FolderLock;
  readonly index: KeyIndex;
  readonly found: Found;
}

class StoredTable implements Table {
  readonly #lock: FolderLock;
  readonly #index: KeyIndex;
  readonly #writer: Writer;
  readonly #compactor: Compactor;
  readonly #found: Found;
  readonly #log: Log;
  readonly #end: LastEnd;
  #closing: Promise<void> | undefined;

  constructor(options: TableOptions & { readonly files: LogFiles }, { lock, index, found, isTold }: Parts) {
    const { path: folder, clock, log, files, random = Math.random } = options;
    const { writeMs = 200, syncMs = 15_000, pendingBytes = 4_194_304 } = options;
    const { segmentBytes = 524_288, floorBytes = 1_048_576 } = options;
    const { salt, tail, canReopen, lastId, damaged } = found;
    const place = { files, folder, index, salt, log };
    const ready = async (): Promise<void> => {
      await lock.take();
      await this.#end.drop();
      if (found.needless.length === 0) return;
      for (const id of found.needless) await files.remove(segmentPath(folder, id));
      await files.syncFolder(folder);
      found.needless.length = 0;
    };
    const chain = new SegmentChain({ ...place, segmentBytes, tally: index.tally, tail, canReopen, lastId, ready });
    this.#writer = new Writer({ ...place, chain, clock, random, isTold, pendingBytes, writeMs, syncMs });
    this.#compactor = new Compactor({ ...place, chain, writer: this.#writer, floorBytes, damaged });
    this.#end = new LastEnd(place, found.hasEnd, () => chain.tail);
    this.#log = log;
    this.#lock = lock;
    this.#index = index;
    this.#found = found;
  }

  get size(): number {
    return this.#index.size;
  }
  get pendingBytes(): number {
    return this.#writer.pendingBytes;
  }
  get isFull(): boolean {
    return this.#writer.isFull;
  }
  get writable(): boolean {
    return this.#writer.writable;
  }
  get written(): Table['written'] {
    return { ...this.#writer.written };
  }

  *entries(): Generator<[string, Buffer]> {
    const { bytes } = this.#found;
    try {
      for (const [key, { segment, offset }] of this.#index.places()) {
        const from = bytes.get(segment);
        if (from !== undefined) yield [key, valueAt(from, offset)];
      }
    } finally {
      bytes.clear();
      this.#writer.background = () => this.#compactor.step();
      this.#writer.wake();
    }
  }

  put(key: string, value: Uint8Array): boolean {
    return this.#writer.append({ kind: PUT, key, value });
  }

  delete(key: string): boolean {
    if (!this.#index.has(key)) return true;
    const isTaken = this.#writer.append({ kind: DELETE, key, value: NOTHING });
    if (isTaken) this.#index.delete(key);
    return isTaken;
  }

  flush(): Promise<void> {
    return this.#writer.flush();
  }

  sync(): Promise<void> {
    return this.#writer.sync();
  }

  close(): Promise<void> {
    this.#closing ??= this.#finish();
    return this.#closing;
  }

  async #finish(): Promise<void> {
    await this.#writer.close();
    try {
      if (this.writable) await this.#end.keep();
      await this.#lock.release();
    } catch (error) {
      this.#log.info('the store could not be closed as it should', { reason: reasonOf(error) });
    }
    this.#found.bytes.clear();
  }
}
