import type { Value } from '../../schemes/reading.ts';
import type { Bucket } from './history.ts';
import type { Row } from './row.ts';

interface Sum {
  count: number;
  /** Value times ms, and the ms. */
  area: number;
  heldMs: number;
  min: number;
  max: number;
  last: Value | undefined;
}

/** Shares rows, given in the order of time, out to buckets of equal length. A value holds until the next row. */
export class BucketSum {
  readonly #from: number;
  readonly #to: number;
  readonly #widthMs: number;
  readonly #sums: Sum[];
  #held: Value | undefined;
  #since: number;

  /** `held`: what was known when it began. */
  constructor(from: number, to: number, buckets: number, held: Value | undefined) {
    this.#from = from;
    this.#to = to;
    this.#widthMs = (to - from) / buckets;
    this.#sums = Array.from({ length: buckets }, emptySum);
    this.#held = held;
    this.#since = from;
  }

  add({ time, value }: Row): void {
    this.#hold(time);
    this.#held = value;
    const sum = this.#sums[this.#bucketAt(time)];
    if (sum === undefined || value === undefined) return;
    sum.count += 1;
    see(sum, numberOf(value));
  }

  /** `until`: what is known at the end holds no longer; the time now. */
  buckets(until: number): Bucket[] {
    this.#hold(Math.min(this.#to, Math.max(until, this.#since)));
    return this.#sums.map((sum, index) => bucketOf(sum, this.#from + index * this.#widthMs));
  }

  #bucketAt(time: number): number {
    return Math.min(Math.floor((time - this.#from) / this.#widthMs), this.#sums.length - 1);
  }

  /** The value known so far holds until `time`. */
  #hold(time: number): void {
    const held = this.#held;
    const since = this.#since;
    this.#since = time;
    if (held === undefined || time <= since) return;
    const number = numberOf(held);
    const last = Math.min(Math.ceil((time - this.#from) / this.#widthMs), this.#sums.length);
    for (let index = this.#bucketAt(since); index < last; index += 1) {
      const sum = this.#sums[index];
      if (sum === undefined) return;
      const begin = Math.max(since, this.#from + index * this.#widthMs);
      const end = Math.min(time, this.#from + (index + 1) * this.#widthMs);
      sum.last = held;
      see(sum, number);
      if (number === undefined) continue;
      sum.area += number * Math.max(0, end - begin);
      sum.heldMs += Math.max(0, end - begin);
    }
  }
}

function emptySum(): Sum {
  return { count: 0, area: 0, heldMs: 0, min: Infinity, max: -Infinity, last: undefined };
}

/** On is 1, off is 0; words have no number. */
export function numberOf(value: Value | undefined): number | undefined {
  if (typeof value === 'boolean') return value ? 1 : 0;
  return typeof value === 'number' && Number.isFinite(value) ? value : undefined;
}

function see(sum: Sum, number: number | undefined): void {
  if (number === undefined) return;
  if (number < sum.min) sum.min = number;
  if (number > sum.max) sum.max = number;
}

function bucketOf({ count, area, heldMs, min, max, last }: Sum, from: number): Bucket {
  return {
    from: Math.round(from),
    count,
    // A value that held for no time at all is its own average.
    ...(min > max ? {} : { avg: heldMs > 0 ? Math.min(Math.max(area / heldMs, min), max) : (min + max) / 2, min, max }),
    ...(last === undefined ? {} : { last }),
  };
}
