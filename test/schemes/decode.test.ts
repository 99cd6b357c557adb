import { describe, expect, test } from 'vitest';
import { decodeOptions } from '../../src/schemes/decode.ts';
import {
  choice,
  duration,
  flag,
  list,
  number,
  optional,
  place,
  record,
  secret,
  text,
  whole,
  withDefault,
} from '../../src/schemes/fields.ts';

const FIELDS = {
  at: place('Place.'),
  every: withDefault(duration('Time.'), '5s'),
  heat: withDefault(flag('Heater.'), 'off'),
  gain: optional(choice('Gain.', ['low', 'high'])),
  count: optional(whole('Count.', { min: 1, max: 8 })),
  offset: optional(number('Offset.')),
  names: optional(list('Names.', text('Name.'))),
  waits: optional(record('Times by name.', duration('Time.'))),
  token: optional(secret('Token.')),
};

const problemsOf = (raw: unknown) =>
  decodeOptions(FIELDS, raw).problems.map(({ code, path, fix }) => [code, path.join('.'), fix]);

describe('options', () => {
  test('are decoded: defaults, times in ms, on and off', () => {
    expect(decodeOptions(FIELDS, { at: 'gpio17' })).toEqual({
      options: { at: 'gpio17', every: 5_000, heat: false },
      problems: [],
    });
    const raw = { at: 'sim', every: '1h30min', heat: 'yes', waits: { a: '250ms' }, names: ['x'], token: '$A' };
    expect(decodeOptions(FIELDS, raw).options).toEqual({
      at: 'sim',
      every: 5_400_000,
      heat: true,
      waits: { a: 250 },
      names: ['x'],
      token: '$A',
    });
  });

  test('that are not a map are one problem', () => {
    expect(problemsOf('gpio17')).toEqual([['HB205', '', ': {at: gpio17}']]);
    expect(problemsOf(undefined)).toEqual([['HB207', '', 'at: <text>']]);
  });

  test('give all their problems at once, more than eight too', () => {
    const raw = {
      every: 60,
      heat: 'On',
      gain: 'hihg',
      count: 9,
      offset: '1,5',
      names: 'x',
      waits: { a: 1, b: '5m', c: '-1s' },
      token: 'secret',
      gian: 1,
    };
    expect(problemsOf(raw)).toEqual([
      ['HB210', 'every', 'every: 60s'],
      ['HB206', 'heat', 'heat: on'],
      ['HB206', 'gain', 'gain: high'],
      ['HB206', 'count', 'count: 8'],
      ['HB205', 'offset', 'offset: 1.5'],
      ['HB205', 'names', 'names: [x]'],
      ['HB210', 'waits.a', 'a: 1s'],
      ['HB211', 'waits.b', 'b: 5min'],
      ['HB212', 'waits.c', 'c: 5s'],
      ['HB270', 'token', 'token: $TOKEN'],
      ['HB204', 'gian', 'gain: 1'],
      ['HB207', '', 'at: <text>'],
    ]);
  });

  test('with keys of the prototype are unknown keys', () => {
    const raw = JSON.parse('{"at": "sim", "__proto__": 1, "constructor": 2, "toString": 3}');
    expect(problemsOf(raw).map(([code]) => code)).toEqual(['HB204', 'HB204', 'HB204']);
  });
});

test.each([0, -5, '0', '-5', '0s', '-1h', ' 0 min '])('a time of %j is longer than zero or an error', (every) => {
  const { problems } = decodeOptions(FIELDS, { at: 'sim', every });
  expect(problems).toMatchObject([{ code: 'HB212', path: ['every'], fix: 'every: 5s' }]);
  expect(problems[0]?.message).toContain('must be longer than zero');
});
