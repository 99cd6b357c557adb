/** How one argument is written. `window` is a count of readings or a time; `change` is absolute or in percent. */
export type ArgKind =
  | 'amount'
  | 'change'
  | 'choice'
  | 'count'
  | 'number'
  | 'pairs'
  | 'range'
  | 'share'
  | 'time'
  | 'values'
  | 'window'
  | 'words';

export interface ArgSpec {
  readonly name: string;
  readonly kind: ArgKind;
  readonly about: string;
  readonly optional?: true;
  /** Limits of a count or number, and of the count of a window. */
  readonly min?: number;
  readonly max?: number;
  /** The words of a `choice`. */
  readonly words?: readonly string[];
}

/** One filter: parser, reference page and JSON Schema come from this. */
export interface FilterFact {
  readonly summary: string;
  /** The type of point it needs. */
  readonly works: 'any' | 'boolean' | 'number';
  readonly args: readonly ArgSpec[];
  /** A right way to write it. */
  readonly example: string;
  /** How other programs call it. */
  readonly aliases?: readonly string[];
}

/** Longest window and longest list; what bounds the memory of a chain. */
export const MAX_WINDOW = 1_000;
