import type { Clock } from '../kit/clock.ts';
import type { Book } from './book.ts';
import type { DiskRoom } from './disk-room.ts';
import type { Entry } from './entry.ts';
import { GroupWriter, type GroupWriterOptions } from './group-writer.ts';
import { Refusal, type RefusalOptions } from './refusal.ts';
import type { Spares } from './spares.ts';
import { Timers } from './timers.ts';
import { type Done, type Taken, Work } from './work.ts';

export interface CommitterOptions extends GroupWriterOptions, RefusalOptions {
  readonly clock: Clock;
  readonly book: Book;
  readonly spares: Spares;
  readonly room: DiskRoom;
  readonly spillBytes: number;
  readonly spillMs: number;
  readonly noteMs: number;
  /** A step of the work behind; false when there is none. Never throws. */
  readonly tidy: () => Promise<boolean>;
}

const NOTHING: Taken = { sync: [], lazy: [], moved: [], group: { entries: [], bytes: 0 } };

/**
 * Puts items on the disk, one group after the other: what comes while one is written goes with the next. An error is
 * final for the file: the group is written again, once, in another one. When that fails too, nothing is promised any
 * more, and it is tried again with patience.
 */
export class Committer {
  readonly writer: GroupWriter;
  /** Whether the disk refuses. */
  readonly refusal: Refusal;
  readonly #options: CommitterOptions;
  readonly #work: Work;
  #mustSpill = false;
  #mustNote = false;
  #isAsked = false;
  #isClosed = false;
  /** The last try while closing has failed. */
  #hasGivenUp = false;
  #running: Promise<void> | undefined;
  readonly #timers: Timers;

  constructor(options: CommitterOptions) {
    this.#options = options;
    this.writer = new GroupWriter(options);
    this.refusal = new Refusal(options);
    this.#work = new Work(options.book.room);
    this.#timers = new Timers(options.clock);
  }

  sync(entry: Entry, done: Done): void {
    if (this.refusal.isThere && !this.#canUseSpare(entry)) this.refusal.tellAll([{ entry, done }]);
    else {
      this.#work.pending.push({ entry, done });
      this.wake();
    }
  }

  /** A lazy one has come into memory. */
  lazy(): void {
    if (this.#isSpillDue) this.wake();
    else this.#timers.arm('spill', this.#options.spillMs, () => this.spill());
  }

  /** Writes all that is in memory only. */
  spill(): void {
    if (this.#options.book.room.memoryBytes === 0) return;
    this.#mustSpill = true;
    this.wake();
  }

  /** What the outbox says of itself has changed: it is written at once, or after `noteMs`. */
  note(isUrgent: boolean): void {
    if (isUrgent) {
      this.#mustNote = true;
      this.wake();
    } else this.#timers.arm('note', this.#options.noteMs, () => this.note(true));
  }

  /** These are to be written again, elsewhere. */
  move(entries: readonly Entry[]): void {
    for (const entry of entries) entry.isHeld = true;
    this.#work.moving.push(...entries);
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
    this.#timers.stop();
    this.#isClosed = true;
    this.#mustSpill = true;
    this.#mustNote = true;
    this.wake();
    await this.idle();
    await this.#options.segments.leave();
  }

  get #isSpillDue(): boolean {
    const { book, room, spillBytes } = this.#options;
    const maySpill = this.#isClosed || room.level !== 'scarce';
    return maySpill && (this.#mustSpill || book.room.memoryBytes >= spillBytes);
  }

  async #run(): Promise<void> {
    await Promise.resolve(); // who asks in this turn shares what comes
    while (this.#isAsked) {
      this.#isAsked = false;
      while (!this.#hasGivenUp && (await this.#step()));
    }
    this.#running = undefined;
  }

  /** False when there is nothing to do. Never throws. */
  async #step(): Promise<boolean> {
    const { segments } = this.#options;
    if (this.#timers.has('retry')) return await this.#writeAlarms();
    // What was kept for alarms is not for others.
    if (this.refusal.isThere) await segments.leave();
    const taken = this.#work.take({ spills: this.#isSpillDue, moves: true });
    if (taken === undefined && !this.#mustNote) return await this.#options.tidy();
    const before = segments.current;
    const isWritten = await this.#write(taken ?? NOTHING);
    // Without a pause there is no other time for it.
    if (isWritten && segments.current !== before) await this.#options.tidy();
    return true;
  }

  async #write(taken: Taken): Promise<boolean> {
    try {
      if (await this.writer.write(taken.group, { notes: this.#mustNote })) this.#noted();
    } catch (error) {
      await this.#failed(taken, error);
      return false;
    }
    this.refusal.over();
    for (const { done } of taken.sync) done();
    if (this.#options.book.room.memoryBytes > 0) return true;
    this.#mustSpill = false;
    this.#timers.cancel('spill');
    return true;
  }

  #noted(): void {
    this.#mustNote = false;
    this.#timers.cancel('note');
  }

  /** What was taken is back where it was; who waits is told when it failed twice. */
  async #failed(taken: Taken, error: unknown): Promise<void> {
    await this.#options.segments.abandon();
    this.#work.giveBack(taken);
    if (taken.lazy.length > 0) this.#mustSpill = true;
    const waitMs = this.refusal.failed(error);
    if (waitMs === undefined) return;
    this.#hasGivenUp = this.#isClosed;
    this.#timers.arm('retry', waitMs, () => {
      this.#mustNote = true;
      void this.#options.room.look();
      this.wake();
    });
    const { pending } = this.#work;
    this.#work.pending = pending.filter(({ entry }) => this.#canUseSpare(entry));
    this.refusal.tellAll(pending.filter(({ entry }) => !this.#canUseSpare(entry)));
  }

  /** While the disk is full: alarms go into the room that was kept for them. */
  async #writeAlarms(): Promise<boolean> {
    const taken = this.#work.take({ spills: false, moves: false });
    if (taken === undefined) return false;
    const { segments, spares } = this.#options;
    try {
      const spare = (): string | undefined => spares.take();
      if (await this.writer.write(taken.group, { notes: this.#mustNote, spare })) this.#noted();
      for (const { done } of taken.sync) done();
    } catch (error) {
      await segments.abandon();
      this.refusal.cause = error;
      this.refusal.tellAll(taken.sync);
    }
    return true;
  }

  #canUseSpare({ isAlarm }: Entry): boolean {
    const { segments, spares } = this.#options;
    const hasRoom = segments.current !== undefined || spares.count > 0;
    return isAlarm && hasRoom && this.refusal.isFullDisk && !this.#isClosed;
  }
}
