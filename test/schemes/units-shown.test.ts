import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { Value } from '../../src/schemes/reading.ts';
import { knownUnits } from '../../src/schemes/units.ts';
import { shown } from '../../src/schemes/units-shown.ts';

const cases: readonly [Value, string | undefined, number | undefined, string][] = [
  [21.4, '°C', undefined, '21.4 °C'],
  [21.4449, '°C', 1, '21.4 °C'],
  [21.4, 'degC', 1, '21.4 °C'],
  [48, '%', undefined, '48 %'],
  [45, '°', undefined, '45°'],
  [-0.001, '°C', undefined, '0 °C'],
  [12_345_678, 'count', undefined, '12345678 count'],
  [0.5, undefined, undefined, '0.5'],
  [950, 'B', undefined, '950 B'],
  [1_234_567, 'B', undefined, '1.23 MB'],
  [1_234, 'MB', undefined, '1.23 GB'],
  [0.004, 'MB', undefined, '4 kB'],
  [250_000, 'B/s', undefined, '250 kB/s'],
  [-5_000_000, 'B', undefined, '-5 MB'],
  [0, 'GB', undefined, '0 B'],
  [12.5, 's', undefined, '12.5 s'],
  [250, 'ms', undefined, '250 ms'],
  [320, 's', undefined, '5 min 20 s'],
  [3_600, 's', undefined, '1 h'],
  [93_784, 's', undefined, '1 d 2 h'],
  [90, 'min', undefined, '1 h 30 min'],
  [-320, 's', undefined, '-5 min 20 s'],
  [7, 'smoots', undefined, '7 smoots'],
  [true, undefined, undefined, 'on'],
  [false, undefined, undefined, 'off'],
  ['Hello', undefined, undefined, 'Hello'],
  [{ a: 1 }, undefined, undefined, '{"a":1}'],
];

it.each(cases)('%j %s (%s) is shown as %s', (value, unit, decimals, text) => {
  expect(shown(value, unit, decimals)).toBe(text);
});

it('shows any number in any unit', () => {
  fc.assert(
    fc.property(fc.double(), fc.constantFrom(...knownUnits().keys()), (value, unit) => {
      expect(shown(value, unit)).not.toBe('');
    }),
  );
});
