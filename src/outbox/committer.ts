import { backoff } from '../kit/backoff.ts';
import type { Cancel, Clock } from '../kit/clock.ts';
import { reasonOf, systemCode } from '../kit/errors.ts';
import type { Log } from '../kit/log.ts';
import type { Book } from './book.ts';
import type { DiskRoom } from './disk-room.ts';
import type { Entry } from './entry.ts';
import { type Group, GroupEncoder } from './group.ts';
import { NotAccepted } from './not-accepted.ts';
import { PayloadCache } from './payload-cache.ts';
import type { Segments } from './segments.ts';
import type { Spares } from './spares.ts';

/** Hears that an item is on the disk, or why it is not. */
export type Done = (error?: NotAccepted) => void;

export interface CommitterOptions {
  readonly folder: string;
  readonly clock: Clock;
  readonly log: Log;
  readonly random: () => number;
  readonly book: Book;
  readonly segments: Segments;
  readonly spares: Spares;
  readonly room: DiskRoom;
  readonly salt: number;
  readonly ordinal: number;
  readonly spillBytes: number;
  readonly spillMs: number;
  readonly noteMs: number;
  readonly cacheBytes: number;
  /** What the outbox says of itself now. */
  readonly note: (ordinal: number) => string;
  /** What must have been done before anything is written. */
  readonly ready: () => Promise<void>;
  /** After each group, when there is nothing else to write; false when nothing was done. */
  readonly tidy: () => Promise<boolean>;
  readonly onState: () => void;
}

interface Pending {
  readonly entry: Entry;
  readonly done: Done;
}

/** A group is no larger, other than by one item. */
const GROUP_BYTES = 131_072;
/** A disk that refuses is tried again after so long: a repair is noticed within ten seconds. */
const RETRY = { firstMs: 1_000, lastMs: 8_000 };

/**
 * Puts items on the disk, one group after the other: what comes while one is written goes with the next. An error is
 * final for the file: the group is written again, once, in another one. When that fails too, nothing is promised any
 * more, and it is tried again with patience.
 */
export class Committer {
  readonly written = { times: 0, bytes: 0, syncs: 0, items: 0 };
  /** Why nothing can be stored. */
  failure: unknown;
  readonly #options: CommitterOptions;
  readonly #encoder = new GroupEncoder();
  readonly #cache: PayloadCache;
  #pending: Pending[] = [];
  /** To be written again elsewhere: found in a damaged file, or in one that is nearly empty. */
  #moving: Entry[] = [];
  #ordinal: number;
  #mustSpill = false;
  #mustNote = false;
  #isAsked = false;
  #isClosed = false;
  #failures = 0;
  #running: Promise<void> | undefined;
  readonly #timers: { spill?: Cancel | undefined; note?: Cancel | undefined; retry?: Cancel | undefined } = {};

  constructor(options: CommitterOptions) {
    this.#options = options;
    this.#ordinal = options.ordinal;
    this.#cache = new PayloadCache(options.cacheBytes);
  }

  get hasFailed(): boolean {
    return this.failure !== undefined;
  }

  sync(entry: Entry, done: Done): void {
    this.#pending.push({ entry, done });
    if (this.failure !== undefined && !this.#canUseSpare(entry)) this.#refuse(this.#pending.splice(0));
    else this.wake();
  }

  /** A lazy one has come into memory. */
  lazy(): void {
    const { book, spillBytes, spillMs } = this.#options;
    if (book.memoryBytes >= spillBytes && this.#canSpill) this.wake();
    else this.#arm('spill', spillMs, () => this.spill());
  }

  /** Writes all that is in memory only. */
  spill(): void {
    if (this.#options.book.memoryBytes === 0) return;
    this.#mustSpill = true;
    this.wake();
  }

  /** What the outbox says of itself has changed: at once, or with the next group, at the latest after `noteMs`. */
  note(isUrgent: boolean): void {
    if (isUrgent) {
      this.#mustNote = true;
      this.wake();
    } else this.#arm('note', this.#options.noteMs, () => this.note(true));
  }

  move(entries: readonly Entry[]): void {
    for (const entry of entries) entry.isHeld = true;
    this.#moving.push(...entries);
    this.wake();
  }

  wake(): void {
    this.#isAsked = true;
    this.#running ??= this.#run();
  }

  /** Resolves when nothing is being written. */
  async idle(): Promise<void> {
    while (this.#running !== undefined) await this.#running;
  }

  /** One more try for all that is there. */
  async close(): Promise<void> {
    this.#stopTimers();
    this.#isClosed = true;
    this.#mustSpill = true;
    this.#mustNote = true;
    await this.idle();
    this.wake();
    await this.idle();
    this.#stopTimers();
    await this.#options.segments.leave();
  }

  #stopTimers(): void {
    for (const cancel of Object.values(this.#timers)) cancel?.();
    this.#timers.retry = undefined;
  }

  get #canSpill(): boolean {
    return this.#isClosed || this.#options.room.level !== 'scarce';
  }

  #arm(timer: 'spill' | 'note' | 'retry', ms: number, task: () => void): void {
    if (this.#isClosed) return;
    this.#timers[timer] ??= this.#options.clock.after(ms, () => {
      this.#timers[timer] = undefined;
      task();
    });
  }

  async #run(): Promise<void> {
    await Promise.resolve(); // who asks in this turn shares what comes
    while (this.#isAsked) {
      this.#isAsked = false;
      while (await this.#step());
    }
    this.#running = undefined;
  }

  /** False when there is nothing to do. Never throws. */
  async #step(): Promise<boolean> {
    if (this.#timers.retry !== undefined) return await this.#alarms();
    // What was kept for alarms is not for others.
    if (this.failure !== undefined) await this.#options.segments.leave();
    const taken = this.#take();
    if (taken === undefined) return await this.#tidy();
    const before = this.#options.segments.current;
    try {
      await this.#write(taken.group);
    } catch (error) {
      await this.#failed(taken, error);
      return true;
    }
    this.#succeeded(taken);
    // Without a pause there is no other time for it.
    if (this.#options.segments.current !== before) await this.#tidy();
    return true;
  }

  async #tidy(): Promise<boolean> {
    try {
      return await this.#options.tidy();
    } catch (error) {
      const { folder, log } = this.#options;
      log.info('the outbox could not be tidied up', { path: folder, reason: reasonOf(error) });
      return false;
    }
  }

  #take(isAlarmOnly = false): Taken | undefined {
    const taken: Taken = { sync: [], lazy: [], moved: [], group: { entries: [], bytes: 0 } };
    const entries: Entry[] = [];
    let bytes = 0;
    const hasRoom = (): boolean => bytes < GROUP_BYTES;
    const add = (entry: Entry): void => {
      entries.push(entry);
      bytes += entry.size;
    };
    let used = 0;
    while (hasRoom() && used < this.#pending.length) {
      const pending = this.#pending[used];
      used += 1;
      if (pending === undefined) continue;
      taken.sync.push(pending);
      // Whoever waited for it may have it by now.
      if (pending.entry.waiting !== 0) add(pending.entry);
    }
    this.#pending = used === this.#pending.length ? [] : this.#pending.slice(used);
    if (!isAlarmOnly) this.#takeOthers(taken, { add, hasRoom });
    const isNothing = taken.sync.length === 0 && entries.length === 0 && !this.#mustNote;
    return isNothing ? undefined : { ...taken, group: { entries, bytes } };
  }

  #takeOthers(taken: Taken, { add, hasRoom }: { add: (entry: Entry) => void; hasRoom: () => boolean }): void {
    const { book, spillBytes } = this.#options;
    while (hasRoom() && this.#moving.length > 0) {
      const entry = this.#moving.shift();
      if (entry === undefined || entry.waiting === 0) continue;
      taken.moved.push(entry);
      add(entry);
    }
    if (!this.#canSpill || !(this.#mustSpill || book.memoryBytes >= spillBytes)) return;
    for (let entry = book.memory.first(); entry !== undefined && hasRoom(); entry = book.memory.first()) {
      book.leavesMemory(entry);
      taken.lazy.push(entry);
      add(entry);
    }
    if (book.memoryBytes === 0) this.#mustSpill = false;
  }

  async #write(group: Group, spare?: () => string | undefined): Promise<void> {
    if (group.entries.length === 0 && !this.#mustNote) return;
    const { segments, salt, ready, note } = this.#options;
    await ready();
    const { segment, isNew } = await segments.ready(group.bytes, spare);
    const text = isNew || this.#mustNote ? note(this.#ordinal) : undefined;
    const stamp = { synced: segment.synced, salt, ordinal: this.#ordinal, note: text };
    const { bytes, offsets } = this.#encoder.encode(group, stamp);
    const from = await segment.append(bytes);
    await segment.sync();
    segments.grew();
    this.written.times += 1;
    this.written.bytes += bytes.length;
    this.written.syncs += 1;
    this.written.items += group.entries.length;
    if (text !== undefined) this.#noted();
    this.#ordinal = (this.#ordinal + group.entries.length) % 2 ** 32;
    let index = 0;
    for (const entry of group.entries) {
      this.#settle(entry, segment.id, from + (offsets[index] ?? 0));
      index += 1;
    }
  }

  #noted(): void {
    this.#mustNote = false;
    this.#timers.note?.();
    this.#timers.note = undefined;
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

  #succeeded({ sync }: Taken): void {
    this.#failures = 0;
    if (this.failure !== undefined) {
      const { folder, log, onState } = this.#options;
      this.failure = undefined;
      log.info('the outbox is kept on disk again', { path: folder });
      onState();
    }
    for (const { done } of sync) done();
    if (this.#options.book.memoryBytes === 0) {
      this.#timers.spill?.();
      this.#timers.spill = undefined;
    }
  }

  /** What was taken is back where it was; who waits is told when it failed twice. */
  async #failed(taken: Taken, error: unknown): Promise<void> {
    const { book, segments, random, room } = this.#options;
    await segments.abandon();
    book.returnToMemory(taken.lazy);
    this.#moving.unshift(...taken.moved);
    this.#pending.unshift(...taken.sync);
    this.#failures += 1;
    if (taken.lazy.length > 0) this.#mustSpill = true;
    if (this.#failures === 1) return;
    this.#tell(error);
    const waitMs = backoff(this.#failures - 1, random, RETRY);
    if (this.#isClosed) {
      this.#refuse(this.#pending.splice(0));
      this.#moving = [];
      this.#mustNote = false;
      this.#mustSpill = false;
      this.#isAsked = false;
      this.#timers.retry = () => undefined;
      return;
    }
    this.#arm('retry', waitMs, () => {
      void room.look();
      this.#mustNote = true;
      this.wake();
    });
    this.#refuse(this.#pending.filter(({ entry }) => !this.#canUseSpare(entry)));
    this.#pending = this.#pending.filter(({ entry }) => this.#canUseSpare(entry));
  }

  /** While the disk is full: alarms go into the room that was kept for them. */
  async #alarms(): Promise<boolean> {
    if (this.#pending.length === 0) return false;
    const taken = this.#take(true);
    if (taken === undefined) return false;
    const { segments, spares } = this.#options;
    try {
      await this.#write(taken.group, () => spares.take());
      for (const { done } of taken.sync) done();
    } catch (error) {
      await segments.abandon();
      this.failure = error;
      this.#refuse(taken.sync);
    }
    return this.#pending.length > 0;
  }

  #canUseSpare(entry: Entry): boolean {
    const { segments, spares } = this.#options;
    const isFull = systemCode(this.failure) === 'ENOSPC';
    return entry.isAlarm && isFull && !this.#isClosed && (segments.current !== undefined || spares.count > 0);
  }

  #refuse(refused: readonly Pending[]): void {
    const { folder, book } = this.#options;
    for (const { entry, done } of refused) {
      book.withdraw(entry);
      const message = `the outbox in ${folder} cannot be written now: ${reasonOf(this.failure)}`;
      done(
        new NotAccepted('HB370', message, { fix: `free some space, or make ${folder} writable`, cause: this.failure }),
      );
    }
  }

  /** Opening has failed once already. */
  failedBefore(): void {
    this.#failures = 1;
  }

  /** Nothing can be stored now. Logged once. */
  #tell(error: unknown): void {
    const { folder, log, onState } = this.#options;
    const isNews = this.failure === undefined;
    this.failure = error;
    if (!isNews) return;
    const fix = `free some space, or make ${folder} writable for hanbus; until then lazy items live in memory`;
    log.error('the outbox cannot be kept on disk', { code: 'HB371', path: folder, reason: reasonOf(error), fix });
    onState();
  }
}

interface Taken {
  readonly sync: Pending[];
  readonly lazy: Entry[];
  readonly moved: Entry[];
  readonly group: Group;
}
