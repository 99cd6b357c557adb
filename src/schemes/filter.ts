/** A number, or a word of a text, enum or boolean point. */
export type Scalar = number | string | boolean;

/** A limit or a step in the unit of the value, or in a unit that converts to it. */
export interface Amount {
  readonly kind: 'amount';
  readonly value: number;
  readonly unit?: string;
}

/** One argument of a filter, after parsing; it says itself what it is. */
export type FilterArg =
  | Amount
  | { readonly kind: 'count'; readonly value: number }
  | { readonly kind: 'number'; readonly value: number }
  | { readonly kind: 'pairs'; readonly pairs: readonly (readonly [Amount, Amount])[] }
  | { readonly kind: 'percent'; readonly value: number }
  | { readonly kind: 'range'; readonly low?: Amount; readonly high?: Amount }
  | { readonly kind: 'time'; readonly ms: number }
  | { readonly kind: 'values'; readonly values: readonly (Scalar | Amount)[] }
  | { readonly kind: 'word'; readonly word: string }
  | { readonly kind: 'words'; readonly words: ReadonlyMap<string, Scalar> };

/** One step of a filter chain, parsed: `median 5` is `{name: 'median', args: {window: {kind: 'count', value: 5}}}`. */
export interface FilterStep {
  readonly name: string;
  /** The right way to write it, for showing and for keeping; parses to this step again. */
  readonly text: string;
  /** By the names of the catalogue, `filter-catalog.ts`. */
  readonly args: Readonly<Record<string, FilterArg>>;
}
