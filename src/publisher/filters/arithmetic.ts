import { amountArg, countArg, inUnit, numberArg, rangeArg, spanInUnit } from './args.ts';
import { eachNumber, type MakeFilter } from './filter.ts';

export const offset: MakeFilter = (args, world) => {
  const by = spanInUnit(amountArg(args, 'by'), world.unit);
  return eachNumber(world, (value) => value + by);
};

export const multiply: MakeFilter = (args, world) => {
  const by = numberArg(args, 'by');
  return eachNumber(world, (value) => value * by);
};

export const clamp: MakeFilter = (args, world) => {
  const { low, high } = rangeArg(args);
  const lowest = low === undefined ? Number.NEGATIVE_INFINITY : inUnit(low, world.unit);
  const highest = high === undefined ? Number.POSITIVE_INFINITY : inUnit(high, world.unit);
  return eachNumber(world, (value) => Math.min(Math.max(value, lowest), highest));
};

/** `-0` would be shown as such. */
export function roundTo(value: number, decimals: number): number {
  return Number(value.toFixed(decimals)) + 0;
}

export const round: MakeFilter = (args, world) => {
  const decimals = countArg(args, 'decimals');
  return eachNumber(world, (value) => roundTo(value, decimals));
};

export const roundToMultiple: MakeFilter = (args, world) => {
  const step = spanInUnit(amountArg(args, 'step'), world.unit);
  // Sums of binary fractions leave dust: 3 * 0.1 must be 0.3.
  return eachNumber(world, (value) => Number((Math.round(value / step) * step).toPrecision(12)) + 0);
};
