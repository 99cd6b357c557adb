/** One step of a filter chain, parsed: `median 5` is `{name: 'median', args: [5]}`. Durations are ms. */
export interface FilterStep {
  readonly name: string;
  /** As a person wrote it, for showing. */
  readonly text: string;
  readonly args: readonly (number | string | readonly [number, number])[];
}
