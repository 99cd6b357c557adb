import { type ArgSpec, type FilterFact, MAX_WINDOW } from './filter-fact.ts';

const window: ArgSpec = {
  name: 'window',
  kind: 'window',
  about: 'How many readings, or how long.',
  min: 1,
  max: MAX_WINDOW,
};
/** Filters that work on numbers, each reading giving one. */
export const NUMBER_FILTERS: Readonly<Record<string, FilterFact>> = {
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
  ema: {
    summary: 'Exponential moving average.',
    works: 'number',
    args: [{ name: 'alpha', kind: 'share', about: 'Weight of the newest reading, above 0 to 1.' }],
    example: 'ema 0.1',
    aliases: ['exponential_moving_average'],
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
};
