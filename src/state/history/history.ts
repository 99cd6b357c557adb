import type { PointType } from '../../schemes/point.ts';
import type { Problem } from '../../schemes/problem.ts';
import type { Quality, Value } from '../../schemes/reading.ts';

/** What the history needs to know of a point. */
export interface HistoryPoint {
  /** Full name: `kitchen.air.temperature`, `home.mode`. */
  readonly name: string;
  readonly type: PointType;
  readonly unit?: string;
  /** A meter: its increase per day is kept for years. `total` may also go down. */
  readonly counter?: 'total' | 'total_increasing';
}

/** What is put into the history. */
export interface HistoryEntry {
  readonly point: HistoryPoint;
  /** Undefined: from now on nobody knows the value (device gone, reading bad). */
  readonly value: Value | undefined;
  readonly quality: Quality;
  /** ms since 1970; without it, the time of the call counts. Not used while the clock is not trusted. */
  readonly time?: number;
}

/** What comes out of the history. */
export interface HistoryReading {
  readonly point: string;
  /** ms since 1970. */
  readonly time: number;
  /** Undefined: from then on nobody knew. */
  readonly value: Value | undefined;
  readonly unit?: string;
  readonly quality: Quality;
}

export interface HistoryQuery {
  readonly point: string;
  /** ms since 1970; from `from` up to, not with, `to`. */
  readonly from: number;
  readonly to: number;
  /** 1 to 2,000. */
  readonly buckets: number;
  /** Every reading instead, this many at most, the newest of them. */
  readonly raw?: number;
}

/** One piece of the time asked for. On/off counts as 1 and 0. */
export interface Bucket {
  /** Its start; ms since 1970. */
  readonly from: number;
  /** Readings in it. */
  readonly count: number;
  /** Weighted by time: each reading holds until the next, until nobody knew any more, or until the end. */
  readonly avg?: number;
  /** Over all that held in it, also when it came before. */
  readonly min?: number;
  readonly max?: number;
  /** What held at its end. */
  readonly last?: Value;
}

/** A value of an on/off or word point with the time that it held. */
export interface Span {
  readonly from: number;
  readonly to: number;
  readonly value: Value;
}

export interface Series {
  readonly point: string;
  readonly type: PointType;
  readonly unit?: string;
  readonly from: number;
  readonly to: number;
  /** Readings in the time asked for. */
  readonly count: number;
  readonly buckets: readonly Bucket[];
  /** On/off, words and texts: the newest 1,000. */
  readonly spans?: readonly Span[];
  readonly raw?: readonly HistoryReading[];
  /** There were more spans or raw readings than fit. */
  readonly cut: boolean;
}

/** The increase of a meter over one day of the time zone of this machine. */
export interface DayTotal {
  /** `2026-11-22`. */
  readonly day: string;
  readonly increase: number;
  /** What the meter showed last. */
  readonly last: number;
}

export interface KnownPoint extends HistoryPoint {
  /** Times of the oldest and the newest reading that are kept, ms since 1970; undefined: none. */
  readonly oldest?: number;
  readonly newest?: number;
}

export interface HistoryCounts {
  /** Taken since the start. */
  readonly taken: number;
  /** Dropped since the start, as the disk or the clock kept them waiting too long. */
  readonly dropped: number;
  /** In memory and not yet written; of those, the ones that wait for a clock that can be trusted. */
  readonly waiting: number;
  readonly waitingForClock: number;
  /** Bytes on the disk in use. */
  readonly bytes: number;
}

/** Short history of every point. Nothing in it blocks the event loop for more than a few ms. */
export interface History {
  /** Resolves when it was opened, or could not be. */
  readonly ready: Promise<void>;
  /** Takes a reading into memory; it is on the disk within a minute, in one transaction with all others. Never throws. */
  add(entry: HistoryEntry): void;
  /** Undefined: no such point. */
  query(query: HistoryQuery): Promise<Series | undefined>;
  /** Every reading of these points in the order of time, for replay; the last one before `from` of each comes first. */
  readings(points: readonly string[], from: number, to: number): AsyncIterable<HistoryReading>;
  /** What was known at `time`. */
  lastBefore(point: string, time: number): Promise<HistoryReading | undefined>;
  /** Days with an increase, oldest first; empty for a point that is no meter. */
  totals(point: string, sinceDay?: string): Promise<readonly DayTotal[]>;
  known(): readonly KnownPoint[];
  /** Changes the bounds while running; what is left out has its default. */
  limit(bounds: { readonly keepMs?: number; readonly maxBytes?: number }): void;
  /** How long readings are gathered for one transaction; default 60 s. The flash budget lengthens it. */
  gather(ms: number): void;
  readonly counts: HistoryCounts;
  problems(): readonly Problem[];
  /** What went to the disk since the start, for the flash budget. */
  readonly written: { readonly times: number; readonly bytes: number; readonly syncs: number };
  /** Writes what waits. Never throws. */
  flush(): Promise<void>;
  /** Writes what waits, then no more. Never throws. */
  close(): Promise<void>;
}
