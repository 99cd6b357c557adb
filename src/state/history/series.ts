import { HanbusError } from '../../kit/errors.ts';
import { BucketSum } from './bucket-sum.ts';
import type { HistoryQuery, HistoryReading, Series } from './history.ts';
import type { PointEntry } from './point-book.ts';
import type { HistoryReader } from './reader.ts';
import type { Row } from './row.ts';
import { SpanList } from './span-list.ts';

const MOST_BUCKETS = 2_000;
const MOST_RAW = 10_000;

/** Answers a query. Throws HB385 when it makes no sense. */
export async function seriesOf(
  reader: HistoryReader,
  { point: { type, unit, name: point } }: PointEntry,
  query: HistoryQuery,
  now: number,
): Promise<Series> {
  refuse(query);
  const { from, to, buckets, raw } = query;
  const held = await reader.before(point, from);
  const sum = new BucketSum(from, to, buckets, held?.value);
  const spans = type === 'number' || type === 'event' ? undefined : new SpanList(from, held?.value);
  const tail = new Tail(raw ?? 0);
  for await (const rows of reader.rows(point, from, to)) {
    for (const row of rows) {
      sum.add(row);
      spans?.add(row);
      tail.add(row);
    }
  }
  const until = Math.min(to, now);
  const unitPart = unit === undefined ? {} : { unit };
  const spanPart = spans === undefined ? {} : { spans: spans.spans(until) };
  const rawPart = raw === undefined ? {} : { raw: tail.rows.map((row) => readingOf(point, row, unit)) };
  const cut = spans?.isCut === true || tail.isCut;
  return {
    point,
    type,
    from,
    to,
    ...unitPart,
    count: tail.count,
    buckets: sum.buckets(until),
    ...spanPart,
    ...rawPart,
    cut,
  };
}

export function readingOf(point: string, { time, value, quality }: Row, unit: string | undefined): HistoryReading {
  return { point, time, value, quality, ...(unit === undefined ? {} : { unit }) };
}

function refuse({ from, to, buckets, raw = 1 }: HistoryQuery): void {
  const isWhole = (value: number, most: number) => Number.isInteger(value) && value >= 1 && value <= most;
  if (!(Number.isFinite(from) && Number.isFinite(to) && from < to)) {
    throw new HanbusError('HB385', 'the time asked for ends before it begins', { fix: '--since 24h' });
  }
  if (!isWhole(buckets, MOST_BUCKETS)) {
    throw new HanbusError('HB385', `${buckets} is no number of buckets; 1 to ${MOST_BUCKETS}`, { fix: '--buckets 48' });
  }
  if (!isWhole(raw, MOST_RAW)) {
    throw new HanbusError('HB385', `${raw} is no number of readings; 1 to ${MOST_RAW}`, { fix: '--limit 1000' });
  }
}

/** The newest rows, and how many there were. */
class Tail {
  readonly #most: number;
  #rows: Row[] = [];
  count = 0;

  constructor(most: number) {
    this.#most = most;
  }

  add(row: Row): void {
    if (row.value === undefined) return;
    this.count += 1;
    if (this.#most === 0) return;
    this.#rows.push(row);
    if (this.#rows.length >= 2 * this.#most) this.#rows = this.#rows.slice(-this.#most);
  }

  get rows(): readonly Row[] {
    return this.#rows.slice(-this.#most);
  }

  /** There were more than fit. */
  get isCut(): boolean {
    return this.#most > 0 && this.count > this.#most;
  }
}
