/** Characters of one text, from and to. */
export type Span = readonly [number, number];

export type CompareSign = '!=' | '<' | '<=' | '=' | '>' | '>=';
export type SumSign = '%' | '*' | '+' | '-' | '/';
export type Edge = 'changed' | 'falling' | 'rising';

/** What a text of the rule language says, before anybody knows what its names mean. */
export type Expression = { readonly at: Span } & (
  | { readonly is: 'number'; readonly value: number; readonly unit: string }
  /** A time of the day, ms after midnight. */
  | { readonly is: 'clock'; readonly ms: number }
  | { readonly is: 'text'; readonly text: string }
  | { readonly is: 'name'; readonly text: string }
  | { readonly is: 'call'; readonly name: string; readonly args: readonly Expression[] }
  | { readonly is: 'sum'; readonly sign: SumSign; readonly left: Expression; readonly right: Expression }
  | { readonly is: 'negate'; readonly of: Expression }
  | {
      readonly is: 'compare';
      readonly sign: CompareSign;
      readonly left: Expression;
      readonly right: Expression;
      /** Written as `is` or `is not`. */
      readonly asWord: boolean;
      readonly hysteresis?: Expression;
    }
  | { readonly is: 'in'; readonly of: Expression; readonly from: Expression; readonly to: Expression }
  | { readonly is: 'edge'; readonly of: Expression; readonly edge: Edge }
  | { readonly is: 'and' | 'or'; readonly parts: readonly Expression[] }
  | { readonly is: 'not'; readonly of: Expression }
  | { readonly is: 'for'; readonly of: Expression; readonly time: Expression }
);
