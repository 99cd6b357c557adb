import { describe, expect, it } from 'vitest';
import { readTime } from '../../src/schemes/units-time.ts';

const limits = { minMs: 100, maxMs: 604_800_000, rangeCode: 'HB240' };
const read = (raw: unknown) => readTime(raw, (text) => `every: ${text}`, limits);

describe('times', () => {
  it.each([
    ['5s', 5_000],
    ['250ms', 250],
    ['1h30min', 5_400_000],
    ['1.5min', 90_000],
    ['7d', 604_800_000],
    [' 2 min ', 120_000],
  ])('%s is %d ms', (text, ms) => {
    expect(read(text)).toBe(ms);
  });

  it.each([
    [5, 'HB210', 'every: 5s'],
    ['5', 'HB210', 'every: 5s'],
    [5_000, 'HB210', 'every: 5000ms'],
    [-1, 'HB240', 'every: 100ms'],
    ['-5s', 'HB240', 'every: 100ms'],
    ['0s', 'HB240', 'every: 100ms'],
    ['8d', 'HB240', 'every: 7d'],
    ['5m', 'HB211', 'every: 5min'],
    ['5 minutes', 'HB211', 'every: 5min'],
    ['5°C', 'HB211', 'every: 5s'],
    ['5 zorg', 'HB211', 'every: 5s'],
    ['fast', 'HB212', 'every: 5s'],
    [true, 'HB212', 'every: 5s'],
    [Number.NaN, 'HB212', 'every: 5s'],
    [{}, 'HB212', 'every: 5s'],
    [undefined, 'HB212', 'every: 5s'],
    ['1:30', 'HB212', 'every: 1min30s'],
  ])('%j is %s; write %s', (raw, code, fix) => {
    expect(read(raw)).toMatchObject({ code, fix });
  });

  it('asks which unit was meant', () => {
    expect(read(5)).toMatchObject({ message: 'every: 5 needs a unit', suggestion: '5s or 5min?' });
  });
});
