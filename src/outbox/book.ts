import { Entry } from './entry.ts';
import type { DropReason, NewItem } from './item.ts';
import type { OutboxLimits } from './limits.ts';
import { Line } from './line.ts';
import { ReaderLine } from './reader-line.ts';
import { Topics } from './topic.ts';

/** Earlier than any hanbus: the clock was not set when it was asked. */
const CLOCK_SET_MS = 1_600_000_000_000;
/** One bit each. */
const MOST_READERS = 31;

export interface BookOptions {
  readonly limits: OutboxLimits;
  /** No reader waits for it any more. */
  readonly onGone: (entry: Entry) => void;
  /** Somebody has lost something. */
  readonly onLost: () => void;
}

/** What waits for whom: the outbox without the disk. */
export class Book {
  readonly topics: Topics;
  readonly readers = new Map<string, ReaderLine>();
  /** Lazy items that are in memory only, and their bytes. */
  memory = new Line<Entry>((entry) => entry.waiting !== 0 && entry.segment === 0);
  memoryBytes = 0;
  bytes = 0;
  records = 0;
  nextSeq = 1;
  /** Items that no reader wanted. */
  unclaimed = 0;
  readonly #all = new Line<Entry>((entry) => entry.waiting !== 0);
  readonly #lazy = new Line<Entry>((entry) => entry.waiting !== 0);
  readonly #options: BookOptions;
  #list: readonly ReaderLine[] = [];
  #alarmBytes = 0;
  #run = 0;

  constructor(options: BookOptions) {
    this.#options = options;
    this.topics = new Topics(options.limits.topics);
  }

  /** All that waits, oldest first. */
  get all(): Iterable<Entry> {
    return this.#all;
  }

  /** One more reader; what is there already waits for it from `position` on when `takesOld`. Undefined: too many. */
  addReader(name: string, position: number): ReaderLine | undefined {
    const used = new Set(this.#list.map(({ id }) => id));
    const id = Array.from({ length: MOST_READERS }, (_, index) => index).find((index) => !used.has(index));
    if (id === undefined) return undefined;
    const reader = new ReaderLine(name, id, position);
    this.readers.set(name, reader);
    this.#list = [...this.#list, reader];
    return reader;
  }

  removeReader(reader: ReaderLine): void {
    this.readers.delete(reader.name);
    this.#list = this.#list.filter((other) => other !== reader);
    for (const entry of [...reader.line]) this.#withdraw(entry, reader);
    for (const topic of this.topics) topic.forget(reader.id);
  }

  /** Undefined: there is no room for it. A lazy item always has room: older ones go. */
  accept(item: NewItem, size: number): Entry | undefined {
    const isAlarm = item.priority === 'alarm';
    const isSync = item.class === 'sync';
    const isHeld = isSync || isAlarm;
    if (!this.#makeRoom(size, isAlarm) && isHeld) return undefined;
    if (isHeld) this.#run += 1;
    const entry = new Entry({
      seq: this.nextSeq,
      topic: this.topics.of(item.topic),
      time: item.time,
      expiresAt: this.#expiryOf(item),
      isSync,
      isAlarm,
      keep: item.keep === 'all' ? 0 : item.keep === 'latest' ? 1 : item.keep.last,
      run: this.#run,
      size,
      payload: item.payload,
    });
    this.nextSeq += 1;
    if (!this.#assign(entry)) this.unclaimed += 1;
    else if (!isHeld && !this.#fits(0)) this.drop(entry, 'full');
    return entry;
  }

  /** One that was found on the disk. */
  restore(entry: Entry): void {
    this.nextSeq = Math.max(this.nextSeq, entry.seq + 1);
    this.#assign(entry, (reader) => entry.seq <= reader.last && !reader.gaps.covers(entry));
  }

  /** What waits for one reader waits for another one as well. */
  share(from: ReaderLine, to: ReaderLine): void {
    for (const entry of from.line) if (to.wants(entry.topic.name)) this.#give(entry, to);
  }

  newRun(isHeld: boolean): number {
    if (isHeld) this.#run += 1;
    return this.#run;
  }

  /** It was not accepted after all. */
  withdraw(entry: Entry): void {
    for (const reader of this.#list) if ((entry.waiting & reader.bit) !== 0) this.#withdraw(entry, reader);
  }

  /** The reader has it. */
  delivered(entry: Entry, reader: ReaderLine): void {
    reader.tally.delivered += 1;
    entry.topic.tally(reader.id).delivered += 1;
    this.#leave(entry, reader);
  }

  expire(entry: Entry): void {
    for (const reader of this.#list) {
      if ((entry.waiting & reader.bit) === 0) continue;
      reader.tally.expired += 1;
      entry.topic.tally(reader.id).expired += 1;
      this.#leave(entry, reader);
    }
  }

  /** All that wait for it lose it, and are told in its place. */
  drop(entry: Entry, reason: Exclude<DropReason, 'superseded'>): void {
    for (const reader of this.#list) {
      if ((entry.waiting & reader.bit) === 0) continue;
      reader.gaps.lose(entry, reason);
      this.#count(entry, reader, reason);
      this.#wake(reader);
    }
    this.#options.onLost();
  }

  /** The reader does not want it: it was given to all readers before it was known what this one wants. */
  unclaim(entry: Entry, reader: ReaderLine): void {
    this.#withdraw(entry, reader);
  }

  /** Gives up what is too old, and what holds no more. */
  sweep(now: number): void {
    const oldest = now - this.#options.limits.ageMs;
    for (const entry of [...this.#all]) {
      if (entry.expiresAt <= now) this.expire(entry);
      else if (entry.time <= oldest && entry.time >= CLOCK_SET_MS) this.drop(entry, 'age');
    }
  }

  /** The oldest of what is in memory only go until the rest is small enough. */
  shrinkMemory(bytes: number): void {
    while (this.memoryBytes > bytes) {
      const entry = this.memory.first();
      if (entry === undefined) return;
      this.drop(entry, 'full');
    }
  }

  /** They could not be written: they are in memory only, before all others. */
  returnToMemory(entries: readonly Entry[]): void {
    const younger = [...this.memory];
    this.memory = new Line((entry) => entry.waiting !== 0 && entry.segment === 0);
    this.memoryBytes = 0;
    for (const entry of [...entries, ...younger]) if (entry.waiting !== 0) this.#remember(entry);
  }

  /** It is on its way to the disk. */
  leavesMemory(entry: Entry): void {
    entry.segment = -1;
    this.memoryBytes -= entry.size;
    this.memory.gone();
  }

  #remember(entry: Entry): void {
    entry.segment = 0;
    this.memory.push(entry);
    this.memoryBytes += entry.size;
  }

  #expiryOf({ time, ttlMs }: NewItem): number {
    return ttlMs === undefined || time < CLOCK_SET_MS ? Number.POSITIVE_INFINITY : time + ttlMs;
  }

  #fits(more: number): boolean {
    const { bytes, records } = this.#options.limits;
    return this.records + (more > 0 ? 1 : 0) <= records && this.bytes + more <= bytes;
  }

  #makeRoom(size: number, isAlarm: boolean): boolean {
    while (!this.#fits(size)) {
      if (isAlarm && this.#alarmBytes + size <= this.#options.limits.alarmBytes) return true;
      const oldest = this.#lazy.first();
      if (oldest === undefined) return false;
      this.drop(oldest, 'full');
    }
    return true;
  }

  /** False when nobody wants it. */
  #assign(entry: Entry, isFor?: (reader: ReaderLine) => boolean): boolean {
    const { name } = entry.topic;
    for (const reader of this.#list) {
      if (entry.seq <= reader.acknowledged || !reader.wants(name)) continue;
      if (isFor === undefined || isFor(reader)) this.#give(entry, reader);
    }
    if (entry.waiting === 0) return false;
    this.#join(entry);
    for (const reader of this.#list) if ((entry.waiting & reader.bit) !== 0) this.#wake(reader);
    return true;
  }

  #give(entry: Entry, reader: ReaderLine): void {
    const tally = entry.topic.tally(reader.id);
    entry.waiting |= reader.bit;
    reader.line.push(entry);
    reader.tally.accepted += 1;
    reader.tally.queued += 1;
    tally.accepted += 1;
    tally.queued += 1;
  }

  #wake(reader: ReaderLine): void {
    const { onMore } = reader;
    reader.onMore = undefined;
    onMore?.();
  }

  #join(entry: Entry): void {
    this.records += 1;
    this.bytes += entry.size;
    if (entry.isAlarm) this.#alarmBytes += entry.size;
    this.#all.push(entry);
    if (!entry.isSync && !entry.isAlarm) this.#lazy.push(entry);
    if (entry.segment === 0 && !entry.isSync) this.#remember(entry);
    if (entry.keep === 0) return;
    const { kept } = entry.topic;
    kept.push(entry);
    while (kept.size > entry.keep && this.#supersede(kept.first()));
  }

  /** False when somebody has it in his hands: it stays for him. */
  #supersede(entry: Entry | undefined): boolean {
    if (entry === undefined) return false;
    for (const reader of this.#list) {
      const isWaiting = (entry.waiting & reader.bit) !== 0 && reader.pulled < entry.seq;
      if (isWaiting) this.#count(entry, reader, 'superseded');
    }
    return entry.waiting === 0;
  }

  #count(entry: Entry, reader: ReaderLine, reason: DropReason): void {
    reader.tally.dropped[reason] += 1;
    entry.topic.tally(reader.id).dropped[reason] += 1;
    this.#leave(entry, reader);
  }

  #withdraw(entry: Entry, reader: ReaderLine): void {
    reader.tally.accepted -= 1;
    entry.topic.tally(reader.id).accepted -= 1;
    this.#leave(entry, reader);
  }

  #leave(entry: Entry, reader: ReaderLine): void {
    entry.waiting &= ~reader.bit;
    if (entry.seq <= reader.pulled) reader.open -= 1;
    reader.tally.queued -= 1;
    entry.topic.tally(reader.id).queued -= 1;
    reader.line.gone();
    if (entry.waiting === 0) this.#bury(entry);
  }

  #bury(entry: Entry): void {
    this.records -= 1;
    this.bytes -= entry.size;
    if (entry.isAlarm) this.#alarmBytes -= entry.size;
    this.#all.gone();
    if (!entry.isSync && !entry.isAlarm) this.#lazy.gone();
    if (entry.segment === 0 && !entry.isSync) {
      this.memoryBytes -= entry.size;
      this.memory.gone();
    }
    if (entry.keep !== 0) entry.topic.kept.gone();
    this.#options.onGone(entry);
  }
}
