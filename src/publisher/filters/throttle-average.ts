import { timeArg } from './args.ts';
import { type FilterSample, type MakeFilter, makeTimer } from './filter.ts';

export const throttleAverage: MakeFilter = (args, { clock, pass }) => {
  const ms = timeArg(args);
  const timer = makeTimer(clock);
  let average = 0;
  let count = 0;
  let newest: FilterSample | undefined;
  const finish = () => {
    const sample = newest;
    const value = average;
    [average, count, newest] = [0, 0, undefined];
    if (sample !== undefined) pass({ ...sample, value });
  };
  return {
    push(sample) {
      if (typeof sample.value !== 'number') return pass(sample);
      count += 1;
      // Grows step by step, so that it cannot overflow as a sum could.
      average += sample.value / count - average / count;
      newest = sample;
      if (!timer.isRunning) timer.start(ms, finish);
    },
    close: timer.stop,
  };
};
