import { countArg, numberArg } from './args.ts';
import { eachNumber, type MakeFilter } from './filter.ts';
import { medianOf } from './statistics.ts';

/** Median absolute deviation times this estimates the standard deviation of a normal distribution. */
const NORMAL = 1.4826;

export const hampel: MakeFilter = (args, world) => {
  const size = countArg(args, 'window');
  const limit = numberArg(args, 'limit');
  const recent: number[] = [];
  return eachNumber(world, (value) => {
    recent.push(value);
    if (recent.length > size) recent.shift();
    // Two readings cannot say which of them is wrong.
    if (recent.length < 3) return value;
    const middle = medianOf(recent);
    const spread = NORMAL * medianOf(recent.map((one) => Math.abs(one - middle)));
    return Math.abs(value - middle) > limit * spread ? middle : value;
  });
};
