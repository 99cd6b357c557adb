import type { Entry } from './entry.ts';
import { GapList } from './gap-list.ts';
import type { Gap } from './item.ts';
import { Line } from './line.ts';
import { Tally } from './tally.ts';

/** All that waits for one reader, in order; pure. */
export class ReaderLine {
  readonly name: string;
  readonly id: number;
  readonly bit: number;
  readonly line: Line<Entry>;
  readonly gaps = new GapList();
  readonly tally = new Tally();
  /** Which topics it wants; before it was opened in this life: all. */
  wants: (topic: string) => boolean = () => true;
  /** Called when there is something again after everything was pulled. */
  onMore: (() => void) | undefined;
  isOpen = false;
  /** Nothing behind this is for it. */
  last = Number.POSITIVE_INFINITY;
  /** Up to here it has told that it is done; and up to here it was given. */
  acknowledged: number;
  pulled: number;
  /** Given, and not yet acknowledged. */
  open = 0;

  constructor(name: string, id: number, position: number) {
    this.name = name;
    this.id = id;
    this.bit = 1 << id;
    this.acknowledged = position;
    this.pulled = position;
    this.line = new Line((entry) => (entry.waiting & this.bit) !== 0);
  }

  get hasMore(): boolean {
    return this.line.peek() !== undefined || this.gaps.hasUnread;
  }

  /** What comes next; undefined when there is nothing. A gap comes before what followed on it. */
  next(): Entry | Gap | undefined {
    const entry = this.line.peek();
    const gap = this.gaps.take(entry?.seq ?? Number.POSITIVE_INFINITY);
    if (gap !== undefined) {
      this.pulled = Math.max(this.pulled, gap.position);
      return gap;
    }
    if (entry === undefined) return undefined;
    this.line.step();
    this.pulled = entry.seq;
    this.open += 1;
    return entry;
  }

  /** There is something for it. */
  wake(): void {
    const { onMore } = this;
    this.onMore = undefined;
    onMore?.();
  }

  rewind(): void {
    this.line.rewind();
    this.gaps.rewind();
    this.pulled = this.acknowledged;
    this.open = 0;
  }
}

/** One bit each. */
const MOST_READERS = 31;

/** A number that none of them has; undefined when there is none. */
export function freeId(readers: readonly ReaderLine[]): number | undefined {
  const used = new Set(readers.map(({ id }) => id));
  return Array.from({ length: MOST_READERS }, (_, index) => index).find((index) => !used.has(index));
}
