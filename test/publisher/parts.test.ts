import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Cadence } from '../../src/publisher/cadence.ts';
import { isWorthTelling } from '../../src/publisher/change.ts';
import { misfits } from '../../src/publisher/effective-policy.ts';
import { makeGlob } from '../../src/publisher/glob.ts';
import { ownRandom } from '../../src/publisher/own-random.ts';
import { RateCap } from '../../src/publisher/rate-cap.ts';
import { RateMeter } from '../../src/publisher/rate-meter.ts';
import { checkSample } from '../../src/publisher/sample.ts';
import { makeTransform } from '../../src/publisher/transform.ts';
import type { PointSpec } from '../../src/schemes/point.ts';

describe('cadence', () => {
  test('beats are one period apart, whatever the reads take, from a phase of its own', () => {
    const phases = new Set<number>();
    for (const device of ['a', 'b', 'c', 'd']) {
      const cadence = new Cadence(1_000);
      cadence.begin(5_000, ownRandom(0.3, device));
      cadence.started(5_000);
      const beats: number[] = [];
      for (let now = 5_000, n = 0; n < 5; n += 1) {
        now = cadence.next(now);
        cadence.started(now);
        beats.push(now);
        now += 123;
      }
      expect(beats.slice(1).map((at, index) => at - (beats[index] ?? 0))).toEqual([1_000, 1_000, 1_000, 1_000]);
      phases.add((beats[0] ?? 0) % 1_000);
    }
    expect(phases.size).toBe(4);
  });

  test('beats that a slow read missed are skipped', () => {
    const cadence = new Cadence(1_000);
    cadence.begin(0, () => 0.99);
    cadence.started(0);
    const first = cadence.next(0);
    cadence.started(first);
    expect(cadence.next(first + 3_500)).toBe(first + 4_000);
  });

  test('a read that its timer began late moves no beat; a beat that is a little late is not missed', () => {
    const cadence = new Cadence(1_000);
    cadence.begin(0, () => 0.99);
    cadence.started(0);
    const first = cadence.next(0);
    expect(cadence.next(first + 7)).toBe(first);
    cadence.started(first + 7);
    expect(cadence.next(first + 7)).toBe(first + 1_000);
  });

  test('a read that began a dust too early has served its beat', () => {
    const cadence = new Cadence(1_000);
    cadence.begin(0, () => 0.99);
    cadence.started(0);
    const first = cadence.next(0);
    cadence.started(first - 1e-7);
    expect(cadence.next(first - 1e-7)).toBe(first + 1_000);
    expect(cadence.horizon).toBe(first + 900);
  });

  test('a new period counts from the last read', () => {
    const cadence = new Cadence(60_000);
    cadence.begin(0, () => 0.99);
    cadence.started(10_000);
    expect(cadence.setPeriod(2_000)).toBe(true);
    expect(cadence.setPeriod(2_000)).toBe(false);
    expect(cadence.next(11_000)).toBe(12_000);
    expect(cadence.next(30_500)).toBe(32_000);
  });
});

describe('a sample', () => {
  const specs: PointSpec[] = [
    { type: 'number', range: [0, 10], unit: 'V' },
    { type: 'boolean' },
    { type: 'text' },
    { type: 'enum', values: ['up', 'down'] },
    { type: 'json' },
    { type: 'event' },
  ];

  test.each([
    [0, 5, 'value'],
    [0, 11, 'bad'],
    [0, Number.POSITIVE_INFINITY, 'bad'],
    [0, '5', 'refused'],
    [0, { value: 5, quality: 'uncertain', why: 'just started' }, 'value'],
    [0, { value: 50, quality: 'uncertain', why: 'just started' }, 'bad'],
    [0, { quality: 'bad', why: 'CRC' }, 'bad'],
    [0, { quality: 'uncertain', why: 'nothing yet' }, 'refused'],
    [1, true, 'value'],
    [1, 1, 'refused'],
    [2, '', 'value'],
    [2, 'x'.repeat(70_000), 'bad'],
    [3, 'up', 'value'],
    [3, 'left', 'bad'],
    [4, { a: [1] }, 'value'],
    [4, { quality: 'high', why: 'a structure of its own' }, 'value'],
    [4, 'text', 'refused'],
    [5, 'click', 'value'],
    [5, null, 'refused'],
  ])('%i %j: %s', (index, sample, kind) => {
    expect(checkSample(specs[index] ?? { type: 'text' }, sample).kind).toBe(kind);
  });

  test('a structure with a circle is refused', () => {
    const circle: Record<string, unknown> = {};
    circle.self = circle;
    expect(checkSample({ type: 'json' }, circle).kind).toBe('refused');
  });

  test('a structure is copied', () => {
    const mine = { a: 1 };
    const checked = checkSample({ type: 'json' }, mine);
    mine.a = 2;
    expect(checked).toMatchObject({ value: { a: 1 } });
  });

  test('whatever a driver gives, judging it does not throw, and only what fits passes', () => {
    fc.assert(
      fc.property(fc.anything({ withBigInt: true, withMap: true, withNullPrototype: true }), (sample) => {
        for (const spec of specs) {
          const checked = checkSample(spec, sample);
          if (checked.kind !== 'value' || spec.type !== 'number') continue;
          expect(checked.value).toBeGreaterThanOrEqual(0);
          expect(checked.value).toBeLessThanOrEqual(10);
        }
      }),
    );
  });
});

test.each([
  [20, 20.1, { absolute: 0.2 }, false],
  [20, 20.2, { absolute: 0.2 }, true],
  [0.2, 0.3, { absolute: 0.1 }, true],
  [20, 20, { absolute: 0 }, false],
  [20, 20.001, { absolute: 0 }, true],
  [200, 201, { percent: 1 }, false],
  [200, 202, { percent: 1 }, true],
  [0, 0.001, { percent: 5 }, true],
  [true, true, { percent: 5 }, false],
  ['a', 'b', { absolute: 5 }, true],
  [{ a: 1 }, { a: 1 }, { absolute: 0 }, false],
  [{ a: 1 }, { a: 2 }, { absolute: 0 }, true],
])('from %j to %j with %j: %s', (last, value, deadband, expected) => {
  expect(isWorthTelling(last, value, deadband)).toBe(expected);
});

test('scale, unit of the person and unit of the policy go one after the other', () => {
  const spec: PointSpec = { type: 'number', unit: 'V', range: [0, 5] };
  const scale = [
    [0.5, -50],
    [1.75, 75],
  ] as const;
  const { spec: shown, apply } = makeTransform(spec, { unit: '°C', scale }, '°F');
  expect(apply?.(0.75)).toBeCloseTo(-13);
  expect(shown.unit).toBe('°F');
  expect(shown.range?.[0]).toBeCloseTo(-148);
  expect(() => makeTransform(spec, {}, 'hPa')).toThrow('V cannot be shown in hPa');
});

test('what does not fit a point', () => {
  const codes = (policy: Parameters<typeof misfits>[0], spec: PointSpec) =>
    misfits(policy, spec).map(({ code }) => code);
  expect(codes({ unit: '°F' }, { type: 'number', unit: '°C' })).toEqual([]);
  expect(codes({ unit: '°F' }, { type: 'boolean' })).toEqual(['HB211']);
  expect(codes({ onChange: { absolute: 1, unit: 'V' } }, { type: 'number', unit: 'mV' })).toEqual([]);
  expect(codes({ onChange: { absolute: 1, unit: 'V' } }, { type: 'number', unit: '°C' })).toEqual(['HB211']);
});

test('globs', () => {
  expect(makeGlob('air.*', 'kitchen')('air.temperature')).toBe(true);
  expect(makeGlob('*.temperature', 'kitchen')('air.temperature')).toBe(true);
  expect(makeGlob('air', 'kitchen')('air.temperature')).toBe(true);
  expect(makeGlob('kitchen.air.temperature', 'kitchen')('air.temperature')).toBe(true);
  expect(makeGlob('a.r', 'kitchen')('air')).toBe(false);
  expect(makeGlob('garden.air', 'kitchen')('air.temperature')).toBe(false);
  expect(makeGlob('*a'.repeat(30), 'kitchen')(`${'a'.repeat(60)}.b`)).toBe(false);
  expect(makeGlob('(', 'kitchen')('air.temperature')).toBe(false);
});

test('a rate cap lets late timers not add up', () => {
  const cap = new RateCap();
  let now = 100;
  for (let n = 0; n < 1_000; n += 1) {
    expect(cap.freeAt(1_000)).toBeLessThanOrEqual(now);
    cap.told(now, 1_000);
    now = cap.freeAt(1_000) + 3;
  }
  expect(now).toBe(1_000_103);
  cap.told(now + 5_000, 1_000);
  expect(cap.freeAt(1_000)).toBe(now + 6_000);
});

test('the meter counts the last minute', () => {
  const meter = new RateMeter();
  for (let second = 0; second < 120; second += 1) meter.count(second * 1_000);
  expect(meter.perMinute(119_500)).toBe(60);
  expect(meter.perMinute(149_000)).toBe(30);
  expect(meter.perMinute(500_000)).toBe(0);
  expect(meter.total).toBe(120);
});
