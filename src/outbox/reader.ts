import type { Clock } from '../kit/clock.ts';
import type { Book } from './book.ts';
import type { Entry } from './entry.ts';
import type { Delivery, Gap, Item } from './item.ts';
import type { ReaderLine } from './reader-line.ts';
import type { Counts } from './tally.ts';

export interface ReaderOptions {
  /** Which topics are for this reader; always the same answer for the same topic. Default: all. */
  readonly filter?: (topic: string) => boolean;
  /** Called, not at once, when there is something after `pull` gave nothing. */
  readonly onMore?: () => void;
}

/**
 * One destination. It gets items in the order in which they were accepted, at least once: what was pulled and not
 * acknowledged comes again after `rewind` and after a restart.
 */
export interface OutboxReader {
  readonly name: string;
  /** What comes next, at most so many; none when there is nothing, or too much is not acknowledged. */
  pull(max: number): Promise<readonly Delivery[]>;
  /** All up to this position is done: it does not come again. */
  ack(position: number): void;
  /** What was pulled and not acknowledged comes again. */
  rewind(): void;
  readonly counts: Counts;
  /** Reads no more; what waits for it goes on waiting. */
  close(): void;
}

export interface ReaderWorld {
  readonly clock: Clock;
  readonly book: Book;
  readonly window: number;
  /** The payload of an item that is on the disk only; undefined when it cannot be read. */
  readonly payloadOf: (entry: Entry) => Promise<Uint8Array | undefined>;
  /** Positions or gaps changed in a way that the disk should know. */
  readonly onMoved: () => void;
}

export function makeReader(line: ReaderLine, world: ReaderWorld, options: ReaderOptions): OutboxReader {
  return new LineReader(line, world, options);
}

class LineReader implements OutboxReader {
  readonly #line: ReaderLine;
  readonly #world: ReaderWorld;
  readonly #options: ReaderOptions;
  #isClosed = false;

  constructor(line: ReaderLine, world: ReaderWorld, options: ReaderOptions) {
    this.#line = line;
    this.#world = world;
    this.#options = options;
    this.#listen();
  }

  get name(): string {
    return this.#line.name;
  }

  get counts(): Counts {
    return this.#line.tally.counts;
  }

  async pull(max: number): Promise<readonly Delivery[]> {
    if (this.#isClosed) return [];
    const found = this.#take(max);
    const deliveries: Delivery[] = [];
    for (const one of found) {
      if ('kind' in one) deliveries.push(one);
      else if (one.payload !== undefined) deliveries.push(itemOf(one, one.payload));
      else await this.#readBack(one, deliveries);
    }
    if (deliveries.length === 0) this.#listen();
    return deliveries;
  }

  ack(position: number): void {
    if (this.#isClosed) return;
    const line = this.#line;
    const to = Math.min(position, line.pulled);
    line.gaps.acknowledge(to);
    let isOnDisk = line.gaps.isChanged;
    for (let entry = line.line.first(); entry !== undefined && entry.seq <= to; entry = line.line.first()) {
      isOnDisk ||= entry.segment !== 0;
      this.#world.book.delivered(entry, line);
    }
    line.acknowledged = Math.max(line.acknowledged, to);
    if (isOnDisk) this.#world.onMoved();
  }

  rewind(): void {
    if (this.#isClosed) return;
    this.#line.rewind();
    if (this.#line.hasMore) this.#listen();
  }

  close(): void {
    if (this.#isClosed) return;
    this.#line.rewind();
    this.#line.onMore = undefined;
    this.#line.isOpen = false;
    this.#isClosed = true;
  }

  #take(max: number): (Entry | Gap)[] {
    const { clock, book, window } = this.#world;
    const now = clock.now();
    const found: (Entry | Gap)[] = [];
    while (found.length < max && this.#line.open < window) {
      const next = this.#line.next();
      if (next === undefined) break;
      if ('kind' in next || next.expiresAt > now) found.push(next);
      else book.expire(next);
    }
    return found;
  }

  async #readBack(entry: Entry, deliveries: Delivery[]): Promise<void> {
    const payload = await this.#world.payloadOf(entry);
    if (payload !== undefined) {
      deliveries.push(itemOf(entry, payload));
      return;
    }
    this.#world.book.drop(entry, 'damage');
    this.#world.onMoved();
  }

  /** Tells once when there is something; now, in the next turn, when there is already. */
  #listen(): void {
    const { onMore } = this.#options;
    if (onMore === undefined) return;
    const tell = (): void => queueMicrotask(() => this.#isClosed || onMore());
    if (this.#line.hasMore && this.#line.open < this.#world.window) {
      this.#line.onMore = undefined;
      tell();
    } else this.#line.onMore = tell;
  }
}

function itemOf(entry: Entry, payload: Uint8Array): Item {
  const { seq: position, isSync, isAlarm, topic, time, expiresAt } = entry;
  const end = expiresAt === Number.POSITIVE_INFINITY ? {} : { expiresAt };
  const facts = { position, topic: topic.name, payload, time, ...end };
  return { kind: 'item', class: isSync ? 'sync' : 'lazy', priority: isAlarm ? 'alarm' : 'normal', ...facts };
}
