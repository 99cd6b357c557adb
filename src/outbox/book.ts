import { BookRoom } from './book-room.ts';
import { CLOCK_SET_MS, type Entry, entryOf } from './entry.ts';
import type { DropReason, NewItem } from './item.ts';
import type { OutboxLimits } from './limits.ts';
import { freeId, ReaderLine } from './reader-line.ts';
import { Topics } from './topic.ts';

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
  readonly room: BookRoom;
  nextSeq = 1;
  /** Items that no reader wanted. */
  unclaimed = 0;
  readonly #options: BookOptions;
  #list: readonly ReaderLine[] = [];
  #run = 0;

  constructor(options: BookOptions) {
    this.#options = options;
    this.topics = new Topics(options.limits.topics);
    this.room = new BookRoom(options.limits);
  }

  /** One more reader, for what comes behind `position`. Undefined: too many. */
  addReader(name: string, position: number): ReaderLine | undefined {
    const id = freeId(this.#list);
    if (id === undefined) return undefined;
    const reader = new ReaderLine(name, id, position);
    this.readers.set(name, reader);
    this.#list = [...this.#list, reader];
    return reader;
  }

  removeReader(reader: ReaderLine): void {
    this.readers.delete(reader.name);
    for (const entry of reader.line) this.withdraw(entry, [reader]);
    this.#list = this.#list.filter((other) => other !== reader);
    for (const topic of this.topics) topic.forget(reader.id);
  }

  /** Undefined: no room. A lazy item always has room: older ones go. */
  accept(item: NewItem, size: number): Entry | undefined {
    const isAlarm = item.priority === 'alarm';
    const isHeld = isAlarm || item.class === 'sync';
    if (!this.#makeRoom(size, isAlarm) && isHeld) return undefined;
    const place = { seq: this.nextSeq, topic: this.topics.of(item.topic), run: this.newRun(isHeld), size };
    const entry = entryOf(item, place);
    this.nextSeq += 1;
    if (!this.#assign(entry)) this.unclaimed += 1;
    else if (!isHeld && !this.room.isWithin) this.drop(entry, 'full');
    return entry;
  }

  /** One that was found on the disk. */
  restore(entry: Entry): void {
    this.nextSeq = Math.max(this.nextSeq, entry.seq + 1);
    this.#assign(entry, (reader) => entry.seq <= reader.last && !reader.gaps.covers(entry));
  }

  /** The number of the run of the next item. */
  newRun(isHeld: boolean): number {
    this.#run += isHeld ? 1 : 0;
    return this.#run;
  }

  /** What waits for one reader waits for another one as well. */
  share(from: ReaderLine, to: ReaderLine): void {
    for (const entry of from.line) if (to.wants(entry.topic.name)) this.#give(entry, to);
  }

  /** It was not accepted after all: by any reader, or by these that do not want it. */
  withdraw(entry: Entry, readers: readonly ReaderLine[] = this.#waitingFor(entry)): void {
    for (const reader of readers) {
      reader.tally.accepted -= 1;
      entry.topic.tally(reader.id).accepted -= 1;
      this.#leave(entry, reader);
    }
  }

  /** The reader has it. */
  delivered(entry: Entry, reader: ReaderLine): void {
    reader.tally.delivered += 1;
    entry.topic.tally(reader.id).delivered += 1;
    this.#leave(entry, reader);
  }

  expire(entry: Entry): void {
    for (const reader of this.#waitingFor(entry)) {
      reader.tally.expired += 1;
      entry.topic.tally(reader.id).expired += 1;
      this.#leave(entry, reader);
    }
  }

  /** All that wait for it lose it, and are told in its place. */
  drop(entry: Entry, reason: Exclude<DropReason, 'superseded'>): void {
    for (const reader of this.#waitingFor(entry)) {
      reader.gaps.lose(entry, reason);
      this.#lose(entry, reader, reason);
      reader.wake();
    }
    this.#options.onLost();
  }

  /** Gives up what is too old, and what holds no more. */
  sweep(now: number): void {
    const oldest = now - this.#options.limits.ageMs;
    for (const entry of this.room.all) {
      if (entry.expiresAt <= now) this.expire(entry);
      else if (entry.time <= oldest && entry.time >= CLOCK_SET_MS) this.drop(entry, 'age');
    }
  }

  /** The oldest of what is in memory only go until the rest is small enough. */
  shrinkMemory(bytes: number): void {
    const first = (): Entry | undefined => (this.room.memoryBytes > bytes ? this.room.firstInMemory : undefined);
    for (let entry = first(); entry !== undefined; entry = first()) this.drop(entry, 'full');
  }

  #waitingFor({ waiting }: Entry): readonly ReaderLine[] {
    return this.#list.filter(({ bit }) => (waiting & bit) !== 0);
  }

  #makeRoom(size: number, isAlarm: boolean): boolean {
    while (!this.room.fits(size, isAlarm)) {
      const oldest = this.room.firstLoose;
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
    this.room.join(entry);
    if (entry.keep !== 0) this.#supersede(entry);
    for (const reader of this.#list) if ((entry.waiting & reader.bit) !== 0) reader.wake();
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

  /** Older ones of the topic go, as `keep` wants it; not those that somebody has in his hands. */
  #supersede(entry: Entry): void {
    const { keep, topic } = entry;
    const { kept } = topic;
    kept.push(entry);
    let over = kept.size - keep;
    for (const older of kept) {
      if (over <= 0) return;
      over -= 1;
      for (const reader of this.#waitingFor(older)) {
        if (reader.pulled < older.seq) this.#lose(older, reader, 'superseded');
      }
    }
  }

  #lose(entry: Entry, reader: ReaderLine, reason: DropReason): void {
    reader.tally.dropped[reason] += 1;
    entry.topic.tally(reader.id).dropped[reason] += 1;
    this.#leave(entry, reader);
  }

  #leave(entry: Entry, reader: ReaderLine): void {
    entry.waiting &= ~reader.bit;
    if (entry.seq <= reader.pulled) reader.open -= 1;
    reader.tally.queued -= 1;
    entry.topic.tally(reader.id).queued -= 1;
    reader.line.gone();
    if (entry.waiting !== 0) return;
    this.room.leave(entry);
    if (entry.keep !== 0) entry.topic.kept.gone();
    this.#options.onGone(entry);
  }
}
