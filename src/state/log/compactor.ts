import { reasonOf } from '../../kit/errors.ts';
import type { Log } from '../../kit/log.ts';
import { tellDamage } from './damage.ts';
import type { KeyIndex } from './key-index.ts';
import { type SegmentPlace, segmentPath } from './open-segment.ts';
import { checkRecord, isMarkAt, isPutAt, keyAt, nextStart, sizeAt } from './record.ts';
import { claimedAt } from './scan.ts';
import type { SegmentChain } from './segment-chain.ts';
import { HEAD_BYTES } from './segment-head.ts';
import type { Writer } from './writer.ts';

export interface CompactorOptions extends SegmentPlace {
  readonly index: KeyIndex;
  readonly chain: SegmentChain;
  readonly writer: Writer;
  readonly salt: number;
  readonly log: Log;
  /** With fewer bytes in all, garbage may stay. */
  readonly floorBytes: number;
  /** Found damaged at the start: what is needed of them is copied, then they are put aside. */
  readonly damaged: readonly number[];
}

/** One segment on its way out. */
interface Leaving {
  readonly id: number;
  readonly bytes: Buffer;
  /** Up to here its records were looked at; -1: all. */
  at: number;
  /** The batch with the last copy. */
  copiedBy?: number;
  isDamaged: boolean;
}

/** What one step looks at: a millisecond or less, some more on a small board. A record counts as so many bytes more. */
const STEP_BYTES = 65_536;
const RECORD_BYTES = 256;

/**
 * Frees the disk: copies what is still needed of the oldest segment to the end of the log and removes the segment when
 * the copies are on the disk. A cut at any moment leaves the entry once or twice, never not at all. Only the oldest goes,
 * so a deletion in it has nothing older to delete.
 */
export class Compactor {
  readonly #options: CompactorOptions;
  readonly #damaged: number[];
  #leaving: Leaving | undefined;
  #isStopped = false;

  constructor(options: CompactorOptions) {
    this.#options = options;
    this.#damaged = [...options.damaged];
  }

  /** A little of the work; false when there is none. Never throws. */
  async step(): Promise<boolean> {
    if (this.#isStopped) return false;
    try {
      this.#leaving ??= await this.#choose();
      if (this.#leaving === undefined) return false;
      if (!this.#copy(this.#leaving)) await this.#leave(this.#leaving);
      return true;
    } catch (error) {
      this.#isStopped = true;
      const { folder: path, log } = this.#options;
      log.warn('the store is not tidied up any more', { code: 'HB122', path, reason: reasonOf(error) });
      return false;
    }
  }

  async #choose(): Promise<Leaving | undefined> {
    const { index, chain, floorBytes } = this.#options;
    const { tally } = index;
    const id = this.#damaged[0] ?? tally.oldest;
    if (id === undefined || id >= chain.lastId) return undefined;
    const isDamaged = this.#damaged.length > 0;
    if (!isDamaged && (tally.bytes <= floorBytes || tally.live * 2 >= tally.bytes)) return undefined;
    if (!isDamaged && tally.liveOf(id) === 0) return { id, bytes: Buffer.alloc(0), at: -1, isDamaged };
    return await this.#read(id, isDamaged);
  }

  async #read(id: number, isDamaged: boolean): Promise<Leaving> {
    const { files, folder } = this.#options;
    const bytes = await files.read(segmentPath(folder, id)).catch((error: unknown) => {
      if (isDamaged) return Buffer.alloc(0);
      throw error;
    });
    return { id, bytes, at: nextStart(bytes, HEAD_BYTES), isDamaged };
  }

  /** False when all is copied. */
  #copy(leaving: Leaving): boolean {
    if (leaving.at < 0) return false;
    const { bytes } = leaving;
    for (let left = STEP_BYTES; left > 0 && leaving.at >= 0; ) {
      const size = checkRecord(bytes, leaving.at, bytes.length, this.#options.salt);
      if (size > 0) this.#copyOne(leaving, leaving.at);
      left -= RECORD_BYTES + (size > 0 ? size : claimedAt(bytes, leaving.at, bytes.length));
      leaving.at = nextStart(bytes, leaving.at + Math.max(size, 1));
    }
    return true;
  }

  #copyOne({ id, bytes, isDamaged }: Leaving, at: number): void {
    if (isMarkAt(bytes, at)) return;
    const { index, writer } = this.#options;
    const key = keyAt(bytes, at);
    const isPut = isPutAt(bytes, at);
    // Older segments may hold what a deletion in a damaged one deletes.
    const isNeeded = isPut ? index.isAt(key, { segment: id, offset: at }) : isDamaged && !index.has(key);
    if (isNeeded) writer.copy(bytes.subarray(at, at + sizeAt(bytes, at)), isPut ? key : undefined);
  }

  async #leave(leaving: Leaving): Promise<void> {
    const { files, folder, index, log, writer } = this.#options;
    const path = segmentPath(folder, leaving.id);
    // What is newer than an entry here may be in memory only.
    leaving.copiedBy ??= writer.last;
    if (!writer.isSynced(leaving.copiedBy)) return;
    if (index.tally.liveOf(leaving.id) > 0 && !leaving.isDamaged) {
      tellDamage(log, path, { reason: 'entries cannot be read any more', kept: `${path}.bad` });
      leaving.isDamaged = true;
    }
    if (leaving.isDamaged) await files.move(path, `${path}.bad`);
    else await files.remove(path);
    await files.syncFolder(folder);
    index.tally.remove(leaving.id);
    if (this.#damaged[0] === leaving.id) this.#damaged.shift();
    this.#leaving = undefined;
  }
}
