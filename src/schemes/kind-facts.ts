import type { Fields } from './fields.ts';
import type { Points } from './point.ts';

/** What a scheme has to know about one kind of device; every driver definition is one. */
export interface KindFacts {
  readonly kind: string;
  readonly summary: string;
  readonly options: Fields;
  /** `found` when only the open device knows them. */
  readonly points: Points | 'found';
  /** Where `points` is `found`, but the options tell which. */
  pointsOf?(options: Readonly<Record<string, unknown>>): Points | undefined;
  /** Options as a person would write them. */
  readonly example: Readonly<Record<string, unknown>>;
}

export type Kinds = ReadonlyMap<string, KindFacts>;
