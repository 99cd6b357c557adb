import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Value } from '../../../src/schemes/reading.ts';
import { openChain, through } from './run-chain.ts';

describe('one number for each', () => {
  it.each<[unknown, readonly Value[], readonly Value[], string?]>([
    ['offset -1.5', [20, 0], [18.5, -1.5]],
    ['offset 1.8°F', [20], [21], '°C'],
    ['multiply 2', [1.5, -3], [3, -6]],
    ['clamp 0..100', [-5, 50, 120], [0, 50, 100]],
    ['clamp 0..', [-5, 120], [0, 120]],
    ['clamp ..10', [-5, 120], [-5, 10]],
    ['clamp 32°F..50°F', [-5, 5, 20], [0, 5, 10], '°C'],
    ['round 1', [1.25, 1.24, -0.04], [1.3, 1.2, 0]],
    ['round_to 0.5', [1.2, 1.3, -0.1], [1, 1.5, 0]],
    ['round_to 0.1', [0.3], [0.3]],
    ['scale {2.6V: 0, 1.2V: 100}', [2.6, 1.2, 1.9], [0, 100, 50], 'V'],
    ['scale {2.6V: 0, 1.2V: 100}', [2_600, 1_200], [0, 100], 'mV'],
    ['calibrate exact [[0, 1], [10, 21], [20, 21]]', [0, 5, 10, 15, 25, -1], [1, 11, 21, 21, 21, -1]],
    ['median 3', [1, 100, 2, 3], [1, 50.5, 2, 3]],
    ['min 2', [3, 5, 4], [3, 3, 4]],
    ['max 2', [3, 5, 4], [3, 5, 5]],
    ['mean 2', [1, 3, 5], [1, 2, 4]],
    ['quantile 0.5 5', [1, 2, 9], [1, 1.5, 2]],
    ['quantile 100% 5', [1, 9, 2], [1, 9, 9]],
    ['ema 0.5', [0, 10, 10], [0, 5, 7.5]],
    ['ema 1', [3, 7], [3, 7]],
    ['hampel 5 3', [20, 20.1, 19.9, 85, 20], [20, 20.1, 19.9, 20.05, 20]],
    ['hampel 5 3', [20, 20, 20, 85, 20], [20, 20, 20, 20, 20]],
    ['delta 0.5', [20, 20.4, 20.5, 20.6, 21], [20, 20.5, 21]],
    ['delta 0.3', [21, 21.3], [21, 21.3]],
    ['delta 0.9°F', [20, 20.4, 20.5], [20, 20.5], '°C'],
    ['delta 5%', [100, 104, 105, 110, 110.25], [100, 105, 110.25]],
    ['delta 5%', [0, 0, 0.001], [0, 0.001]],
    ['delta 0', [1, 1, 2], [1, 2]],
    [
      ['median 3', 'offset 1', 'round 0'],
      [1.2, 9.9, 1.4],
      [2, 7, 2],
    ],
  ])('%j makes of %j %j', (chain, values, wanted, unit) => {
    const got = through(chain, values, unit);
    expect(got).toHaveLength(wanted.length);
    for (const [index, value] of wanted.entries()) expect(got[index]).toBeCloseTo(Number(value), 9);
  });

  it('words pass a filter for numbers as they are', () => {
    for (const text of ['median 5', 'offset 1', 'ema 0.5', 'throttle_average 5s', 'total ever', 'rate 1h', 'delta 1']) {
      expect(through(text, ['open'])).toEqual(['open']);
    }
  });

  it('there is no minus zero', () => {
    expect(Object.is(through('round 0', [-0.2])[0], 0)).toBe(true);
    expect(Object.is(through('round_to 1', [-0.2])[0], 0)).toBe(true);
  });
});

describe('calibrate', () => {
  it('linear: the best line', () => {
    // y = 2x + 1 with an error of the same size to both sides
    const [value] = through('calibrate [[0, 1.1], [1, 2.9], [2, 4.9], [3, 7.1]]', [10]);
    expect(value).toBeCloseTo(21, 9);
  });

  it('two pairs are met', () => {
    const got = through('calibrate [[0, 0.5], [10, 10.2]]', [0, 10, 5]);
    for (const [index, wanted] of [0.5, 10.2, 5.35].entries()) expect(got[index]).toBeCloseTo(wanted, 9);
  });

  it('polynomial: a parabola far from zero', () => {
    const parabola = (x: number) => 3 * x * x - 2 * x + 7;
    const pairs = [30_000, 31_000, 32_000, 33_000].map((x) => [x, parabola(x)]);
    const [value] = through({ 'calibrate polynomial 2': pairs }, [31_500]);
    expect(Number(value) / parabola(31_500)).toBeCloseTo(1, 9);
  });
});

describe('windows of time', () => {
  it('forget what is too old', async () => {
    const { feed, values } = openChain('max 3s');
    await feed(9, 1, 2, 3, 4);
    expect(values()).toEqual([9, 9, 9, 3, 4]);
  });

  it('weigh each reading the same', async () => {
    const { feed, values } = openChain('mean 1h');
    await feed(1, 2, 3, 6);
    expect(values()).toEqual([1, 1.5, 2, 3]);
  });

  it('are exact for a flood: sum, lowest and highest', async () => {
    const [mean, max] = [openChain('mean 10s'), openChain('max 10s')];
    for (let index = 0; index < 5_000; index += 1) {
      mean.chain.push(index, 'good');
      max.chain.push(5_000 - index, 'good');
      if (index % 10 === 0) await Promise.all([mean.clock.advance(1), max.clock.advance(1)]);
    }
    expect(mean.values().at(-1)).toBeCloseTo(2_499.5, 6);
    expect(max.values().at(-1)).toBe(5_000);
  });
});

describe('properties', () => {
  const value = fc.double({ min: -1e6, max: 1e6, noNaN: true }).map((one) => one + 0);
  const list = fc.array(value, { minLength: 1, maxLength: 60 });
  const size = fc.integer({ min: 1, max: 20 });
  const last = (values: readonly number[], count: number) => values.slice(-count);

  it('median is the middle of the sorted window', () => {
    fc.assert(
      fc.property(list, size, (values, count) => {
        const sorted = last(values, count).toSorted((a, b) => a - b);
        const half = sorted.length / 2;
        const [below = 0, above = 0] = [sorted[Math.ceil(half) - 1], sorted[Math.floor(half)]];
        expect(through(`median ${count}`, values).at(-1)).toBeCloseTo((below + above) / 2, 6);
      }),
    );
  });

  it('mean, min and max are those of the window', () => {
    fc.assert(
      fc.property(list, size, (values, count) => {
        const window = last(values, count);
        const mean = window.reduce((sum, one) => sum + one, 0) / window.length;
        expect(through(`mean ${count}`, values).at(-1)).toBeCloseTo(mean, 5);
        expect(through(`min ${count}`, values).at(-1)).toBe(Math.min(...window));
        expect(through(`max ${count}`, values).at(-1)).toBe(Math.max(...window));
      }),
    );
  });

  it('a quantile lies in its window and grows with its share', () => {
    const share = fc.integer({ min: 1, max: 100 });
    fc.assert(
      fc.property(list, share, share, (values, a, b) => {
        const [low, high] = [Math.min(a, b), Math.max(a, b)].map((one) =>
          Number(through(`quantile ${one}% 20`, values).at(-1)),
        );
        expect(low).toBeLessThanOrEqual(Number(high) + 1e-6);
        expect(low).toBeGreaterThanOrEqual(Math.min(...last(values, 20)));
        expect(high).toBeLessThanOrEqual(Math.max(...last(values, 20)));
      }),
    );
  });

  it('an exponential average stays among what it has seen', () => {
    fc.assert(
      fc.property(list, fc.integer({ min: 1, max: 100 }), (values, alpha) => {
        for (const average of through(`ema ${alpha}%`, values)) {
          expect(average).toBeGreaterThanOrEqual(Math.min(...values) - 1e-6);
          expect(average).toBeLessThanOrEqual(Math.max(...values) + 1e-6);
        }
      }),
    );
  });

  it('clamp keeps within its limits and leaves the rest', () => {
    fc.assert(
      fc.property(list, value, value, (values, a, b) => {
        const [low, high] = [Math.round(Math.min(a, b)) + 0, Math.round(Math.max(a, b)) + 0];
        const got = through(`clamp ${low}..${high}`, values);
        for (const [index, one] of values.entries()) expect(got[index]).toBe(Math.min(Math.max(one, low), high));
      }),
    );
  });

  it('an outlier filter gives only what lies in its window', () => {
    fc.assert(
      fc.property(list, (values) => {
        for (const [index, got] of through('hampel 7 3', values).entries()) {
          const window = values.slice(Math.max(0, index - 6), index + 1);
          expect(got).toBeGreaterThanOrEqual(Math.min(...window));
          expect(got).toBeLessThanOrEqual(Math.max(...window));
        }
      }),
    );
  });
});
