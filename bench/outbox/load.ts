import { readFileSync } from 'node:fs';
import type { NewItem } from '../../src/outbox/item.ts';

/** Topic and payload have 108 bytes together. */
const TOPICS = Array.from({ length: 100 }, (_, index) => `hanbus/n/dev_${String(index).padStart(3, '0')}/pt`);
const PAYLOAD = Buffer.alloc(108 - (TOPICS[0]?.length ?? 0), 'x');

export const RECORD_BYTES = 108;

export function itemOf(index: number, kind: NewItem['class']): NewItem {
  const topic = TOPICS[index % TOPICS.length] ?? '';
  return { class: kind, topic, payload: PAYLOAD, time: 1_800_000_000_000 + index, keep: 'all' };
}

/** Bytes that this process has caused to be sent to the disk, as Linux counts them. */
export function deviceBytes(): number {
  return Number(/\nwrite_bytes: (\d+)/.exec(readFileSync('/proc/self/io', 'utf8'))?.[1] ?? Number.NaN);
}

export const perSecond = (count: number, begin: number): number =>
  Math.round(count / ((performance.now() - begin) / 1_000));

export function percentile(times: readonly number[], share: number): number {
  const sorted = times.toSorted((one, other) => one - other);
  return Math.round((sorted[Math.floor(sorted.length * share)] ?? 0) * 1_000) / 1_000;
}

/** Something that takes a record and tells when it is on the disk. */
export type Take = (index: number, done: () => void) => void;

/** So many at once, until `count` are through; per second. */
export function saturate(take: Take, { count, window }: { count: number; window: number }): Promise<number> {
  const begin = performance.now();
  let started = 0;
  let finished = 0;
  return new Promise((resolve) => {
    const fill = (): void => {
      while (started < count && started - finished < window) {
        started += 1;
        take(started, done);
      }
    };
    const done = (): void => {
      finished += 1;
      if (finished === count) resolve(perSecond(count, begin));
      else if (started - finished === Math.floor(window / 2)) fill();
    };
    fill();
  });
}

/** One record each millisecond, by the clock and not by the answers; how long each waited for its answer, ms. */
export function steady(take: Take, seconds: number): Promise<readonly number[]> {
  const times: number[] = [];
  const begin = performance.now();
  const count = seconds * 1_000;
  let started = 0;
  return new Promise((resolve) => {
    const tick = (): void => {
      const now = performance.now();
      for (; started < count && begin + started <= now; started += 1) {
        const offered = performance.now();
        take(started, () => {
          times.push(performance.now() - offered);
          if (times.length === count) resolve(times);
        });
      }
      if (started < count) setTimeout(tick, 1);
    };
    tick();
  });
}
