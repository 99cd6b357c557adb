/** How one argument is written. `window` is a count of readings or a time; `change` is absolute or in percent. */
export type ArgKind =
  | 'amount'
  | 'change'
  | 'choice'
  | 'count'
  | 'number'
  | 'pairs'
  | 'range'
  | 'share'
  | 'time'
  | 'values'
  | 'window'
  | 'words';

export interface ArgSpec {
  readonly name: string;
  readonly kind: ArgKind;
  readonly about: string;
  readonly optional?: true;
  /** Limits of a count or number, and of the count of a window. */
  readonly min?: number;
  readonly max?: number;
  /** The words of a `choice`. */
  readonly words?: readonly string[];
}

/** One filter: parser, reference page and JSON Schema come from this. */
export interface FilterFact {
  readonly summary: string;
  /** The type of point it needs. */
  readonly works: 'any' | 'boolean' | 'number';
  readonly args: readonly ArgSpec[];
  /** A right way to write it. */
  readonly example: string;
  /** How other programs call it. */
  readonly aliases?: readonly string[];
}

/** Longest window and longest list; what bounds the memory of a chain. */
export const MAX_WINDOW = 1_000;

const window: ArgSpec = {
  name: 'window',
  kind: 'window',
  about: 'How many readings, or how long.',
  min: 1,
  max: MAX_WINDOW,
};
const time = (about: string): ArgSpec => ({ name: 'time', kind: 'time', about });

export const FILTERS: Readonly<Record<string, FilterFact>> = {
  calibrate: {
    summary: 'Corrects a sensor by pairs of measured and true value.',
    works: 'number',
    args: [
      {
        name: 'method',
        kind: 'choice',
        words: ['linear', 'exact', 'polynomial'],
        optional: true,
        about: 'linear: the best line (least squares); exact: through every pair; polynomial: of a degree.',
      },
      { name: 'degree', kind: 'count', min: 1, max: 6, optional: true, about: 'Degree of the polynomial.' },
      { name: 'pairs', kind: 'pairs', about: 'Measured and true value, twice or more.' },
    ],
    example: 'calibrate [[0, 0.5], [10, 10.2]]',
    aliases: ['calibrate_linear', 'calibrate_polynomial', 'calibration'],
  },
  clamp: {
    summary: 'Keeps the value within limits.',
    works: 'number',
    args: [{ name: 'range', kind: 'range', about: 'Lowest and highest value; one may be left out.' }],
    example: 'clamp 0..100',
    aliases: ['limit', 'constrain', 'range'],
  },
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
  ema: {
    summary: 'Exponential moving average.',
    works: 'number',
    args: [{ name: 'alpha', kind: 'share', about: 'Weight of the newest reading, above 0 to 1.' }],
    example: 'ema 0.1',
    aliases: ['exponential_moving_average'],
  },
  filter_out: {
    summary: 'Drops readings of these values.',
    works: 'any',
    args: [{ name: 'values', kind: 'values', about: 'One or more values.' }],
    example: 'filter_out 85 -127',
    aliases: ['ignore', 'exclude'],
  },
  hampel: {
    summary: 'Replaces an outlier by the median of the window.',
    works: 'number',
    args: [
      { name: 'window', kind: 'count', min: 3, max: MAX_WINDOW, about: 'How many readings.' },
      { name: 'limit', kind: 'number', min: 0, max: 100, about: 'How many standard deviations make an outlier.' },
    ],
    example: 'hampel 7 3',
    aliases: ['outlier'],
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
  max: {
    summary: 'Highest value of a window.',
    works: 'number',
    args: [window],
    example: 'max 1min',
    aliases: ['maximum', 'highest'],
  },
  mean: {
    summary: 'Average of a window.',
    works: 'number',
    args: [window],
    example: 'mean 5',
    aliases: ['average', 'avg', 'moving_average', 'sliding_window_moving_average'],
  },
  median: {
    summary: 'Middle value of a window; removes single spikes.',
    works: 'number',
    args: [window],
    example: 'median 5',
  },
  min: {
    summary: 'Lowest value of a window.',
    works: 'number',
    args: [window],
    example: 'min 5',
    aliases: ['minimum', 'lowest'],
  },
  multiply: {
    summary: 'Multiplies by a number.',
    works: 'number',
    args: [{ name: 'by', kind: 'number', about: 'The factor.' }],
    example: 'multiply 2',
    aliases: ['factor', 'times'],
  },
  offset: {
    summary: 'Adds a number.',
    works: 'number',
    args: [{ name: 'by', kind: 'amount', about: 'What is added; may be negative.' }],
    example: 'offset -1.5',
    aliases: ['add', 'plus'],
  },
  quantile: {
    summary: 'The value below which a share of the window lies.',
    works: 'number',
    args: [{ name: 'share', kind: 'share', about: 'The share: 0.9 or 90%.' }, window],
    example: 'quantile 0.9 7',
    aliases: ['percentile'],
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
  round: {
    summary: 'Rounds to so many decimals.',
    works: 'number',
    args: [{ name: 'decimals', kind: 'count', min: 0, max: 10, about: 'Decimals.' }],
    example: 'round 1',
  },
  round_to: {
    summary: 'Rounds to the nearest multiple.',
    works: 'number',
    args: [{ name: 'step', kind: 'amount', about: 'The step, above 0.' }],
    example: 'round_to 0.5',
    aliases: ['round_to_multiple_of', 'quantize'],
  },
  scale: {
    summary: 'Straight line through two pairs: raw value, shown value.',
    works: 'number',
    args: [{ name: 'pairs', kind: 'pairs', about: 'Two pairs.' }],
    example: 'scale {2.6V: 0, 1.2V: 100}',
    aliases: ['to_ntc', 'interpolate'],
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

export const FILTER_NAMES: readonly string[] = Object.keys(FILTERS);
