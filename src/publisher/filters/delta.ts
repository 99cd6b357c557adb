import type { FilterArg } from '../../schemes/filter.ts';
import { amountArg, spanInUnit } from './args.ts';
import type { FilterSample, FilterWorld, MakeFilter } from './filter.ts';

/** 21.3 - 21.0 is a little less than 0.3 in binary. */
const DUST = 1e-9;

function leastOf(change: FilterArg | undefined, world: FilterWorld): (last: number) => number {
  if (change?.kind === 'percent') return (last) => (Math.abs(last) * change.value) / 100;
  const least = Math.abs(
    spanInUnit(amountArg({ change: change ?? { kind: 'amount', value: 0 } }, 'change'), world.unit),
  );
  return () => least;
}

export const delta: MakeFilter = ({ change }, world) => {
  const least = leastOf(change, world);
  let last: FilterSample | undefined;
  const isNews = (sample: FilterSample): boolean => {
    if (last === undefined || last.quality !== sample.quality) return true;
    if (typeof last.value !== 'number' || typeof sample.value !== 'number') return true;
    const moved = Math.abs(sample.value - last.value);
    return moved > 0 && moved >= least(last.value) - Math.abs(last.value) * DUST;
  };
  return {
    push(sample) {
      if (!isNews(sample)) return;
      last = sample;
      world.pass(sample);
    },
  };
};
