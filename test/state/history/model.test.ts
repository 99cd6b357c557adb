import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { HistoryPoint } from '../../../src/state/history/history.ts';
import { openHistory } from '../../../src/state/history/open-history.ts';
import { makeFakeClock } from '../../fakes/clock.ts';
import { makeFakeLog } from '../../fakes/log.ts';

const POINTS: readonly HistoryPoint[] = [
  { name: 'a.b.c', type: 'number' },
  { name: 'a.b.d', type: 'number' },
];

/** Many small files: in memory where that can be had. */
const PLACE = existsSync('/dev/shm') ? '/dev/shm' : tmpdir();

type Step =
  | { readonly kind: 'add'; readonly point: 0 | 1; readonly value: number | undefined }
  | { readonly kind: 'pass'; readonly ms: number }
  | { readonly kind: 'jump'; readonly ms: number }
  | { readonly kind: 'flush' | 'restart' };

const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 12,
    arbitrary: fc.record({
      kind: fc.constant('add' as const),
      point: fc.constantFrom(0 as const, 1 as const),
      value: fc.option(fc.integer({ min: -50, max: 50 }), { nil: undefined, freq: 9 }),
    }),
  },
  { weight: 6, arbitrary: fc.record({ kind: fc.constant('pass' as const), ms: fc.integer({ min: 1, max: 5_000 }) }) },
  {
    weight: 1,
    arbitrary: fc.record({ kind: fc.constant('jump' as const), ms: fc.integer({ min: -9_000, max: 9_000 }) }),
  },
  { weight: 2, arbitrary: fc.constant({ kind: 'flush' as const }) },
  { weight: 1, arbitrary: fc.constant({ kind: 'restart' as const }) },
);

interface Known {
  readonly time: number;
  readonly point: number;
  readonly value: number | undefined;
}

/** What a bucket should say, found by walking over every ms. */
function naive(rows: readonly Known[], from: number, to: number, now: number) {
  let [area, held, count] = [0, 0, 0];
  const seen: number[] = [];
  let last: number | undefined;
  let at = 0;
  while (at < rows.length && (rows[at]?.time ?? 0) < from) {
    last = rows[at]?.value;
    at += 1;
  }
  for (let ms = from; ms < to; ms += 1) {
    for (; at < rows.length && rows[at]?.time === ms; at += 1) {
      last = rows[at]?.value;
      if (last !== undefined) {
        count += 1;
        seen.push(last);
      }
    }
    if (last === undefined || (at >= rows.length && ms >= now)) continue;
    area += last;
    held += 1;
    seen.push(last);
  }
  if (seen.length === 0) return { count };
  const [min, max] = [Math.min(...seen), Math.max(...seen)];
  return { count, min, max, avg: held === 0 ? (min + max) / 2 : area / held };
}

test('queries and replay say what a plain list would say, after restarts, jumps and slots', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(step, { minLength: 5, maxLength: 60 }),
      fc.integer({ min: 1, max: 7 }),
      async (steps, buckets) => {
        const folder = mkdtempSync(join(PLACE, 'hanbus-history-'));
        const clock = makeFakeClock();
        const { log, lines } = makeFakeLog();
        const open = async () => {
          const history = openHistory({ path: join(folder, 'h.db'), clock, log, slotRows: 7, gatherMs: 2_000 });
          await history.ready;
          return history;
        };
        let history = await open();
        const model: Known[] = [];
        const newest = () => Math.max(...model.map(({ time }) => time));
        const start = clock.now();
        for (const one of steps) {
          if (one.kind === 'add') {
            const { point, value } = one;
            history.add({ point: POINTS[point] ?? { name: '', type: 'json' }, value, quality: 'good' });
            model.push({ time: clock.now(), point, value });
          } else if (one.kind === 'pass') await clock.advance(one.ms);
          else if (one.kind === 'jump') clock.jump(one.ms);
          else if (one.kind === 'flush') await history.flush();
          else {
            await history.close();
            history = await open();
            const absent = model.length === 0 ? undefined : newest() + 1;
            if (absent !== undefined) for (const point of [0, 1]) model.push({ time: absent, point, value: undefined });
          }
        }
        // What comes later is not looked at: a clock that went back may have left it there.
        const sorted = (point: number) => model.filter((row) => row.point === point).sort((a, b) => a.time - b.time);
        const [from, to] = [start - 3_000, start + 700 * buckets];
        for (const point of [0, 1]) {
          const name = POINTS[point]?.name ?? '';
          const rows = sorted(point);
          const series = await history.query({ point: name, from, to, buckets });
          if (series === undefined) {
            expect(rows.every(({ value }) => value === undefined)).toBe(true);
            continue;
          }
          const width = (to - from) / buckets;
          const edges = series.buckets.map((_, index) => Math.ceil(from + index * width));
          if (!Number.isInteger(width)) continue;
          for (const [index, { count, avg, min, max }] of series.buckets.entries()) {
            const want = naive(
              rows.filter(({ time }) => time < to),
              edges[index] ?? 0,
              (edges[index] ?? 0) + width,
              Math.min(to, clock.now()),
            );
            expect({ count, min, max }).toEqual({ count: want.count, min: want.min, max: want.max });
            if (want.avg !== undefined) expect(avg).toBeCloseTo(want.avg, 6);
          }
          const replayed: unknown[] = [];
          for await (const { time, value } of history.readings([name], 0, 4e12)) {
            if (value !== undefined) replayed.push([time, value]);
          }
          expect(replayed).toEqual(
            rows.filter(({ value }) => value !== undefined).map(({ time, value }) => [time, value]),
          );
        }
        await history.close();
        expect(lines).toEqual([]);
        rmSync(folder, { recursive: true });
      },
    ),
    { numRuns: 60 },
  );
}, 60_000);
