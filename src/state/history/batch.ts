import { ByteReader, ByteWriter } from './bytes.ts';
import type { HistoryPoint } from './history.ts';
import type { PointBook, PointEntry } from './point-book.ts';
import type { Row } from './row.ts';
import { decodeRows, encodeRows } from './row-codec.ts';
import type { StoredBatch } from './stored.ts';

/** A row on its way to the disk. */
export interface NewRow {
  readonly point: HistoryPoint;
  readonly row: Row;
}

/** Rows by their points, each in the order in which they came. */
export function grouped(rows: readonly NewRow[], book: PointBook): Map<PointEntry, Row[]> {
  const groups = new Map<PointEntry, Row[]>();
  for (const { point, row } of rows) {
    const entry = book.entry(point);
    const group = entry === undefined ? undefined : groups.get(entry);
    if (group !== undefined) group.push(row);
    else if (entry !== undefined) groups.set(entry, [row]);
  }
  return groups;
}

/** Rows of many points as one row of the journal. */
export function batchOf(id: number, groups: ReadonlyMap<PointEntry, readonly Row[]>): StoredBatch {
  const base = groups.values().next().value?.[0]?.time ?? 0;
  const out = new ByteWriter();
  for (const [entry, rows] of groups) {
    out.count(entry.id);
    out.blob(encodeRows(rows, base));
  }
  return { id, base, data: out.taken() };
}

/** The rows of a batch by the numbers of their points. Throws Damage. */
export function* rowsIn({ base, data }: StoredBatch): Generator<[number, Row[]]> {
  const from = new ByteReader(data);
  while (!from.isAtEnd) yield [from.count(), decodeRows(from.blob(), base)];
}
