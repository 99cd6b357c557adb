import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Window, type WindowFn } from '../../src/rules/window.ts';

interface Sample {
  readonly at: number;
  /** Undefined: a gap. */
  readonly value: number | undefined;
}

/** The same, from all samples that ever were. */
function naive(samples: readonly Sample[], fn: WindowFn, ms: number, now: number): number | undefined {
  const begin = now - ms;
  const readings = samples.filter(({ value }) => value !== undefined);
  const inside = readings.flatMap(({ at, value = 0 }) => (at >= begin ? [{ at, value }] : []));
  if (fn === 'count') return readings.length === 0 ? undefined : inside.length;
  if (fn === 'sum') return inside.length === 0 ? undefined : inside.reduce((sum, { value }) => sum + value, 0);
  const [first, last] = [inside[0], inside.at(-1)];
  if (fn === 'rate') {
    if (first === undefined || last === undefined || last.at === first.at) return undefined;
    return ((last.value - first.value) / (last.at - first.at)) * 3_600_000;
  }
  const held = samples.flatMap(({ at, value }, index) => {
    const end = samples[index + 1]?.at ?? Number.POSITIVE_INFINITY;
    return value !== undefined && (end >= begin || at >= begin)
      ? [{ from: Math.max(at, begin), to: Math.min(end, now), value }]
      : [];
  });
  if (held.length === 0) return undefined;
  if (fn !== 'avg') return Math[fn](...held.map(({ value }) => value));
  const known = held.reduce((sum, { from, to }) => sum + to - from, 0);
  if (known > 0) return held.reduce((sum, { from, to, value }) => sum + value * (to - from), 0) / known;
  const latest = samples.at(-1);
  return latest !== undefined && latest.at >= begin ? latest.value : undefined;
}

/** No window of these tests says it. */
const NOTHING = -1e9;
const FNS = ['avg', 'count', 'max', 'min', 'rate', 'sum'] as const;

test('a window says what all its samples say', () => {
  const sample = fc.record({
    after: fc.integer({ min: 1, max: 400 }),
    value: fc.option(fc.integer({ min: -50, max: 50 }), { nil: undefined, freq: 6 }),
  });
  fc.assert(
    fc.property(
      fc.array(sample, { maxLength: 60 }),
      fc.integer({ min: 1, max: 2_000 }),
      fc.integer({ min: 0, max: 3_000 }),
      (steps, ms, wait) => {
        const window = new Window(ms);
        const samples: Sample[] = [];
        let now = 0;
        for (const { after, value } of steps) {
          now += after;
          samples.push({ at: now, value });
          if (value === undefined) window.gap(now);
          else window.add(now, value);
          for (const fn of FNS)
            expect(window.value(fn, now) ?? NOTHING).toBeCloseTo(naive(samples, fn, ms, now) ?? NOTHING, 6);
        }
        now += wait;
        for (const fn of FNS)
          expect(window.value(fn, now) ?? NOTHING).toBeCloseTo(naive(samples, fn, ms, now) ?? NOTHING, 6);
      },
    ),
    { numRuns: 500 },
  );
});

test('it changes only when it said so', () => {
  const window = new Window(1_000);
  window.add(0, 5);
  window.add(400, 7);
  expect(window.value('count', 1_000)).toBe(2);
  expect(window.nextChange('count', 500)).toBe(1_001);
  expect(window.value('count', 1_001)).toBe(1);
  expect(window.nextChange('count', 1_001)).toBe(1_401);
  expect(window.value('count', 1_401)).toBe(0);
  expect(window.value('sum', 1_401)).toBeUndefined();
  expect(window.nextChange('count', 1_401)).toBe(Number.POSITIVE_INFINITY);
});

test('many readings take a bounded memory and stay right to a hundredth', () => {
  const window = new Window(3_600_000);
  const samples: Sample[] = [];
  for (let index = 0; index < 200_000; index += 1) {
    const at = index * 50;
    const value = Math.sin(index / 3_000) * 20;
    window.add(at, value);
    if (at > 6_000_000) samples.push({ at, value });
  }
  const now = 200_000 * 50;
  expect(window.size).toBeLessThanOrEqual(257);
  expect(Math.abs((window.value('avg', now) ?? 0) - (naive(samples, 'avg', 3_600_000, now) ?? 0))).toBeLessThan(0.2);
  expect((window.value('count', now) ?? 0) / 72_000).toBeCloseTo(1, 1);
  expect(window.value('max', now)).toBeCloseTo(naive(samples, 'max', 3_600_000, now) ?? 0, 1);
});
