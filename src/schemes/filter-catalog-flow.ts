import type { ArgSpec, FilterFact } from './filter-fact.ts';

const time = (about: string): ArgSpec => ({ name: 'time', kind: 'time', about });

/** Filters that hold back, repeat, replace or add up readings. */
export const FLOW_FILTERS: Readonly<Record<string, FilterFact>> = {
  debounce: {
    summary: 'Passes a value that has not changed for a time.',
    works: 'any',
    args: [time('How long it must hold.')],
    example: 'debounce 5s',
    aliases: ['settle'],
  },
  delayed_off: {
    summary: 'Turns off only after it was off for a time.',
    works: 'boolean',
    args: [time('How long it must be off.')],
    example: 'delayed_off 5s',
  },
  delayed_on: {
    summary: 'Turns on only after it was on for a time.',
    works: 'boolean',
    args: [time('How long it must be on.')],
    example: 'delayed_on 5s',
  },
  delta: {
    summary: 'Passes a value that differs enough from the last one passed.',
    works: 'number',
    args: [{ name: 'change', kind: 'change', about: 'How much: absolute, or in percent of the last one.' }],
    example: 'delta 0.5',
    aliases: ['deadband', 'rbe'],
  },
  filter_out: {
    summary: 'Drops readings of these values.',
    works: 'any',
    args: [{ name: 'values', kind: 'values', about: 'One or more values.' }],
    example: 'filter_out 85 -127',
    aliases: ['ignore', 'exclude'],
  },
  heartbeat: {
    summary: 'Passes the first reading, then the latest one at a fixed pace.',
    works: 'any',
    args: [time('The pace.')],
    example: 'heartbeat 60s',
    aliases: ['repeat'],
  },
  invert: {
    summary: 'Turns on into off and off into on.',
    works: 'boolean',
    args: [],
    example: 'invert',
    aliases: ['inverted', 'not'],
  },
  map: {
    summary: 'Shows one value as another; what is not listed stays.',
    works: 'any',
    args: [{ name: 'words', kind: 'words', about: 'Raw value: shown value.' }],
    example: 'map {0: closed, 1: open}',
  },
  rate: {
    summary: 'How fast the value changes, per time.',
    works: 'number',
    args: [
      { name: 'per', kind: 'time', about: 'The time: 1h gives the change per hour.' },
      {
        name: 'of',
        kind: 'choice',
        words: ['value', 'counter'],
        optional: true,
        about: 'counter: a fall is a restart of the counter and gives nothing.',
      },
    ],
    example: 'rate 1h',
    aliases: ['derivative', 'slope'],
  },
  skip_initial: {
    summary: 'Drops the first readings.',
    works: 'any',
    args: [{ name: 'count', kind: 'count', min: 1, max: 1_000_000, about: 'How many.' }],
    example: 'skip_initial 3',
    aliases: ['skip'],
  },
  throttle: {
    summary: 'At most one value per time; the newest is kept and comes when the time is over.',
    works: 'any',
    args: [time('The time.')],
    example: 'throttle 10s',
    aliases: ['rate_limit', 'at_most'],
  },
  throttle_average: {
    summary: 'The average of each period, at its end.',
    works: 'number',
    args: [time('The period.')],
    example: 'throttle_average 1min',
    aliases: ['average_every'],
  },
  timeout: {
    summary: 'Says stale when no reading comes for a time; or gives a value instead.',
    works: 'any',
    args: [
      time('The longest silence.'),
      { name: 'value', kind: 'values', optional: true, about: 'The value to give; without it the last one, as stale.' },
    ],
    example: 'timeout 5min',
  },
  total: {
    summary: 'Adds up, and starts again each hour or day, or never.',
    works: 'number',
    args: [
      { name: 'reset', kind: 'choice', words: ['hourly', 'daily', 'ever'], about: 'When it starts again at 0.' },
      {
        name: 'of',
        kind: 'choice',
        words: ['readings', 'rises', 'hours'],
        optional: true,
        about: 'readings: each reading counts; rises: of a counter; hours: value times hours, W gives Wh.',
      },
    ],
    example: 'total daily',
    aliases: ['sum', 'integrate', 'integration', 'count'],
  },
};
