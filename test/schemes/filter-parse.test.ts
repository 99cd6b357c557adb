import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { FILTERS } from '../../src/schemes/filter-catalog.ts';
import { nearestFilter, parseFilter, parseFilters } from '../../src/schemes/filter-parse.ts';
import { yamlValue } from '../../src/schemes/yaml-value.ts';

describe('the catalogue', () => {
  it.each(Object.entries(FILTERS))('%s: its example is right', (name, { example }) => {
    const { steps, problems } = parseFilters([example]);
    expect(problems).toEqual([]);
    expect(steps[0]?.name).toBe(name);
  });

  it.each(Object.entries(FILTERS))('%s: too much is told with the right use', (name, { args, example }) => {
    if (args.some(({ kind }) => kind === 'values')) return;
    const { problems } = parseFilters([`${example} {too: much}`]);
    expect(problems[0]).toMatchObject({ path: [0], code: 'HB244', fix: yamlValue(example) });
    expect(parse(`[${problems[0]?.fix}]`)).toEqual([example]);
    expect(problems[0]?.message).toContain(name);
  });

  it.each(Object.entries(FILTERS))('%s: nothing else has its other names', (name, { aliases = [] }) => {
    for (const alias of aliases) {
      expect(Object.hasOwn(FILTERS, alias)).toBe(false);
      expect(nearestFilter(alias)).toBe(name);
    }
  });

  it('is sorted', () => {
    expect(Object.keys(FILTERS)).toEqual(Object.keys(FILTERS).toSorted());
  });
});

describe('forms', () => {
  it.each<[unknown, string]>([
    ['clamp 0..', 'clamp 0..'],
    ['clamp ..10', 'clamp ..10'],
    ['clamp -5..-1', 'clamp -5..-1'],
    ['clamp 0°C..30°C', 'clamp 0°C..30°C'],
    ['clamp 0 100', 'clamp 0..100'],
    [{ clamp: [0, 100] }, 'clamp 0..100'],
    [{ median: 5 }, 'median 5'],
    [{ median: '5' }, 'median 5'],
    [{ invert: null }, 'invert'],
    ['  median   5 ', 'median 5'],
    ['max 1 min', 'max 1min'],
    ['heartbeat 60s', 'heartbeat 1min'],
    ['offset 1.5 °C', 'offset 1.5°C'],
    ['offset +1e-3', 'offset 0.001'],
    ['quantile 90% 7', 'quantile 0.9 7'],
    ['delta 5%', 'delta 5%'],
    ['delta 5 %', 'delta 5%'],
    ['timeout 5min 0', 'timeout 5min 0'],
    ['timeout 5min unknown', 'timeout 5min unknown'],
    ['rate 1h counter', 'rate 1h counter'],
    ['total daily hours', 'total daily hours'],
    ['filter_out 85°C -127 foo on', 'filter_out 85°C -127 foo on'],
    ['filter_out "two words"', 'filter_out "two words"'],
    [{ filter_out: [85, -127] }, 'filter_out 85 -127'],
    [
      {
        'calibrate exact': [
          [0, 1],
          [5, 6],
        ],
      },
      'calibrate exact [[0, 1], [5, 6]]',
    ],
    [
      {
        calibrate: [
          'polynomial',
          2,
          [
            [0, 1],
            [5, 6],
            [7, 8],
          ],
        ],
      },
      'calibrate polynomial 2 [[0, 1], [5, 6], [7, 8]]',
    ],
    [
      {
        'calibrate polynomial 2': [
          [0, 1],
          [5, 6],
          [7, 8],
        ],
      },
      'calibrate polynomial 2 [[0, 1], [5, 6], [7, 8]]',
    ],
    ['calibrate 0 -> 0.5, 10 -> 10.2', 'calibrate [[0, 0.5], [10, 10.2]]'],
    [{ calibrate: ['0 -> 0.5', '10 -> 10.2'] }, 'calibrate [[0, 0.5], [10, 10.2]]'],
    [{ scale: { '2.6V': 0, '1.2V': 100 } }, 'scale [[2.6V, 0], [1.2V, 100]]'],
    ['scale {2.6V: 0, 1.2V: 100}', 'scale [[2.6V, 0], [1.2V, 100]]'],
    [{ map: { 0: 'closed', 1: true, 2: 'half open' } }, 'map {0: closed, 1: true, 2: "half open"}'],
  ])('%j is %s', (raw, text) => {
    const { steps, problems } = parseFilters([raw]);
    expect(problems).toEqual([]);
    expect(steps[0]?.text).toBe(text);
    expect(parseFilter(text)).toEqual(steps[0]);
  });

  it('one step needs no list', () => {
    expect(parseFilters('max 1min').steps).toEqual(parseFilters(['max 1min']).steps);
    expect(parseFilters('medain 5').problems[0]).toMatchObject({ path: [], code: 'HB243' });
  });
});

describe('faults', () => {
  it.each<[unknown, string, string | undefined]>([
    ['median', 'HB244', 'median 5'],
    ['median five', 'HB244', 'median 5'],
    ['median 0', 'HB245', 'median 1'],
    ['median 1001', 'HB245', 'median 1000'],
    ['median 2.5', 'HB245', 'median 3'],
    ['median 5 6', 'HB244', 'median 5'],
    ['medain 5', 'HB243', 'median 5'],
    ['Median 5', 'HB243', 'median 5'],
    ['medain 9', 'HB243', 'median 9'],
    ['moving_average 15', 'HB243', 'mean 15'],
    [
      {
        calibrate_linear: [
          [0, 1],
          [5, 7],
        ],
      },
      'HB243',
      'calibrate [[0, 1], [5, 7]]',
    ],
    ['sliding_window_moving_average', 'HB243', 'mean 5'],
    ['lambda', 'HB243', 'hanbus explain HB243'],
    ['debounce 5', 'HB210', 'debounce 5s'],
    ['debounce 5m', 'HB211', 'debounce 5min'],
    ['debounce -5s', 'HB245', 'debounce 1ms'],
    ['throttle 100d', 'HB245', 'throttle 31d'],
    ['clamp 5..1', 'HB245', 'clamp 1..5'],
    ['clamp', 'HB244', 'clamp 0..100'],
    ['clamp a..b', 'HB244', 'clamp 0..100'],
    ['offset 1.5zorg', 'HB211', 'offset 1.5'],
    ['offset 1.5 zorg', 'HB244', 'offset -1.5'],
    ['offset 1.5Celcius', 'HB211', 'offset 1.5°C'],
    ['delta -1', 'HB245', 'delta 1'],
    ['delta -5%', 'HB245', 'delta 5%'],
    ['ema 2', 'HB245', 'ema 0.02'],
    ['quantile 90 7', 'HB245', 'quantile 0.9 7'],
    ['ema 0', 'HB245', 'ema 0.5'],
    ['total weekly', 'HB244', 'total hourly'],
    ['multiply abc', 'HB244', 'multiply 2'],
    ['multiply 1e400', 'HB244', 'multiply 2'],
    ['hampel 2 3', 'HB245', 'hampel 3 3'],
    ['round_to 0', 'HB245', 'round_to 0.5'],
    ['scale [[0, 1], [1, 2], [2, 3]]', 'HB244', 'scale {2.6V: 0, 1.2V: 100}'],
    ['calibrate [[0, 1]]', 'HB244', 'calibrate [[0, 0.5], [10, 10.2]]'],
    ['calibrate [[0, 1], [0, 2]]', 'HB244', 'calibrate [[0, 0.5], [10, 10.2]]'],
    ['calibrate polynomial [[0, 1], [5, 6]]', 'HB244', 'calibrate [[0, 0.5], [10, 10.2]]'],
    ['calibrate polynomial 2 [[0, 1], [5, 6]]', 'HB244', 'calibrate [[0, 0.5], [10, 10.2]]'],
    ['calibrate 2 [[0, 1], [5, 6]]', 'HB244', 'calibrate [[0, 0.5], [10, 10.2]]'],
    ['timeout 5min 1 2', 'HB244', 'timeout 5min'],
    ['map {a: [', 'HB244', undefined],
    ['map {0: {deep: map}}', 'HB244', 'map {0: closed, 1: open}'],
    ['invert 5', 'HB244', 'invert'],
    ['constructor', 'HB243', undefined],
    ['__proto__ 1', 'HB243', undefined],
    ['', 'HB243', undefined],
    [5, 'HB244', 'median 5'],
    [null, 'HB244', 'median 5'],
    [{}, 'HB244', 'median 5'],
    [{ median: 5, mean: 5 }, 'HB244', 'median 5'],
    [[['median']], 'HB244', 'median 5'],
  ])('%j is %s', (raw, code, fix) => {
    const { steps, problems } = parseFilters([raw]);
    expect(steps).toEqual([]);
    expect(problems).toHaveLength(1);
    expect(problems[0]).toMatchObject({ path: [0], code });
    if (fix !== undefined) expect(parse(`[${problems[0]?.fix}]`)).toEqual([fix]);
  });

  it('finds all in one pass and keeps what is right', () => {
    const { steps, problems } = parseFilters(['median 5', 'medain', 'round 1', 'debounce 5']);
    expect(steps.map(({ text }) => text)).toEqual(['median 5', 'round 1']);
    expect(problems.map(({ path }) => path)).toEqual([[1], [3]]);
  });

  it('limits the length of a text', () => {
    expect(parseFilters([`map {${'a: b, '.repeat(2_000)}}`]).problems[0]).toMatchObject({ code: 'HB245' });
  });

  it('limits the length of a chain', () => {
    const { steps, problems } = parseFilters(Array.from({ length: 21 }, () => 'invert'));
    expect(steps).toHaveLength(20);
    expect(problems[0]).toMatchObject({ code: 'HB245', path: [] });
  });

  it('a fix that is offered can be copied', () => {
    for (const { example, aliases = [] } of Object.values(FILTERS)) {
      for (const alias of aliases) {
        const words = example.split(' ').slice(1).join(' ');
        const fix = parseFilters([`${alias} ${words}`]).problems[0]?.fix;
        expect(parseFilters(parse(`[${fix}]`))).toEqual(parseFilters([example]));
      }
    }
  });

  it('never throws, whatever it is given', () => {
    const words = fc.constantFrom(
      ...Object.keys(FILTERS),
      '5',
      '5s',
      '0..1',
      '[',
      '{a: b}',
      '[[0,1],[1,2]]',
      '->',
      '%',
      '"',
      '-1',
      'daily',
    );
    fc.assert(
      fc.property(
        fc.oneof(
          fc.anything(),
          fc.string(),
          fc.array(words).map((list) => list.join(' ')),
        ),
        (raw) => {
          const { steps, problems } = parseFilters([raw]);
          expect(steps.length + problems.length).toBe(1);
          for (const step of steps) expect(parseFilter(step.text)).toEqual(step);
        },
      ),
      { numRuns: 500 },
    );
  });
});
