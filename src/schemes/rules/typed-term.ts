import type { PointSpec } from '../point.ts';
import { convertSpan, convertUnit } from '../units.ts';
import type { Variable } from './rule.ts';
import type { Expression, Span } from './syntax.ts';
import type { Term } from './test.ts';

/** What a term can be. `any`: known only at run time (a message). */
export type TermType =
  | { readonly is: 'number'; readonly unit?: string /** A difference: 0 is no temperature. */; readonly span?: boolean }
  | { readonly is: 'enum'; readonly values: readonly string[] }
  | { readonly is: 'any' | 'boolean' | 'clock' | 'text' | 'weekday' };

export interface Typed {
  readonly term: Term;
  readonly type: TermType;
  /** Written as a number with or without unit, so its unit can still be chosen. */
  readonly isLiteral: boolean;
  readonly at: Span;
  /** As a person wrote it. */
  readonly from: Expression;
}

export function typeOfPoint({ type, unit, values }: PointSpec): TermType {
  if (type === 'number') return unit === undefined ? { is: 'number' } : { is: 'number', unit };
  if (type === 'boolean' || type === 'text') return { is: type };
  if (type === 'enum') return values === undefined ? { is: 'text' } : { is: 'enum', values };
  return { is: 'any' };
}

export function typeOfVariable({ type, unit, values }: Variable): TermType {
  return typeOfPoint({ type, ...(unit === undefined ? {} : { unit }), ...(values === undefined ? {} : { values }) });
}

/** What a term is, in words. */
export function typeWords(type: TermType): string {
  if (type.is === 'number') return type.unit === undefined ? 'a plain number' : `a number in ${type.unit}`;
  if (type.is === 'enum') return `one of ${type.values.join(', ')}`;
  return { any: 'part of a message', boolean: 'on or off', clock: 'a time of the day', text: 'text', weekday: 'a day' }[
    type.is
  ];
}

/** The same value in another unit of its dimension; undefined when there is none. */
export function inUnit(typed: Typed, unit: string, span: boolean): Typed | undefined {
  const { type } = typed;
  if (type.is !== 'number') return undefined;
  const wanted = { is: 'number', unit, ...(span ? { span } : {}) } as const;
  if (type.unit === unit || type.unit === undefined) return { ...typed, type: wanted };
  const term = converted(typed.term, { from: type.unit, to: unit, span });
  return term === undefined ? undefined : { ...typed, type: wanted, term };
}

/** Enough digits, so that the factor is as precise as the table. */
const MILLION = 1_000_000;

function converted(term: Term, { from, to, span }: { from: string; to: string; span: boolean }): Term | undefined {
  if (term.op === 'const' && typeof term.value === 'number') {
    const value = span ? convertSpan(term.value, from, to) : convertUnit(term.value, from, to);
    return value === undefined ? undefined : { op: 'const', value };
  }
  const factor = convertSpan(MILLION, from, to);
  const offset = span ? 0 : convertUnit(0, from, to);
  if (factor === undefined || offset === undefined) return undefined;
  return { op: 'convert', of: term, factor: factor / MILLION, offset };
}
