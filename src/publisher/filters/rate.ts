import { timeArg, wordArg } from './args.ts';
import { eachNumber, type MakeFilter } from './filter.ts';

export const rate: MakeFilter = (args, world) => {
  const per = timeArg(args, 'per');
  const isCounter = wordArg(args, 'of', 'value') === 'counter';
  let last: { readonly value: number; readonly at: number } | undefined;
  return eachNumber(world, (value, nowMs) => {
    const before = last;
    // Two readings at one moment have no rate; the later one waits for the next.
    if (before !== undefined && nowMs <= before.at) return undefined;
    last = { value, at: nowMs };
    if (before === undefined || (isCounter && value < before.value)) return undefined;
    return ((value - before.value) / (nowMs - before.at)) * per;
  });
};
