import type { Cancel } from '../kit/clock.ts';
import { HanbusError, reasonOf } from '../kit/errors.ts';
import { tellDamage } from '../state/log/damage.ts';
import type { FolderLock } from '../state/log/folder-lock.ts';
import { segmentPath } from '../state/log/open-segment.ts';
import { Book } from './book.ts';
import { Committer, type Done } from './committer.ts';
import { DiskRoom } from './disk-room.ts';
import { Entry } from './entry.ts';
import type { NewItem } from './item.ts';
import { itemSize } from './item-record.ts';
import { OUTBOX_LIMITS, type OutboxLimits } from './limits.ts';
import type { Found } from './load.ts';
import { NotAccepted } from './not-accepted.ts';
import { noteText } from './note.ts';
import type { Outbox, OutboxOptions, OutboxStatus } from './outbox.ts';
import type { OutboxFiles } from './outbox-files.ts';
import { makeReader, type OutboxReader, type ReaderOptions } from './reader.ts';
import type { ReaderLine } from './reader-line.ts';
import { Segments } from './segments.ts';
import { Spares } from './spares.ts';
import type { Counts } from './tally.ts';

export interface StoreParts {
  readonly lock: FolderLock;
  readonly found: Found;
}

/**
 * Stands for readers whose names were in a part that is damaged, with the last position that may be theirs: what waited
 * for them waits for new ones.
 */
const UNKNOWN = /^\?(\d+)$/;
const SWEEP_MS = 60_000;

/** An outbox on a disk. */
export class Store implements Outbox {
  readonly #options: OutboxOptions & { readonly files: OutboxFiles };
  readonly #limits: OutboxLimits;
  readonly #found: Found;
  readonly #lock: FolderLock;
  readonly #book: Book;
  readonly #segments: Segments;
  readonly #spares: Spares;
  readonly #room: DiskRoom;
  readonly #committer: Committer;
  readonly #refused: Record<string, number> = {};
  readonly #damaged: number[];
  readonly #toldDamage = new Set<number>();
  #needsSpares = true;
  #isOpen = true;
  #sweeping: Cancel = () => undefined;
  #closing: Promise<void> | undefined;

  constructor(options: OutboxOptions & { readonly files: OutboxFiles }, { lock, found }: StoreParts) {
    const { path: folder, clock, log, files, random = Math.random } = options;
    const { segmentBytes = 262_144, spillBytes = 32_768, spillMs = 15_000, noteMs = 15_000 } = options;
    this.#options = options;
    this.#limits = { ...OUTBOX_LIMITS, ...options.limits };
    this.#found = found;
    this.#lock = lock;
    this.#damaged = [...found.damaged];
    const place = { files, folder, log, salt: found.salt, segmentBytes };
    this.#segments = new Segments({ ...place, ...found });
    const count = Math.floor(this.#limits.alarmBytes / segmentBytes);
    this.#spares = new Spares({ files, folder, log, count, bytes: segmentBytes });
    const onState = (): void => this.#stateChanged();
    this.#room = new DiskRoom({ files, folder, log, clock, onLevel: onState });
    this.#book = new Book({
      limits: this.#limits,
      onGone: (entry) => this.#gone(entry),
      onLost: () => this.#committer.note(false),
    });
    this.#committer = new Committer({
      ...{ folder, clock, log, random, spillBytes, spillMs, noteMs, onState, salt: found.salt },
      ...{ book: this.#book, segments: this.#segments, spares: this.#spares, room: this.#room },
      ordinal: found.nextOrdinal,
      cacheBytes: options.cacheBytes ?? 2_097_152,
      note: (ordinal) => this.#note(ordinal),
      ready: () => this.#ready(),
      tidy: () => this.#tidy(),
    });
  }

  /** Takes up what was found; the first note says that the outbox is open. */
  async start(trouble: unknown): Promise<void> {
    this.#restore();
    await this.#room.start();
    if (trouble !== undefined) this.#committer.failedBefore();
    this.#committer.note(true);
    this.#again();
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
    const refusal = this.#refusalFor(size);
    if (refusal !== undefined) return told(refusal);
    const entry = this.#book.accept(item, size);
    if (entry === undefined) return told(this.#full());
    if (entry.waiting === 0) return told();
    if (entry.isSync) return this.#committer.sync(entry, told);
    if (this.#book.memoryBytes > this.#limits.memoryBytes) this.#book.shrinkMemory(this.#limits.memoryBytes);
    this.#committer.lazy();
    told();
  }

  reader(name: string, options: ReaderOptions = {}): OutboxReader {
    const known = this.#book.readers.get(name);
    if (UNKNOWN.test(name)) throw new HanbusError('HB374', `a reader cannot have the name ${name}`);
    if (known?.isOpen === true) throw new HanbusError('HB374', `the outbox has a reader ${name} already`);
    const line = known ?? this.#newReader(name);
    line.isOpen = true;
    line.wants = options.filter ?? (() => true);
    for (const entry of [...line.line]) if (!line.wants(entry.topic.name)) this.#book.unclaim(entry, line);
    const { clock } = this.#options;
    const world = { clock, book: this.#book, window: this.#limits.window };
    const onMoved = (): void => this.#committer.note(false);
    return makeReader(line, { ...world, onMoved, payloadOf: (entry) => this.#payloadOf(entry) }, options);
  }

  forget(name: string): void {
    const line = this.#book.readers.get(name);
    if (line === undefined) return;
    this.#book.removeReader(line);
    this.#committer.note(true);
  }

  countsByTopic(reader: string): ReadonlyMap<string, Counts> {
    const line = this.#book.readers.get(reader);
    const rows = new Map<string, Counts>();
    if (line === undefined) return rows;
    for (const topic of this.#book.topics) {
      const tally = topic.tallies[line.id];
      if (tally !== undefined) rows.set(topic.name, tally.counts);
    }
    return rows;
  }

  get status(): OutboxStatus {
    const { failure, written } = this.#committer;
    const { records, bytes, memoryBytes, unclaimed, readers } = this.#book;
    return {
      state: failure === undefined ? 'ok' : 'failed',
      ...(failure === undefined ? {} : { why: reasonOf(failure) }),
      room: this.#room.level,
      ...{ records, bytes, memoryBytes, unclaimed },
      diskBytes: this.#segments.size,
      written: { ...written },
      refused: { ...this.#refused },
      readers: Object.fromEntries([...readers.values()].map(({ name, tally }) => [name, tally.counts])),
    };
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
    const { log } = this.#options;
    this.#sweeping();
    this.#room.stop();
    await this.#committer.idle();
    this.#isOpen = false;
    await this.#committer.close();
    try {
      await this.#lock.release();
    } catch (error) {
      log.info('the lock of the outbox could not be given back', { reason: reasonOf(error) });
    }
  }

  #refusalFor(size: number): NotAccepted | undefined {
    const { itemBytes } = this.#limits;
    const { path } = this.#options;
    if (this.#closing !== undefined) {
      return new NotAccepted('HB370', `the outbox in ${path} is closed`, { fix: 'nothing to do: the node stops' });
    }
    if (size <= itemBytes) return undefined;
    const message = `an item of ${size} bytes is too large for the outbox`;
    return new NotAccepted('HB373', message, { fix: `${itemBytes} bytes at most` });
  }

  #full(): NotAccepted {
    const { records, bytes } = this.#book;
    const message = `the outbox is full: ${records} items, ${bytes} bytes wait`;
    return new NotAccepted('HB372', message, { fix: 'bring the destinations back, or take them out of the scheme' });
  }

  #newReader(name: string): ReaderLine {
    const unknown = [...this.#book.readers.values()].find((reader) => UNKNOWN.test(reader.name));
    const line = this.#book.addReader(name, unknown === undefined ? this.#book.nextSeq - 1 : unknown.acknowledged);
    if (line === undefined) throw new HanbusError('HB374', 'the outbox has as many readers as it can have');
    if (unknown !== undefined) this.#book.share(unknown, line);
    this.#committer.note(true);
    return line;
  }

  #stateChanged(): void {
    this.#options.onState?.(this.status);
    if (this.#committer.hasFailed) return;
    this.#needsSpares = true;
    if (this.#room.level !== 'scarce') this.#committer.spill();
  }

  #gone(entry: Entry): void {
    if (entry.segment <= 0) return;
    this.#segments.releases(entry);
    if (this.#segments.hasPassed) this.#committer.wake();
  }

  async #payloadOf(entry: Entry): Promise<Uint8Array | undefined> {
    const payload = await this.#segments.payloadOf(entry);
    if (payload !== undefined || this.#toldDamage.has(entry.segment)) return payload;
    this.#toldDamage.add(entry.segment);
    const { path, log } = this.#options;
    tellDamage(log, segmentPath(path, entry.segment), { reason: 'items cannot be read any more', kept: 'in place' });
    return undefined;
  }

  #note(ordinal: number): string {
    const readers = [...this.#book.readers.values()].map((line) => {
      line.gaps.isChanged = false;
      return { name: line.name, position: line.acknowledged, lost: line.gaps.all };
    });
    const { nextSeq } = this.#book;
    return noteText({ isOpen: this.#isOpen, nextSeq, ordinal, at: Math.floor(this.#options.clock.now()), readers });
  }

  async #ready(): Promise<void> {
    await this.#lock.take();
    const { files, path } = this.#options;
    if (this.#found.needless.length === 0) return;
    for (const id of this.#found.needless.splice(0)) await files.remove(segmentPath(path, id));
    await files.syncFolder(path);
  }

  /** A step of the work behind; false when there is none. */
  async #tidy(): Promise<boolean> {
    const damaged = this.#damaged.shift();
    if (damaged !== undefined) {
      await this.#segments.quarantine(damaged);
      return true;
    }
    await this.#segments.removePassed();
    if (this.#needsSpares && this.#room.level === 'ok') {
      this.#needsSpares = await this.#spares.refillOne();
      if (this.#needsSpares) return true;
    }
    return await this.#compact();
  }

  /** Brings what is still needed of a nearly empty file to the end, so that the file can go. */
  async #compact(): Promise<boolean> {
    const { size, liveBytes, oldest, current } = this.#segments;
    if (oldest === undefined || oldest === current || size - liveBytes <= this.#limits.bytes / 4) return false;
    const entries = [...this.#book.all].filter(({ segment }) => segment === oldest);
    for (const entry of entries) {
      entry.payload ??= await this.#payloadOf(entry);
      if (entry.payload === undefined) this.#book.drop(entry, 'damage');
    }
    this.#committer.move(entries.filter(({ waiting }) => waiting !== 0));
    return entries.length > 0;
  }

  #again(): void {
    this.#sweeping = this.#options.clock.after(SWEEP_MS, () => {
      this.#book.sweep(this.#options.clock.now());
      this.#again();
    });
  }

  #restore(): void {
    const { note, items, missing, segments } = this.#found;
    const book = this.#book;
    book.nextSeq = Math.max(note?.nextSeq ?? 1, (items.at(-1)?.seq ?? 0) + 1);
    const lastSeq = items.at(-1)?.seq ?? 0;
    const unknown = note === undefined && lastSeq > 0 ? [{ name: `?${lastSeq}`, position: 0, lost: [] }] : [];
    for (const { name, position, lost } of note?.readers ?? unknown) {
      const line = book.addReader(name, position);
      for (const one of lost) line?.gaps.add(one);
      if (line !== undefined) line.last = Number(UNKNOWN.exec(name)?.[1] ?? Number.POSITIVE_INFINITY);
      book.nextSeq = Math.max(book.nextSeq, position + 1);
    }
    for (const { id, size } of segments) this.#segments.found(id, size);
    this.#restoreItems();
    for (const line of book.readers.values()) {
      if (line.last !== Number.POSITIVE_INFINITY) line.wants = () => false;
      for (const one of missing) if (one.toSeq > line.acknowledged) line.gaps.add({ reason: 'damage', ...one });
      if (note?.isOpen === true) this.#cut(line, Math.max(note.at, items.at(-1)?.time ?? 0));
    }
    if (note?.isOpen === true) book.nextSeq += 1;
    book.sweep(this.#options.clock.now());
  }

  #restoreItems(): void {
    const rescued: Entry[] = [];
    for (const item of this.#found.items) {
      const topic = this.#book.topics.of(item.topic);
      const run = this.#book.newRun(item.isSync || item.isAlarm);
      const entry = new Entry({ ...item, topic, run, payload: item.isRescued ? item.payload : undefined });
      entry.segment = item.isRescued ? -1 : item.segment;
      entry.offset = item.offset;
      this.#segments.holds(entry);
      this.#book.restore(entry);
      if (entry.waiting === 0) continue;
      if (item.isRescued) rescued.push(entry);
    }
    this.#committer.move(rescued);
  }

  /** It was stopped hard: lazy items of the last seconds may be lost, nobody knows how many. */
  #cut(line: ReaderLine, from: number): void {
    const seq = this.#book.nextSeq;
    const to = Math.max(Math.floor(this.#options.clock.now()), from);
    line.gaps.add({ reason: 'cut', count: 0, fromSeq: seq, toSeq: seq, from, to });
  }
}
