import { timeArg } from './args.ts';
import { type FilterSample, type MakeFilter, makeTimer } from './filter.ts';

/** Holds one of the two states back until it has lasted. */
function delayed(state: boolean): MakeFilter {
  return (args, { clock, pass }) => {
    const ms = timeArg(args);
    const timer = makeTimer(clock);
    let waiting: FilterSample | undefined;
    let shown: boolean | undefined;
    const show = (sample: FilterSample) => {
      timer.stop();
      shown = sample.value === true;
      pass(sample);
    };
    return {
      push(sample) {
        if (typeof sample.value !== 'boolean') return pass(sample);
        if (sample.value !== state || shown === state) return show(sample);
        waiting = sample;
        if (timer.isRunning) return;
        timer.start(ms, () => waiting !== undefined && show(waiting));
      },
      close: timer.stop,
    };
  };
}

export const delayedOff = delayed(false);
export const delayedOn = delayed(true);
