import { expect } from 'vitest';
import { makeChain } from '../../../src/publisher/filters/chain.ts';
import type { FilterSample } from '../../../src/publisher/filters/filter.ts';
import { parseFilters } from '../../../src/schemes/filter-parse.ts';
import type { Value } from '../../../src/schemes/reading.ts';
import { makeFakeClock } from '../../fakes/clock.ts';

const NOON = new Date(2026, 4, 10, 12, 0, 0).getTime();

/** A chain written as a person writes it, on a clock of its own. */
export function openChain(text: unknown, unit?: string, clock = makeFakeClock(NOON)) {
  const { steps, problems } = parseFilters(text);
  expect(problems).toEqual([]);
  const out: FilterSample[] = [];
  const chain = makeChain(steps, {
    clock,
    emit: (sample) => out.push(sample),
    ...(unit === undefined ? {} : { unit }),
  });
  return {
    clock,
    chain,
    out,
    /** What has come out, as values. */
    values: () => out.map(({ value }) => value),
    /** Takes what has come out since the last call. */
    taken: () => out.splice(0).map(({ value }) => value),
    /** One value a second. */
    feed: async (...values: readonly Value[]) => {
      for (const value of values) {
        chain.push(value, 'good');
        await clock.advance(1_000);
      }
    },
  };
}

/** What comes out at once for values that come in. */
export function through(text: unknown, values: readonly Value[], unit?: string): Value[] {
  const { chain, values: came } = openChain(text, unit);
  for (const value of values) chain.push(value, 'good');
  chain.close();
  return came();
}
