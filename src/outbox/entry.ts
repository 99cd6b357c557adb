import type { NewItem } from './item.ts';
import type { Line } from './line.ts';
import type { Tally } from './tally.ts';

/** What an entry is about. */
export interface EntryTopic {
  readonly name: string;
  /** Its items that `keep` counts, oldest first. */
  readonly kept: Line<Entry>;
  /** What became of its items for the reader with this number. */
  tally(reader: number): Tally;
}

/** One item in the outbox, as long as a reader must still get it. */
export class Entry {
  readonly seq: number;
  readonly topic: EntryTopic;
  readonly time: number;
  /** Wall time, ms since 1970; Infinity when it holds for ever. */
  readonly expiresAt: number;
  readonly isSync: boolean;
  readonly isAlarm: boolean;
  /** How many of its topic are kept; 0: all. */
  readonly keep: number;
  /** Counts the items before that are not dropped when it is full: those with the same number have none between them. */
  readonly run: number;
  /** Bytes of its record on the disk. */
  readonly size: number;
  /** One bit for each reader that must still get it. */
  waiting = 0;
  /** Undefined: it is on the disk only. */
  payload: Uint8Array | undefined;
  /** It is to be written, so its payload must stay. */
  isHeld = false;
  /** Where its record is; 0: in memory only, -1: on its way. */
  segment = 0;
  offset = 0;

  constructor(fields: EntryFields) {
    this.seq = fields.seq;
    this.topic = fields.topic;
    this.time = fields.time;
    this.expiresAt = fields.expiresAt;
    this.isSync = fields.isSync;
    this.isAlarm = fields.isAlarm;
    this.keep = fields.keep;
    this.run = fields.run;
    this.size = fields.size;
    this.payload = fields.payload;
  }
}

export interface EntryFields {
  readonly seq: number;
  readonly topic: EntryTopic;
  readonly time: number;
  readonly expiresAt: number;
  readonly isSync: boolean;
  readonly isAlarm: boolean;
  readonly keep: number;
  readonly run: number;
  readonly size: number;
  readonly payload: Uint8Array | undefined;
}

/** Earlier than any hanbus: the clock was not set when it was asked. */
export const CLOCK_SET_MS = 1_600_000_000_000;

export function entryOf(item: NewItem, place: Pick<EntryFields, 'seq' | 'topic' | 'run' | 'size'>): Entry {
  const { class: kind, time, payload, priority, keep } = item;
  const kept = keep === 'all' ? 0 : keep === 'latest' ? 1 : keep.last;
  const facts = { time, payload, expiresAt: expiryOf(item), isSync: kind === 'sync', isAlarm: priority === 'alarm' };
  return new Entry({ ...place, ...facts, keep: kept });
}

function expiryOf({ time, ttlMs }: NewItem): number {
  return ttlMs === undefined || time < CLOCK_SET_MS ? Number.POSITIVE_INFINITY : time + ttlMs;
}
