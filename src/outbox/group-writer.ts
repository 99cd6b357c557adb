import type { Entry } from './entry.ts';
import { type Group, GroupEncoder } from './group.ts';
import { PayloadCache } from './payload-cache.ts';
import type { Segments } from './segments.ts';

export interface GroupWriterOptions {
  readonly segments: Segments;
  readonly salt: number;
  /** The number of the next item. */
  readonly ordinal: number;
  readonly cacheBytes: number;
  /** What the outbox says of itself now. */
  readonly note: (ordinal: number) => string;
  /** What must have been done before anything is written. */
  readonly ready: () => Promise<void>;
}

export interface GroupWish {
  /** With a note, whether the segment is new or not. */
  readonly notes: boolean;
  /** Gives a file to make the next segment of. */
  readonly spare?: () => string | undefined;
}

/** Puts one group on the disk: one write, one sync. */
export class GroupWriter {
  readonly written = { times: 0, bytes: 0, syncs: 0, items: 0 };
  readonly #options: GroupWriterOptions;
  readonly #encoder = new GroupEncoder();
  readonly #cache: PayloadCache;
  #ordinal: number;

  constructor(options: GroupWriterOptions) {
    this.#options = options;
    this.#ordinal = options.ordinal;
    this.#cache = new PayloadCache(options.cacheBytes);
  }

  /** True when a note was written with it. Throws what the disk says: then nothing of it counts. */
  async write(group: Group, { notes, spare }: GroupWish): Promise<boolean> {
    if (group.entries.length === 0 && !notes) return false;
    const { segments, salt, ready, note } = this.#options;
    await ready();
    const { segment, isNew } = await segments.ready(group.bytes, spare);
    const text = isNew || notes ? note(this.#ordinal) : undefined;
    const stamp = { synced: segment.synced, salt, ordinal: this.#ordinal, note: text };
    const { bytes, offsets } = this.#encoder.encode(group, stamp);
    const from = await segment.append(bytes);
    await segment.sync();
    segments.grew();
    this.#count(group, bytes.length);
    let index = 0;
    for (const entry of group.entries) {
      this.#settle(entry, segment.id, from + (offsets[index] ?? 0));
      index += 1;
    }
    return text !== undefined;
  }

  #count({ entries }: Group, bytes: number): void {
    this.written.times += 1;
    this.written.bytes += bytes;
    this.written.syncs += 1;
    this.written.items += entries.length;
    this.#ordinal = (this.#ordinal + entries.length) % 2 ** 32;
  }

  #settle(entry: Entry, segment: number, offset: number): void {
    if (entry.waiting === 0) return;
    const { segments } = this.#options;
    segments.releases(entry);
    entry.isHeld = false;
    entry.segment = segment;
    entry.offset = offset;
    segments.holds(entry);
    this.#cache.add(entry);
  }
}
