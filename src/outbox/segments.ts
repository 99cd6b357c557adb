import { reasonOf } from '../kit/errors.ts';
import type { Log } from '../kit/log.ts';
import type { LogFile } from '../state/log/log-files.ts';
import { OpenSegment, segmentPath } from '../state/log/open-segment.ts';
import type { Tail } from '../state/log/segment-chain.ts';
import { HEAD_BYTES } from '../state/log/segment-head.ts';
import { SegmentTally } from '../state/log/segment-tally.ts';
import type { Entry } from './entry.ts';
import type { OutboxFiles } from './outbox-files.ts';

export interface SegmentsOptions {
  readonly files: OutboxFiles;
  readonly folder: string;
  readonly segmentBytes: number;
  readonly salt: number;
  readonly log: Log;
  /** The last one that was found, id 0 when there was none; and whether one can go on there. */
  readonly tail: Tail;
  readonly canReopen: boolean;
  readonly lastId: number;
}

/** The files of an outbox: only the last is written, the oldest goes when nobody needs it any more. */
export class Segments {
  readonly #options: SegmentsOptions;
  readonly #tally = new SegmentTally();
  #open: OpenSegment | undefined;
  #tail: Tail;
  #lastId: number;
  #canReopen: boolean;

  constructor(options: SegmentsOptions) {
    this.#options = options;
    this.#tail = options.tail;
    this.#lastId = options.lastId;
    this.#canReopen = options.canReopen && options.tail.end < options.segmentBytes;
  }

  /** Bytes of all files; and those of items that somebody waits for. */
  get size(): number {
    return this.#tally.bytes;
  }

  get liveBytes(): number {
    return this.#tally.live;
  }

  get oldest(): number | undefined {
    return this.#tally.oldest;
  }

  /** The one that is written, or was written last. */
  get #last(): number {
    return this.#open?.id ?? this.#tail.id;
  }

  /** The one that is written; undefined: the next one is yet to be made. */
  get current(): number | undefined {
    return this.#open?.id;
  }

  /** A segment that was found at the start. To be told in the order of ids. */
  found(id: number, size: number): void {
    this.#tally.setSize(id, size);
  }

  holds({ segment, size }: Entry): void {
    this.#tally.addLive(segment, size);
  }

  releases({ segment, size }: Entry): void {
    this.#tally.addLive(segment, -size);
  }

  /** The oldest one is there for nobody. */
  get hasPassed(): boolean {
    const { oldest } = this.#tally;
    return oldest !== undefined && oldest !== this.#last && this.#tally.liveOf(oldest) === 0;
  }

  /** A segment with room for so many bytes, and whether it is new. `spare` gives the file to make it of. */
  async ready(bytes: number, spare?: () => string | undefined): Promise<{ segment: OpenSegment; isNew: boolean }> {
    const open = this.#open;
    if (open !== undefined && (open.isEmpty || open.size + bytes <= this.#options.segmentBytes)) {
      return { segment: open, isNew: false };
    }
    await this.leave();
    const isNew = !this.#canReopen;
    this.#open = isNew ? await this.#create(spare?.()) : await this.#reopen();
    this.grew();
    return { segment: this.#open, isNew };
  }

  /** What was appended is there for certain. */
  grew(): void {
    if (this.#open !== undefined) this.#tally.setSize(this.#open.id, this.#open.size);
  }

  /** After an error: what is not on the disk for certain does not count. */
  async abandon(): Promise<void> {
    const segment = this.#open;
    if (segment === undefined || segment.synced > HEAD_BYTES) return await this.leave();
    this.#open = undefined;
    this.#tally.remove(segment.id);
    await segment.close();
    await this.#removeUnused(segment.id);
  }

  /** Nothing more is written there. */
  async leave(): Promise<void> {
    const segment = this.#open;
    if (segment === undefined) return;
    this.#open = undefined;
    this.#tail = { id: segment.id, end: segment.synced };
    await segment.close();
  }

  /** Removes the oldest ones that nobody needs: one after the other, so that no two can come back after a power cut. */
  async removePassed(): Promise<void> {
    const { files, folder } = this.#options;
    for (let id = this.#tally.oldest; id !== undefined && this.hasPassed; id = this.#tally.oldest) {
      await files.remove(segmentPath(folder, id));
      await files.syncFolder(folder);
      this.#tally.remove(id);
    }
  }

  /** Removes files that never counted. */
  async removeNeedless(ids: number[]): Promise<void> {
    const { files, folder } = this.#options;
    if (ids.length === 0) return;
    for (const id of ids.splice(0)) await files.remove(segmentPath(folder, id));
    await files.syncFolder(folder);
  }

  /** Puts a segment aside: it cannot be read as it was written. */
  async quarantine(id: number): Promise<void> {
    const { files, folder, log } = this.#options;
    const path = segmentPath(folder, id);
    this.#tally.remove(id);
    try {
      await files.move(path, `${path}.bad`);
      await files.syncFolder(folder);
    } catch (error) {
      log.info('a damaged part of the outbox could not be put aside', { path, reason: reasonOf(error) });
    }
  }

  async #reopen(): Promise<OpenSegment> {
    const { files, folder, segmentBytes: length } = this.#options;
    this.#canReopen = false;
    return await OpenSegment.reopen({ files, folder, length }, this.#tail.id, this.#tail.end);
  }

  /** Of one that could not be made nothing is left. */
  async #create(spare: string | undefined): Promise<OpenSegment> {
    const { files, folder, segmentBytes: length, salt } = this.#options;
    const id = this.#lastId + 1;
    this.#lastId = id;
    const create = (path: string): Promise<LogFile> =>
      spare === undefined ? files.create(path) : files.adopt(spare, path);
    try {
      const place = { files: { ...files, create }, folder, length };
      return await OpenSegment.create(place, { id, salt, before: this.#tail });
    } catch (error) {
      await this.#removeUnused(id);
      throw error;
    }
  }

  /** When that fails, the next segment says that this one does not count. */
  async #removeUnused(id: number): Promise<void> {
    const { files, folder } = this.#options;
    await files.remove(segmentPath(folder, id)).catch(() => undefined);
  }
}
