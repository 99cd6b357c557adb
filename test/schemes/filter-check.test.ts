import { describe, expect, it } from 'vitest';
import { checkFilters, type FilterSource, unitAfter } from '../../src/schemes/filter-check.ts';
import { parseFilters } from '../../src/schemes/filter-parse.ts';

function check(chain: readonly unknown[], source: FilterSource) {
  const { steps, problems } = parseFilters(chain);
  expect(problems).toEqual([]);
  return checkFilters(steps, source);
}

const celsius: FilterSource = { type: 'number', unit: '°C' };

describe('units in a chain', () => {
  it.each([
    ['offset 1°F'],
    ['clamp 0°C..300K'],
    ['delta 0.5°C'],
    ['delta 5%'],
    ['filter_out 85°C'],
    ['calibrate [[0°C, 1°C], [10°C, 11°C]]'],
    ['timeout 5min 20°C'],
    ['median 5'],
  ])('%s fits °C', (text) => {
    expect(check([text], celsius)).toEqual([]);
  });

  it.each([['offset 1V'], ['clamp 0..3V'], ['filter_out 85V'], ['scale [[1V, 0], [2V, 1]]']])('%s does not', (text) => {
    const [problem] = check([text], celsius);
    expect(problem).toMatchObject({ path: [0], code: 'HB211' });
    expect(parseFilters([problem?.fix]).problems).toEqual([]);
  });

  it('a unit needs a point that has one', () => {
    expect(check(['offset 1V'], { type: 'number' })[0]).toMatchObject({ code: 'HB211', fix: 'offset 1' });
  });

  it('behind a scale the unit is another', () => {
    const source: FilterSource = { type: 'number', unit: 'V' };
    expect(check(['scale {2.6V: 0, 1200mV: 100}', 'clamp 0..100'], source)).toEqual([]);
    expect(check(['scale {2.6V: 0, 1.2V: 100}', 'clamp 0V..1V'], source)[0]).toMatchObject({
      path: [1],
      code: 'HB211',
    });
  });
});

describe('types in a chain', () => {
  it.each([
    [['median 5'], 'boolean'],
    [['invert'], 'number'],
    [['delayed_on 5s'], 'text'],
    [['round 1'], 'enum'],
  ] as const)('%j does not work on %s', (chain, type) => {
    expect(check(chain, { type })[0]).toMatchObject({ path: [0], code: 'HB246' });
  });

  it.each([
    [['debounce 5s', 'throttle 1s'], 'text'],
    [['invert', 'delayed_off 5s'], 'boolean'],
    [['map {on: 1, off: 0}', 'mean 5'], 'boolean'],
  ] as const)('%j works on %s', (chain, type) => {
    expect(check(chain, { type })).toEqual([]);
  });
});

describe('the unit behind a chain', () => {
  it.each([
    ['median 5', '°C', '°C'],
    ['total daily', 'mm', 'mm'],
    ['total daily hours', 'W', 'Wh'],
    ['total daily hours', '°C', undefined],
    ['rate 1h', 'kWh', 'kW'],
    ['rate 1s', 'J', 'W'],
    ['rate 1min', 'L', 'L/min'],
    ['rate 1min', 'count', '/min'],
    ['rate 1s', 'kB', 'kB/s'],
    ['rate 1h', 'mm', 'mm/h'],
    ['rate 1h', 'W', undefined],
    ['rate 5min', 'L', undefined],
    ['scale {0: 0, 1: 100}', 'V', undefined],
    ['map {0: low}', 'V', undefined],
    ['rate 1h', undefined, undefined],
  ])('%s of %s is in %s', (text, unit, wanted) => {
    const [step] = parseFilters([text]).steps;
    expect(step).toBeDefined();
    if (step !== undefined) expect(unitAfter(step, unit)).toBe(wanted);
  });

  it('holds for the steps that follow', () => {
    const source: FilterSource = { type: 'number', unit: 'W' };
    expect(check(['total daily hours', 'delta 0.1kWh'], source)).toEqual([]);
    expect(check(['total daily hours', 'delta 0.1W'], source)[0]).toMatchObject({ path: [1], code: 'HB211' });
  });
});
