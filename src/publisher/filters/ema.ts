import { numberArg } from './args.ts';
import { eachNumber, type MakeFilter } from './filter.ts';

export const ema: MakeFilter = (args, world) => {
  const alpha = numberArg(args, 'alpha');
  let average: number | undefined;
  return eachNumber(world, (value) => {
    average = average === undefined ? value : alpha * value + (1 - alpha) * average;
    return average;
  });
};
