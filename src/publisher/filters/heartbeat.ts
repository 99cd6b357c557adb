import { timeArg } from './args.ts';
import { type FilterSample, type MakeFilter, makeTimer } from './filter.ts';

export const heartbeat: MakeFilter = (args, { clock, pass }) => {
  const ms = timeArg(args);
  const timer = makeTimer(clock);
  let newest: FilterSample | undefined;
  const beat = () => {
    timer.start(ms, beat);
    if (newest !== undefined) pass(newest);
  };
  return {
    push(sample) {
      newest = sample;
      if (!timer.isRunning) beat();
    },
    close: timer.stop,
  };
};
