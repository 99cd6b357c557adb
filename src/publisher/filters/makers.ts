import { clamp, multiply, offset, round, roundToMultiple } from './arithmetic.ts';
import { calibrate, scale } from './calibrate.ts';
import { debounce } from './debounce.ts';
import { delayedOff, delayedOn } from './delayed.ts';
import { delta } from './delta.ts';
import { ema } from './ema.ts';
import type { MakeFilter } from './filter.ts';
import { hampel } from './hampel.ts';
import { heartbeat } from './heartbeat.ts';
import { rate } from './rate.ts';
import { filterOut, invert, map, skipInitial } from './select.ts';
import { throttle } from './throttle.ts';
import { throttleAverage } from './throttle-average.ts';
import { timeout } from './timeout.ts';
import { total } from './total.ts';
import { max, mean, median, min, quantile } from './windowed.ts';

/** The running side of each name of the catalogue. A test holds the two together. */
export const MAKERS: Readonly<Record<string, MakeFilter>> = {
  calibrate,
  clamp,
  debounce,
  delayed_off: delayedOff,
  delayed_on: delayedOn,
  delta,
  ema,
  filter_out: filterOut,
  hampel,
  heartbeat,
  invert,
  map,
  max,
  mean,
  median,
  min,
  multiply,
  offset,
  quantile,
  rate,
  round,
  round_to: roundToMultiple,
  scale,
  skip_initial: skipInitial,
  throttle,
  throttle_average: throttleAverage,
  timeout,
  total,
};
