import { durationText } from '../../schemes/quantity.ts';
import type { Value } from '../../schemes/reading.ts';
import { inUnit, timeArg, valuesArg } from './args.ts';
import { type FilterSample, type FilterWorld, type MakeFilter, makeTimer } from './filter.ts';

type Args = Parameters<MakeFilter>[0];

/** The value to give instead, in the unit of the point. */
function insteadOf(args: Args, { unit }: FilterWorld): Value | undefined {
  const [value] = args.value === undefined ? [] : valuesArg(args, 'value');
  return typeof value === 'object' ? inUnit(value, unit) : value;
}

export const timeout: MakeFilter = (args, world) => {
  const ms = timeArg(args);
  const instead = insteadOf(args, world);
  const timer = makeTimer(world.clock);
  const why = `no reading for ${durationText(ms)}`;
  const silent = (last: FilterSample) => {
    if (instead === undefined) world.pass({ value: last.value, quality: 'stale', why });
    else world.pass({ value: instead, quality: 'uncertain', why, isInstead: true });
  };
  return {
    push(sample) {
      timer.start(ms, () => silent(sample));
      world.pass(sample);
    },
    close: timer.stop,
  };
};
