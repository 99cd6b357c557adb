import type { Batch } from './batch.ts';
import type { Place } from './key-index.ts';
import { OpenSegment, type SegmentPlace } from './open-segment.ts';
import type { SegmentTally } from './segment-tally.ts';

/** A segment and how much of it counts. */
export interface Tail {
  readonly id: number;
  readonly end: number;
}

export interface ChainOptions extends SegmentPlace {
  readonly salt: number;
  readonly segmentBytes: number;
  readonly tally: SegmentTally;
  /** The last segment that was found, id 0 when there was none; and the highest id that a file has. */
  readonly tail: Tail;
  /** The tail is whole up to its end, so that one can go on there. */
  readonly canReopen: boolean;
  readonly lastId: number;
  /** What must have been done before anything is written; an error stops the writing. */
  readonly ready: () => Promise<void>;
}

/** The segments one after the other: only the last one is written, the one before is whole on the disk by then. */
export class SegmentChain {
  readonly #options: ChainOptions;
  #segment: OpenSegment | undefined;
  #tail: Tail;
  #lastId: number;
  #canReopen: boolean;

  constructor(options: ChainOptions) {
    this.#options = options;
    this.#tail = options.tail;
    this.#lastId = options.lastId;
    this.#canReopen = options.canReopen && options.tail.end < options.segmentBytes;
  }

  /** The segment that is written, or that was written last. */
  get lastId(): number {
    return this.#segment?.id ?? this.#tail.id;
  }

  /** The last one that was left, and how much of it is on the disk for certain. */
  get tail(): Tail {
    return this.#tail;
  }

  /** These bytes belong into the next segment; the present one must be synced before they are appended. */
  isFullFor(bytes: number): boolean {
    const segment = this.#segment;
    return segment !== undefined && !segment.isEmpty && segment.size + bytes > this.#options.segmentBytes;
  }

  async append(batch: Batch): Promise<Place> {
    if (this.isFullFor(batch.length)) await this.#leave();
    const segment = await this.open();
    const offset = await segment.append(batch.stamped(segment.synced, this.#options.salt));
    this.#options.tally.setSize(segment.id, segment.size);
    return { segment: segment.id, offset };
  }

  async sync(): Promise<void> {
    await (await this.open()).sync();
  }

  /** The segment for what comes next. */
  async open(): Promise<OpenSegment> {
    if (this.#segment !== undefined) return this.#segment;
    await this.#options.ready();
    this.#segment = this.#canReopen ? await this.#reopen() : await this.#create();
    this.#options.tally.setSize(this.#segment.id, this.#segment.size);
    return this.#segment;
  }

  /** After an error: what is not on the disk for certain will be written again, in another segment. */
  async abandon(): Promise<void> {
    await this.#leave();
    if (this.#options.tally.has(this.#tail.id)) this.#options.tally.setSize(this.#tail.id, this.#tail.end);
  }

  async close(): Promise<void> {
    await this.#leave();
  }

  async #leave(): Promise<void> {
    const segment = this.#segment;
    if (segment === undefined) return;
    this.#segment = undefined;
    this.#tail = { id: segment.id, end: segment.synced };
    await segment.close();
  }

  async #reopen(): Promise<OpenSegment> {
    this.#canReopen = false;
    return await OpenSegment.reopen(this.#options, this.#tail.id, this.#tail.end);
  }

  async #create(): Promise<OpenSegment> {
    this.#lastId += 1;
    return await OpenSegment.create(this.#options, {
      id: this.#lastId,
      salt: this.#options.salt,
      before: this.#tail,
    });
  }
}
