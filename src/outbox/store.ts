import type { Cancel } from '../kit/clock.ts';
import { reasonOf } from '../kit/errors.ts';
import type { FolderLock } from '../state/log/folder-lock.ts';
import { Book } from './book.ts';
import { Committer } from './committer.ts';
import { DiskRoom } from './disk-room.ts';
import type { Entry } from './entry.ts';
import type { NewItem } from './item.ts';
import { itemSize } from './item-record.ts';
import { OUTBOX_LIMITS, type OutboxLimits } from './limits.ts';
import type { Found } from './load.ts';
import { isFull, isTooLarge, outboxClosed } from './not-accepted.ts';
import { noteOf } from './note.ts';
import { openLine } from './open-line.ts';
import type { Outbox, OutboxOptions, OutboxStatus } from './outbox.ts';
import type { OutboxFiles } from './outbox-files.ts';
import { PayloadReader } from './payload-reader.ts';
import { makeReader, type OutboxReader, type ReaderOptions } from './reader.ts';
import { restore } from './restore.ts';
import { Segments } from './segments.ts';
import { Spares } from './spares.ts';
import { statusOf, topicCountsOf } from './status.ts';
import type { Counts } from './tally.ts';
import { Upkeep } from './upkeep.ts';
import type { Done } from './work.ts';

export type StoreOptions = OutboxOptions & { readonly files: OutboxFiles };

export interface StoreParts {
  readonly lock: FolderLock;
  readonly found: Found;
}

const SWEEP_MS = 60_000;
export const SEGMENT_BYTES = 262_144;

/** An outbox on a disk. */
export class Store implements Outbox {
  readonly #options: StoreOptions;
  readonly #limits: OutboxLimits;
  readonly #parts: StoreParts;
  readonly #book: Book;
  readonly #segments: Segments;
  readonly #room: DiskRoom;
  readonly #upkeep: Upkeep;
  readonly #committer: Committer;
  readonly #refused: Record<string, number> = {};
  readonly #payloads: PayloadReader;
  #isOpen = true;
  #sweeping: Cancel = () => undefined;
  #closing: Promise<void> | undefined;

  constructor(options: StoreOptions, parts: StoreParts) {
    const { path: folder, clock, log, files, random = Math.random, segmentBytes = SEGMENT_BYTES } = options;
    const { found } = parts;
    this.#options = options;
    this.#parts = parts;
    this.#limits = { ...OUTBOX_LIMITS, ...options.limits };
    const { alarmBytes, bytes } = this.#limits;
    const segments = new Segments({ ...found, files, folder, log, segmentBytes });
    const count = Math.floor(alarmBytes / segmentBytes);
    const spares = new Spares({ files, folder, log, count, segmentBytes });
    const onState = (): void => this.#stateChanged();
    const room = new DiskRoom({ files, folder, log, clock, onLevel: onState });
    const onLost = (): void => this.#committer.note(false);
    const book = new Book({ limits: this.#limits, onGone: (entry) => this.#gone(entry), onLost });
    const place = { folder, log, book, segments, spares, room };
    const payloads = new PayloadReader({ files, folder, log, segments, salt: found.salt });
    const payloadOf = (entry: Entry): Promise<Uint8Array | undefined> => payloads.read(entry);
    this.#upkeep = new Upkeep({ ...place, payloadOf, slackBytes: bytes / 4, damaged: found.damaged });
    this.#committer = new Committer({
      ...{ spillBytes: 32_768, spillMs: 15_000, noteMs: 15_000, cacheBytes: 2_097_152, ...options },
      ...{ ...place, clock, random, onState, salt: found.salt, ordinal: found.nextOrdinal },
      note: (ordinal) => noteOf(book, { isOpen: this.#isOpen, ordinal, at: Math.floor(clock.now()) }),
      ready: () => this.#ready(),
      tidy: () => this.#upkeep.step(this.#committer),
    });
    this.#book = book;
    this.#payloads = payloads;
    this.#segments = segments;
    this.#room = room;
  }

  /** Takes up what was found; the first note says that the outbox is open. */
  async start(hasFailed: boolean): Promise<void> {
    const { found } = this.#parts;
    this.#committer.move(restore(found, this.#book, this.#segments, this.#options.clock.now()));
    await this.#room.start();
    if (hasFailed) this.#committer.refusal.failedBefore();
    this.#committer.note(true);
    this.#sweepLater();
  }

  add(item: NewItem): Promise<void> {
    return new Promise((resolve, reject) => {
      this.offer(item, (error) => (error === undefined ? resolve() : reject(error)));
    });
  }

  offer(item: NewItem, done: Done = () => undefined): void {
    const told: Done = (error) => {
      if (error !== undefined) this.#refused[error.code] = (this.#refused[error.code] ?? 0) + 1;
      done(error);
    };
    const extras = { hasEnd: item.ttlMs !== undefined, hasKeep: item.keep !== 'all' };
    const size = itemSize(item.topic, item.payload, extras);
    if (this.#closing !== undefined) told(outboxClosed(this.#options.path));
    else if (size > this.#limits.itemBytes) told(isTooLarge(size, this.#limits.itemBytes));
    else this.#take(item, size, told);
  }

  reader(name: string, options: ReaderOptions = {}): OutboxReader {
    const { line, isNew } = openLine(this.#book, name, options.filter ?? (() => true));
    if (isNew) this.#committer.note(true);
    const world = { clock: this.#options.clock, book: this.#book, window: this.#limits.window };
    const onMoved = (): void => this.#committer.note(false);
    return makeReader(line, { ...world, onMoved, payloadOf: (entry) => this.#payloads.read(entry) }, options);
  }

  forget(name: string): void {
    const line = this.#book.readers.get(name);
    if (line === undefined) return;
    this.#book.removeReader(line);
    this.#committer.note(true);
  }

  countsByTopic(reader: string): ReadonlyMap<string, Counts> {
    return topicCountsOf(this.#book, reader);
  }

  get status(): OutboxStatus {
    const place = { book: this.#book, committer: this.#committer, segments: this.#segments, room: this.#room };
    return statusOf({ ...place, refused: this.#refused });
  }

  async flush(): Promise<void> {
    this.#committer.spill();
    await this.#committer.idle();
  }

  close(): Promise<void> {
    this.#closing ??= this.#end();
    return this.#closing;
  }

  async #end(): Promise<void> {
    this.#sweeping();
    this.#room.stop();
    await this.#committer.idle();
    this.#isOpen = false;
    await this.#committer.close();
    try {
      await this.#parts.lock.release();
    } catch (error) {
      this.#options.log.info('the lock of the outbox could not be given back', { reason: reasonOf(error) });
    }
  }

  #take(item: NewItem, size: number, told: Done): void {
    const { memoryBytes } = this.#limits;
    const { room } = this.#book;
    const entry = this.#book.accept(item, size);
    if (entry === undefined) told(isFull(room.records, room.bytes));
    else if (entry.waiting === 0) told();
    else if (entry.isSync) this.#committer.sync(entry, told);
    else {
      if (room.memoryBytes > memoryBytes) this.#book.shrinkMemory(memoryBytes);
      this.#committer.lazy();
      told();
    }
  }

  #stateChanged(): void {
    this.#options.onState?.(this.status);
    if (this.#committer.refusal.isThere) return;
    this.#upkeep.needsSpares = true;
    if (this.#room.level !== 'scarce') this.#committer.spill();
  }

  #gone(entry: Entry): void {
    if (entry.segment <= 0) return;
    this.#segments.releases(entry);
    if (this.#segments.hasPassed) this.#committer.wake();
  }

  /** Before anything is written: the lock is ours, and what did not count is not there. */
  async #ready(): Promise<void> {
    const { lock, found } = this.#parts;
    await lock.take();
    await this.#segments.removeNeedless(found.needless);
  }

  #sweepLater(): void {
    this.#sweeping = this.#options.clock.after(SWEEP_MS, () => {
      this.#book.sweep(this.#options.clock.now());
      this.#sweepLater();
    });
  }
}
