/** Some readings that follow each other, put together. */
export interface Part {
  /** Monotonic ms of its first and last reading. */
  readonly from: number;
  to: number;
  count: number;
  sum: number;
  min: number;
  max: number;
  first: number;
  last: number;
  /** Value × time between `from` and `to`. */
  area: number;
  /** Known time between `from` and `to`: without gaps. */
  known: number;
  /** Until when `last` held: the next reading, or the gap that followed. */
  end: number;
}

export const makePart = (mono: number, value: number): Part => ({
  from: mono,
  to: mono,
  count: 1,
  sum: value,
  min: value,
  max: value,
  first: value,
  last: value,
  area: 0,
  known: 0,
  end: Number.POSITIVE_INFINITY,
});

/** The next part, put to the end of this one. */
export function absorb(into: Part, part: Part): void {
  const held = into.end - into.to;
  into.area += into.last * held + part.area;
  into.known += held + part.known;
  into.to = part.to;
  into.count += part.count;
  into.sum += part.sum;
  into.min = Math.min(into.min, part.min);
  into.max = Math.max(into.max, part.max);
  into.last = part.last;
  into.end = part.end;
}
