import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Quality } from '../../../src/schemes/reading.ts';
import type { Row } from '../../../src/state/history/row.ts';
import { decodeRows, encodeRows } from '../../../src/state/history/row-codec.ts';

const qualities: readonly Quality[] = ['good', 'uncertain', 'manual', 'stale', 'bad'];
const value = fc.oneof(
  fc.constant(undefined),
  fc.boolean(),
  fc.double(),
  fc.integer(),
  fc.integer({ min: -1_000_000, max: 1_000_000 }).map((digits) => digits / 100),
  fc.string({ unit: 'grapheme' }),
  fc.array(fc.integer()),
  fc.dictionary(fc.string(), fc.integer()),
);
const row = fc.record({ time: fc.integer({ min: 0, max: 2 ** 42 }), value, quality: fc.constantFrom(...qualities) });

test('rows come back as they were, in any order and of any kind', () => {
  fc.assert(
    fc.property(fc.array(row), fc.integer({ min: 0, max: 2 ** 42 }), (rows, base) => {
      expect(decodeRows(encodeRows(rows, base), base)).toEqual(rows);
    }),
  );
});

test('a reading a minute of a thermometer takes 5 bytes at most', () => {
  const rows: Row[] = Array.from({ length: 1_000 }, (_, minute) => ({
    time: 1_763_800_000_000 + minute * 60_000 + Math.round(Math.sin(minute * 7) * 40),
    value: Math.round(2_000 + 300 * Math.sin(minute / 200)) / 100,
    quality: 'good',
  }));
  expect(encodeRows(rows, 1_763_800_000_000).length / rows.length).toBeLessThanOrEqual(5);
});

test('damaged bytes give an error or rows, and never hang or grow without end', () => {
  const rows: Row[] = Array.from({ length: 40 }, (_, at) => ({ time: at * 1_000, value: at / 7, quality: 'good' }));
  const bytes = encodeRows([...rows, { time: 9, value: 'text', quality: 'bad' }], 0);
  for (let at = 0; at < bytes.length; at += 1) {
    const bent = Buffer.from(bytes);
    bent[at] = 255 - (bent[at] ?? 0);
    try {
      expect(decodeRows(bent, 0).length).toBeLessThanOrEqual(bent.length);
    } catch (error) {
      expect(error).toBeInstanceOf(Error);
    }
    expect(() => decodeRows(bytes.subarray(0, at), 0)).toThrow(Error);
  }
});
