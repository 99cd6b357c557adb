import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  convertSpan,
  convertUnit,
  dimensionOf,
  isUnit,
  knownUnits,
  makeConverter,
  nearestUnit,
  unitOf,
} from '../../src/schemes/units.ts';
import { UNIT_ALIASES } from '../../src/schemes/units-alias.ts';

const names = [...knownUnits().keys()];

describe('known values', () => {
  const cases: readonly [number, string, string, number][] = [
    [20, '°C', '°F', 68],
    [32, '°F', '°C', 0],
    [-40, '°F', '°C', -40],
    [0, 'K', '°C', -273.15],
    [1013.25, 'hPa', 'Pa', 101_325],
    [1, 'bar', 'mbar', 1_000],
    [1, 'psi', 'kPa', 6.894757],
    [29.92, 'inHg', 'hPa', 1013.21],
    [760, 'mmHg', 'hPa', 1013.25],
    [1, 'kWh', 'MJ', 3.6],
    [1, 'Wh', 'J', 3_600],
    [1_500, 'mV', 'V', 1.5],
    [3_000, 'rpm', 'Hz', 50],
    [1, 'kn', 'km/h', 1.852],
    [60, 'mph', 'm/s', 26.8224],
    [1, 'mi', 'km', 1.609344],
    [1, 'in', 'mm', 25.4],
    [1, 'ft', 'in', 12],
    [1, 'm³', 'L', 1_000],
    [1, 'gal', 'L', 3.785411784],
    [1, 'GB', 'MB', 1_000],
    [1, 'GiB', 'MiB', 1_024],
    [1, 'MiB', 'B', 1_048_576],
    [1, 'MB/s', 'kB/s', 1_000],
    [8, 'Mbit/s', 'MB/s', 1],
    [90, 'min', 'h', 1.5],
    [2, 'd', 'h', 48],
    [180, '°', 'rad', Math.PI],
    [1, 'G', 'µT', 100],
    [1, 'mg/m³', 'µg/m³', 1_000],
    [1, 'ppm', 'ppb', 1_000],
    [4.7, 'kΩ', 'Ω', 4_700],
    [1, 'm³/h', 'L/min', 16.6667],
    [6, '/min', '/s', 0.1],
    [180, '°/s', 'rad/s', Math.PI],
    [1, 'S/m', 'mS/cm', 10],
    [2.2, 'µF', 'nF', 2_200],
  ];
  it.each(cases)('%d %s in %s is %d', (value, from, to, wanted) => {
    const got = convertUnit(value, from, to) ?? Number.NaN;
    expect(Math.abs(got - wanted)).toBeLessThanOrEqual(1e-5 * Math.max(1, Math.abs(wanted)));
  });

  it('leaves no binary dust', () => {
    expect(convertUnit(20, '°C', '°F')).toBe(68);
    expect(convertUnit(0.3, 'V', 'mV')).toBe(300);
    expect(convertUnit(1.1, 'kWh', 'Wh')).toBe(1_100);
  });

  it('a step of temperature has no zero', () => {
    expect(convertSpan(1, '°C', '°F')).toBe(1.8);
    expect(convertSpan(0.9, '°F', 'K')).toBe(0.5);
    expect(convertSpan(2, 'V', 'mV')).toBe(2_000);
    expect(convertSpan(1, '°C', 'V')).toBeUndefined();
  });
});

describe('dimensions', () => {
  it('never converts between them', () => {
    for (const [from, dimension] of knownUnits()) {
      for (const [to, other] of knownUnits()) {
        const got = convertUnit(1, from, to);
        expect(got !== undefined && Number.isFinite(got), `${from} to ${to}`).toBe(dimension === other);
      }
    }
  });

  it('metres are never minutes', () => {
    expect(convertUnit(1, 'm', 'min')).toBeUndefined();
    expect(convertUnit(1, 'min', 'm')).toBeUndefined();
  });

  it('knows what a unit measures', () => {
    expect(dimensionOf('degC')).toBe('temperature');
    expect(dimensionOf('furlong')).toBeUndefined();
  });

  it('an unknown unit converts only to itself', () => {
    expect(convertUnit(3, 'furlong', 'furlong')).toBe(3);
    expect(convertUnit(3, 'furlong', 'm')).toBeUndefined();
    expect(makeConverter('m', 'furlong')).toBeUndefined();
  });
});

describe('properties', () => {
  const unit = fc.constantFrom(...names);
  const value = fc.double({ min: -1e9, max: 1e9, noNaN: true });

  it('there and back is where it was', () => {
    fc.assert(
      fc.property(value, unit, unit, (amount, from, to) => {
        const there = convertUnit(amount, from, to);
        if (there === undefined) return;
        const back = convertUnit(there, to, from) ?? Number.NaN;
        // 13 digits are kept, and a temperature near its zero loses what its offset has.
        const size = Math.max(Math.abs(amount), dimensionOf(from) === 'temperature' ? 1_000 : 0);
        expect(Math.abs(back - amount)).toBeLessThanOrEqual(size * 1e-11 + 1e-12);
      }),
    );
  });

  it('keeps the order of values', () => {
    fc.assert(
      fc.property(value, value, unit, unit, (a, b, from, to) => {
        const convert = makeConverter(from, to);
        if (convert === undefined || a >= b) return;
        expect(convert(a)).toBeLessThanOrEqual(convert(b));
      }),
    );
  });

  it('nothing that a person types throws', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        const house = unitOf(text);
        expect(house === undefined || names.includes(house)).toBe(true);
        expect(isUnit(text)).toBe(house !== undefined);
      }),
    );
  });
});

describe('spellings', () => {
  it('every alias leads to its unit', () => {
    for (const [alias, unit] of Object.entries(UNIT_ALIASES)) expect(unitOf(alias), alias).toBe(unit);
  });

  it.each([
    ['C', '°C'],
    ['F', '°F'],
    ['degC', '°C'],
    ['Celsius', '°C'],
    ['percent', '%'],
    ['KWH', 'kWh'],
    ['HPA', 'hPa'],
    ['\u03bcT', 'µT'],
    ['k\u2126', 'kΩ'],
    ['m3/h', 'm³/h'],
    [' hPa ', 'hPa'],
  ])('%s is %s', (text, unit) => {
    expect(unitOf(text)).toBe(unit);
  });

  it.each([['mw'], ['toString'], ['__proto__'], ['']])('%s is not guessed', (text) => {
    expect(unitOf(text)).toBeUndefined();
  });

  it.each([
    ['Celcius', '°C'],
    ['kwhh', 'kWh'],
    ['hpas', 'hPa'],
    ['secnds', 's'],
  ])('%s probably means %s', (text, unit) => {
    expect(nearestUnit(text)).toBe(unit);
  });

  it('has no idea of nonsense', () => {
    expect(nearestUnit('xyzzyx')).toBeUndefined();
  });
});
