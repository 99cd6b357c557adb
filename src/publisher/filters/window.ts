import type { FilterStep } from '../../schemes/filter.ts';
import { MAX_WINDOW } from '../../schemes/filter-fact.ts';

/** Some readings as one: exact for sum, lowest and highest. */
export interface Bucket {
  readonly slot: number;
  sum: number;
  count: number;
  min: number;
  max: number;
}

/** The newest readings, by count or by time. Never more than 1000 buckets. */
export interface Window {
  add(value: number, nowMs: number): void;
  /** Oldest first; holds at least the newest reading. */
  readonly buckets: readonly Bucket[];
}

function bucketOf(slot: number, value: number): Bucket {
  return { slot, sum: value, count: 1, min: value, max: value };
}

function byCount(limit: number): Window {
  const buckets: Bucket[] = [];
  return {
    buckets,
    add(value) {
      if (buckets.length === limit) buckets.shift();
      buckets.push(bucketOf(0, value));
    },
  };
}

/** One bucket for each thousandth of the time. */
function byTime(ms: number): Window {
  const buckets: Bucket[] = [];
  const slotMs = ms / MAX_WINDOW;
  return {
    buckets,
    add(value, nowMs) {
      const slot = Math.floor(nowMs / slotMs);
      while (buckets[0] !== undefined && buckets[0].slot <= slot - MAX_WINDOW) buckets.shift();
      const last = buckets.at(-1);
      if (last?.slot !== slot) {
        buckets.push(bucketOf(slot, value));
        return;
      }
      last.sum += value;
      last.count += 1;
      last.min = Math.min(last.min, value);
      last.max = Math.max(last.max, value);
    },
  };
}

export function makeWindow(args: FilterStep['args']): Window {
  const { window } = args;
  return window?.kind === 'time' ? byTime(window.ms) : byCount(window?.kind === 'count' ? window.value : 1);
}
