import { checkOperand } from './check-operand.ts';
import { checkTerm } from './check-term.ts';
import { fitUnits } from './fit-units.ts';
import { type Scope, tell } from './scope.ts';
import type { Expression } from './syntax.ts';
import type { Test } from './test.ts';
import { type TermType, type Typed, typeWords } from './typed-term.ts';

type Range = Extract<Expression, { is: 'in' }>;

/** `time in 22:00..06:00`, `weekday in mon..fri`, `air.humidity in 40..60`. Both ends belong to it. */
export function checkRange(range: Range, scope: Scope): Test | undefined {
  const of = checkTerm(range.of, scope);
  if (of === undefined) return undefined;
  const { is } = of.type;
  if (is !== 'number' && is !== 'clock' && is !== 'weekday' && is !== 'any') {
    const message = `${typeWords(of.type)} has no order, so it is in no range`;
    return tell(scope, { within: range.at, code: 'HB305', message, suggestion: 'use is' });
  }
  const [from, to] = shareUnit(
    [checkOperand(range.from, of.type, scope), checkOperand(range.to, of.type, scope)],
    of.type,
  );
  if (from === undefined || to === undefined || !isEnd(from, of, scope) || !isEnd(to, of, scope)) return undefined;
  const [low, high] = [fitUnits(of, from, scope)?.[1], fitUnits(of, to, scope)?.[1]];
  if (low === undefined || high === undefined) return undefined;
  const isBackwards = isAfter(low, high);
  const wraps = is === 'clock' || is === 'weekday';
  if (isBackwards && !wraps) return backwards(range, scope);
  return { op: 'in', of: of.term, from: low.term, to: high.term, wraps: isBackwards };
}

/** `20..25°C`: the unit of one end is meant for both. */
function shareUnit(ends: readonly (Typed | undefined)[], beside: TermType): readonly (Typed | undefined)[] {
  const units = ends.map((end) => (end?.type.is === 'number' ? end.type.unit : undefined));
  const unit = units.find((one) => one !== undefined);
  if (unit === undefined || beside.is !== 'number') return ends;
  return ends.map((end) =>
    end?.type.is === 'number' && end.isLiteral && end.type.unit === undefined
      ? { ...end, type: { ...end.type, unit } }
      : end,
  );
}

function isEnd(end: Typed, of: Typed, scope: Scope): boolean {
  if (end.type.is === of.type.is || of.type.is === 'any' || end.type.is === 'any') return true;
  const message = `${typeWords(end.type)} cannot be an end here`;
  tell(scope, { within: end.at, code: 'HB305', message, suggestion: `it needs ${typeWords(of.type)}` });
  return false;
}

function isAfter({ term: low }: Typed, { term: high }: Typed): boolean {
  if (low.op !== 'const' || high.op !== 'const') return false;
  return typeof low.value === 'number' && typeof high.value === 'number' && low.value > high.value;
}

function backwards({ from, to }: Range, scope: Scope): undefined {
  const text = (end: Expression) => (end.is === 'number' ? `${end.value}${end.unit}` : '');
  tell(scope, {
    within: [from.at[0], to.at[1]],
    code: 'HB309',
    message: 'no number is in this range: its start is above its end',
    suggestion: 'put the smaller number first',
    fix: `${text(to)}..${text(from)}`,
  });
}
