import { FLOW_FILTERS } from './filter-catalog-flow.ts';
import { NUMBER_FILTERS } from './filter-catalog-number.ts';
import type { FilterFact } from './filter-fact.ts';

/** Every filter by its name, sorted: the parser, the reference page and the JSON Schema come from this. */
export const FILTERS: Readonly<Record<string, FilterFact>> = Object.fromEntries(
  Object.entries({ ...FLOW_FILTERS, ...NUMBER_FILTERS }).toSorted(([a], [b]) => (a < b ? -1 : 1)),
);
