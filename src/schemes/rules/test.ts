import type { Value } from '../reading.ts';

/** A device (`kitchen.fridge`, with its node) or another node. */
export interface Subject {
  readonly kind: 'device' | 'peer';
  readonly name: string;
}

/**
 * Something with a value. Every term may be unknown (no reading, stale, bad, division by zero, empty window): then the
 * whole comparison is unknown, and an unknown test starts nothing.
 */
export type Term =
  | { readonly op: 'const'; readonly value: Value }
  /** A point or variable by full name (`kitchen.air.temperature`, `home.mode`). */
  | { readonly op: 'point'; readonly point: string }
  /** Over the last `ms` of good readings; `avg` is weighted by time, `rate` is the change per hour. */
  | {
      readonly op: 'window';
      readonly fn: 'avg' | 'count' | 'max' | 'min' | 'rate' | 'sum';
      readonly point: string;
      readonly ms: number;
    }
  | { readonly op: '%' | '*' | '+' | '-' | '/'; readonly left: Term; readonly right: Term }
  | { readonly op: 'negate'; readonly of: Term }
  | { readonly op: 'call'; readonly fn: 'abs' | 'max' | 'min' | 'round'; readonly args: readonly Term[] }
  /** value × factor + offset: a conversion of units. */
  | { readonly op: 'convert'; readonly of: Term; readonly factor: number; readonly offset: number }
  /** Of the message that started the rule: the whole payload (empty path), or a member of its JSON. */
  | { readonly op: 'message'; readonly path: readonly string[] }
  /** Topic of that message. */
  | { readonly op: 'topic' }
  /** ms after local midnight; 1 (Monday) to 7; ms since 1970. */
  | { readonly op: 'time' | 'weekday' | 'now' }
  /** ms since the last good reading. */
  | { readonly op: 'age'; readonly point: string };

export type Test =
  | {
      readonly op: '!=' | '<' | '<=' | '=' | '>' | '>=';
      readonly left: Term;
      readonly right: Term;
      /** Once true, `left` must come back by so much to make it false. In the unit of `left`. */
      readonly hysteresis?: number;
    }
  /** Both ends belong to it. `wraps`: from after to, around midnight or Sunday. */
  | { readonly op: 'in'; readonly of: Term; readonly from: Term; readonly to: Term; readonly wraps: boolean }
  /** A boolean term alone. */
  | { readonly op: 'true'; readonly of: Term }
  /** Known whatever the point says; everything else is unknown when its point is stale. */
  | { readonly op: 'stale'; readonly point: string }
  | { readonly op: 'gone'; readonly subject: Subject }
  | { readonly op: 'sun'; readonly is: 'down' | 'up' }
  | { readonly op: 'and' | 'or'; readonly tests: readonly Test[] }
  | { readonly op: 'not'; readonly test: Test }
  /** True when the inner test has been true without a break for so long. */
  | { readonly op: 'for'; readonly test: Test; readonly ms: number };
