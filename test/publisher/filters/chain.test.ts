import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { makeChain } from '../../../src/publisher/filters/chain.ts';
import { MAKERS } from '../../../src/publisher/filters/makers.ts';
import { makeWindow } from '../../../src/publisher/filters/window.ts';
import { FILTERS } from '../../../src/schemes/filter-catalog.ts';
import { parseFilters } from '../../../src/schemes/filter-parse.ts';
import { makeFakeClock } from '../../fakes/clock.ts';
import { openChain } from './run-chain.ts';

const examples = Object.values(FILTERS).map(({ example }) => example);

/** The unit that an example expects. */
const unitOf = (chain: readonly string[]) => (chain.some((text) => text.startsWith('scale')) ? 'V' : undefined);

describe('the catalogue', () => {
  it('and what runs are the same', () => {
    expect(Object.keys(MAKERS).toSorted()).toEqual(Object.keys(FILTERS).toSorted());
  });

  it.each(examples)('%s runs', async (text) => {
    const { chain, clock, out } = openChain(text, unitOf([text]));
    for (const value of [1, 2, 3, true, false, 'open', 4]) {
      chain.push(value, 'good');
      await clock.advance(600_000);
    }
    expect(out.length).toBeGreaterThan(0);
  });
});

describe('a chain', () => {
  it('of no filters passes everything', () => {
    const { chain, out } = openChain([]);
    chain.push(1, 'good');
    chain.push('x', 'uncertain', 'the sensor doubts');
    expect(out).toEqual([
      { value: 1, quality: 'good' },
      { value: 'x', quality: 'uncertain', why: 'the sensor doubts' },
    ]);
  });

  it('passes the unit on, but not behind a scale', () => {
    const { steps } = parseFilters(['offset 1V', 'scale {0V: 0, 1V: 1}', 'offset 1V']);
    const open = () => makeChain(steps, { clock: makeFakeClock(), emit: () => undefined, unit: 'mV' });
    expect(open).toThrow('V does not fit a value without a unit');
  });

  it('refuses a unit that does not fit, with a code and a fix', () => {
    const { steps } = parseFilters(['offset 1V']);
    const open = () => makeChain(steps, { clock: makeFakeClock(), emit: () => undefined, unit: '°C' });
    expect(open).toThrow(expect.objectContaining({ code: 'HB211', fix: 'use °C or another unit of the same kind' }));
  });

  it('says nothing after it is closed, and closes twice', async () => {
    for (const text of examples) {
      const { chain, clock, out } = openChain(text, unitOf([text]));
      chain.push(1, 'good');
      chain.push(true, 'good');
      chain.push(2, 'good');
      chain.close();
      chain.close();
      expect(clock.pending).toBe(0);
      const before = out.length;
      chain.push(3, 'good');
      chain.push(3, 'bad', 'broken');
      await clock.advance(86_400_000);
      expect(out).toHaveLength(before);
    }
  });
});

describe('doubt', () => {
  it('a bad value enters no average; the last good one is told as bad, once', async () => {
    const { chain, out } = openChain('mean 3');
    chain.push(10, 'good');
    chain.push(85, 'bad', '85 °C is the power-on value');
    chain.push(85, 'bad', '85 °C is the power-on value');
    chain.push(20, 'good');
    expect(out).toEqual([
      { value: 10, quality: 'good' },
      { value: 10, quality: 'bad', why: '85 °C is the power-on value' },
      { value: 15, quality: 'good' },
    ]);
  });

  it('before the first good value there is nothing to tell', () => {
    const { chain, out } = openChain('mean 3');
    chain.push(85, 'bad', 'broken');
    expect(out).toEqual([]);
  });

  it('what a timer tells meanwhile is bad too', async () => {
    const { chain, clock, out } = openChain('throttle 10s');
    chain.push(1, 'good');
    chain.push(2, 'good');
    chain.push(0, 'bad', 'broken');
    await clock.advance(10_000);
    expect(out.at(-1)).toEqual({ value: 2, quality: 'bad', why: 'broken' });
  });

  it.each([[Number.NaN], [Number.POSITIVE_INFINITY], [Number.NEGATIVE_INFINITY]])('%d never passes', (value) => {
    const { chain, out } = openChain('median 3');
    chain.push(5, 'good');
    chain.push(value, 'good');
    expect(out.at(-1)).toEqual({ value: 5, quality: 'bad', why: `${value} is not a number that can be` });
    chain.push(7, 'good');
    expect(out.at(-1)).toEqual({ value: 6, quality: 'good' });
  });

  it('nor does one that a filter makes', () => {
    const { chain, out } = openChain(['multiply 1e15', 'multiply 1e15']);
    chain.push(1, 'good');
    chain.push(1e290, 'good');
    expect(out.at(-1)).toMatchObject({ value: 1e30, quality: 'bad' });
  });

  it('the quality of the newest reading goes with the average', () => {
    const { chain, out } = openChain('mean 3');
    chain.push(1, 'good');
    chain.push(3, 'uncertain', 'the sensor warms up');
    expect(out.at(-1)).toEqual({ value: 2, quality: 'uncertain', why: 'the sensor warms up' });
  });
});

describe('properties', () => {
  const steps = fc.array(fc.constantFrom(...examples), { maxLength: 6 }).filter((chain) => {
    // An amount with a unit fits only where the unit of the point still holds.
    const at = chain.findIndex((text) => text.startsWith('scale'));
    return at <= 0 && chain.filter((text) => text.startsWith('scale')).length <= 1;
  });
  const value = fc.oneof(fc.double(), fc.integer(), fc.boolean(), fc.string(), fc.constant({ a: 1 }));
  const quality = fc.constantFrom('good' as const, 'uncertain' as const, 'bad' as const, 'stale' as const);
  const push = fc.record({ value, quality, waitMs: fc.integer({ min: 0, max: 120_000 }) });

  it('no value breaks a chain, and no number that cannot be comes out', async () => {
    await fc.assert(
      fc.asyncProperty(steps, fc.array(push, { maxLength: 20 }), async (texts, pushes) => {
        const { chain, clock, out } = openChain(texts, unitOf(texts));
        for (const one of pushes) {
          chain.push(one.value, one.quality);
          await clock.advance(one.waitMs);
        }
        chain.close();
        expect(clock.pending).toBe(0);
        for (const sample of out) expect(typeof sample.value !== 'number' || Number.isFinite(sample.value)).toBe(true);
      }),
      { numRuns: 60 },
    );
  });

  it('a window never holds more than it may', () => {
    const window = fc.oneof(
      fc.integer({ min: 1, max: 1_000 }).map((count) => ({ kind: 'count' as const, value: count })),
      fc.integer({ min: 1, max: 86_400_000 }).map((ms) => ({ kind: 'time' as const, ms })),
    );
    fc.assert(
      fc.property(window, fc.integer({ min: 1, max: 100_000 }), (size, stepMs) => {
        const held = makeWindow({ window: size });
        for (let index = 0; index < 3_000; index += 1) held.add(index, index * stepMs);
        expect(held.buckets.length).toBeLessThanOrEqual(size.kind === 'count' ? size.value : 1_000);
        expect(held.buckets.at(-1)?.max).toBe(2_999);
      }),
      { numRuns: 40 },
    );
  });
});
