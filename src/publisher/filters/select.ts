import type { Value } from '../../schemes/reading.ts';
import { countArg, inUnit, valuesArg, wordsArg } from './args.ts';
import type { MakeFilter } from './filter.ts';

/** Equal within the dust of a conversion. */
function equal(a: Value, b: Value): boolean {
  if (typeof a !== 'number' || typeof b !== 'number') return a === b;
  return Math.abs(a - b) <= 1e-9 * Math.max(1, Math.abs(a), Math.abs(b));
}

export const filterOut: MakeFilter = (args, { unit, pass }) => {
  const values = valuesArg(args, 'values').map((value) => (typeof value === 'object' ? inUnit(value, unit) : value));
  return { push: (sample) => void (values.some((value) => equal(value, sample.value)) || pass(sample)) };
};

export const skipInitial: MakeFilter = (args, { pass }) => {
  let left = countArg(args, 'count');
  return {
    push(sample) {
      if (left > 0) left -= 1;
      else pass(sample);
    },
  };
};

export const invert: MakeFilter = (_args, { pass }) => ({
  push(sample) {
    pass(typeof sample.value === 'boolean' ? { ...sample, value: !sample.value } : sample);
  },
});

/** on and off are written so, or as true and false. */
function keysOf(value: Value): string[] {
  if (typeof value !== 'boolean') return typeof value === 'object' ? [] : [String(value)];
  return value ? ['on', 'true', 'yes'] : ['off', 'false', 'no'];
}

export const map: MakeFilter = (args, { pass }) => {
  const words = wordsArg(args);
  return {
    push(sample) {
      const key = keysOf(sample.value).find((word) => words.has(word));
      const value = key === undefined ? undefined : words.get(key);
      pass(value === undefined ? sample : { ...sample, value });
    },
  };
};
