import { dimensionOf } from '../units.ts';
import { type Scope, type TermReader, tell } from './scope.ts';
import type { Expression } from './syntax.ts';
import { inUnit, type TermType, type Typed, typeWords } from './typed-term.ts';

type Sum = Extract<Expression, { is: 'sum' }>;
type NumberType = Extract<TermType, { is: 'number' }>;

/** `a + b`: both in the unit of the left. A difference of two temperatures is a span, which converts without offset. */
export function checkSum(sum: Sum, scope: Scope, read: TermReader): Typed | undefined {
  const left = read(sum.left, scope);
  const right = read(sum.right, scope);
  if (left === undefined || right === undefined) return undefined;
  for (const side of [left, right]) {
    if (side.type.is !== 'number' && side.type.is !== 'any') return notNumber(side, sum, scope);
  }
  if ((sum.sign === '/' || sum.sign === '%') && isZero(right)) {
    const message = 'nothing can be divided by zero';
    return tell(scope, { within: right.at, code: 'HB309', message, suggestion: 'divide by another number' });
  }
  return sum.sign === '+' || sum.sign === '-' ? added(sum, left, right, scope) : scaled(sum, left, right);
}

function notNumber(side: Typed, { sign }: Sum, scope: Scope): undefined {
  const message = `${typeWords(side.type)} cannot be used with ${sign}`;
  tell(scope, { within: side.at, code: 'HB305', message, suggestion: `only numbers go with ${sign}` });
}

function isZero({ term }: Typed): boolean {
  return term.op === 'const' && term.value === 0;
}

function numberOf({ type }: Typed): NumberType {
  return type.is === 'number' ? type : { is: 'number' };
}

function joined(sum: Sum, left: Typed, right: Typed, type: NumberType): Typed {
  const isLiteral = left.isLiteral && right.isLiteral;
  return { term: { op: sum.sign, left: left.term, right: right.term }, type, isLiteral, at: sum.at, from: sum };
}

function added(sum: Sum, left: Typed, right: Typed, scope: Scope): Typed | undefined {
  const unit = numberOf(left).unit ?? numberOf(right).unit;
  if (unit === undefined) return joined(sum, left, right, { is: 'number' });
  // A literal beside a point is an amount of change: `temperature + 5°F`.
  const spans = [left, right].map((side) => side.isLiteral || numberOf(side).span === true);
  const [one, other] = [left, right].map(
    (side, index) => bareFits(side, unit) && inUnit(side, unit, spans[index] === true),
  );
  if (one === undefined || other === undefined || one === false || other === false) {
    return misfit(left, right, sum.sign, scope);
  }
  const isSpan = spans[0] === true && spans[1] === true;
  const span = isSpan || (sum.sign === '-' && spans[1] !== true);
  return joined(sum, one, other, { is: 'number', unit, ...(span ? { span } : {}) });
}

/** Only a number that was written without unit takes the unit of its neighbour. */
function bareFits(side: Typed, unit: string): boolean {
  const own = numberOf(side).unit;
  return own !== undefined || (side.isLiteral && dimensionOf(unit) !== 'time') || side.type.is === 'any';
}

function misfit(left: Typed, right: Typed, sign: string, scope: Scope): undefined {
  const message = `${typeWords(left.type)} ${sign} ${typeWords(right.type)} makes no sense`;
  tell(scope, { within: right.at, code: 'HB306', message, suggestion: 'both sides need units of the same sort' });
}

/** A product keeps the unit when the other side has none; the ratio of two like amounts is a plain number. */
function scaled(sum: Sum, left: Typed, right: Typed): Typed {
  const [one, other] = [numberOf(left), numberOf(right)];
  if (other.unit === undefined) return joined(sum, left, right, one);
  if (one.unit === undefined && sum.sign === '*') return joined(sum, left, right, other);
  const like = one.unit !== undefined && sum.sign !== '*' ? inUnit(right, one.unit, other.span === true) : undefined;
  if (like === undefined) return joined(sum, left, right, { is: 'number' });
  return joined(sum, left, like, sum.sign === '%' ? one : { is: 'number' });
}
