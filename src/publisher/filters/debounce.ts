import { timeArg } from './args.ts';
import { type FilterSample, isSame, type MakeFilter, makeTimer } from './filter.ts';

/** The wait begins again with each other value; the same value again does not delay it. */
export const debounce: MakeFilter = (args, { clock, pass }) => {
  const ms = timeArg(args);
  const timer = makeTimer(clock);
  let waiting: FilterSample | undefined;
  let settled = false;
  const settle = () => {
    settled = true;
    if (waiting !== undefined) pass(waiting);
  };
  return {
    push(sample) {
      const isOther = waiting === undefined || !isSame(waiting.value, sample.value);
      waiting = sample;
      if (!isOther && settled) return pass(sample);
      if (!isOther) return;
      settled = false;
      timer.start(ms, settle);
    },
    close: timer.stop,
  };
};
