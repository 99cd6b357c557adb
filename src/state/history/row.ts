import type { Quality, Value } from '../../schemes/reading.ts';

/** One reading of a point as it is kept. */
export interface Row {
  /** ms since 1970, whole. */
  readonly time: number;
  /** Undefined: from then on nobody knew. */
  readonly value: Value | undefined;
  readonly quality: Quality;
}

/** Rows in the order of time; those of one time stay in the order in which they came. */
export function inOrder(rows: readonly Row[]): readonly Row[] {
  for (let at = 1; at < rows.length; at += 1) {
    if ((rows[at]?.time ?? 0) < (rows[at - 1]?.time ?? 0)) return rows.toSorted((a, b) => a.time - b.time);
  }
  return rows;
}

/** The index of the first row at `time` or later, of rows in order. */
export function firstAt(rows: readonly Row[], time: number): number {
  let low = 0;
  let high = rows.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((rows[middle]?.time ?? 0) < time) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Two lists in order as one; of one time, those of `a` come first. */
export function merged(a: readonly Row[], b: readonly Row[]): readonly Row[] {
  if (a.length === 0) return b;
  if (b.length === 0 || (b[0]?.time ?? 0) >= (a.at(-1)?.time ?? 0)) return [...a, ...b];
  return [...a, ...b].sort((one, other) => one.time - other.time);
}
