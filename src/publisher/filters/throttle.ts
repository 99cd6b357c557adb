import { timeArg } from './args.ts';
import { type FilterSample, type MakeFilter, makeTimer } from './filter.ts';

export const throttle: MakeFilter = (args, { clock, pass }) => {
  const ms = timeArg(args);
  const timer = makeTimer(clock);
  let waiting: FilterSample | undefined;
  const show = (sample: FilterSample) => {
    waiting = undefined;
    timer.start(ms, () => waiting !== undefined && show(waiting));
    pass(sample);
  };
  return {
    push(sample) {
      if (timer.isRunning) waiting = sample;
      else show(sample);
    },
    close: timer.stop,
  };
};
