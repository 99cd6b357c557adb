import { durationText } from '../quantity.ts';
import { convertUnit, dimensionOf } from '../units.ts';
import type { Fault } from '../units-time.ts';
import { parseExpression } from './parse-expression.ts';
import { type Scope, tell } from './scope.ts';
import type { Expression } from './syntax.ts';

export const WEEK_MS = 7 * 86_400_000;

/** How a time is called in messages, and the most that it may be. */
export interface SpanLimits {
  readonly key: string;
  readonly maxMs: number;
  /** Zero is possible too. */
  readonly mayBeZero?: boolean;
}

/** A time written inside a text, in ms; undefined when it is none, which is told. */
export function readSpan(
  expression: Expression,
  { key, maxMs, mayBeZero }: SpanLimits,
  scope: Scope,
): number | undefined {
  const within = expression.at;
  if (expression.is !== 'number') {
    return tell(scope, { within, code: 'HB212', message: `${key} needs a time`, suggestion: 'as in 5min' });
  }
  const { value, unit } = expression;
  const ms = dimensionOf(unit) === 'time' ? convertUnit(value, unit, 'ms') : undefined;
  if (ms === undefined) return tell(scope, { within, ...unitFault(value, unit) });
  if (ms <= maxMs && (ms > 0 || (ms === 0 && mayBeZero === true))) return Math.round(ms);
  const near = ms > maxMs ? maxMs : 1_000;
  const message = ms > maxMs ? `${key} of ${durationText(ms)} is too long` : `${key} of no time at all`;
  const suggestion = `from 1ms to ${durationText(maxMs)}`;
  return tell(scope, { within, code: 'HB308', message, suggestion, fix: durationText(near) });
}

function unitFault(value: number, unit: string): Fault {
  if (unit === '') {
    const [first, second] = value >= 1_000 ? ['ms', 's'] : ['s', 'min'];
    const suggestion = `${value}${first} or ${value}${second}?`;
    return { code: 'HB210', message: `${value} needs a unit`, suggestion, fix: `${value}${first}` };
  }
  const message = `"${unit}" is not a unit of time`;
  // A metre is meant as a minute here.
  if (unit === 'm') return { code: 'HB211', message, suggestion: 'did you mean min?', fix: `${value}min` };
  return { code: 'HB211', message, suggestion: 'times have the units ms, s, min, h, d, w' };
}

/** The same of a whole value of the scheme: `wait: 5s`. */
export function readSpanText(raw: unknown, limits: SpanLimits, scope: Scope): number | undefined {
  const isText = typeof raw === 'string' || typeof raw === 'number';
  const { expression, faults } = parseExpression(isText ? String(raw) : '');
  if (expression !== undefined) return readSpan(expression, limits, scope);
  for (const fault of isText ? faults.slice(0, 1) : []) tell(scope, fault);
  if (isText) return undefined;
  return tell(scope, { code: 'HB212', message: `${limits.key} needs a time`, suggestion: 'as in 5min' });
}
