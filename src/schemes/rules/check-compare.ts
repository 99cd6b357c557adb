import { checkOperand } from './check-operand.ts';
import { checkPresence } from './check-presence.ts';
import { checkTerm } from './check-term.ts';
import { clockText } from './clock-text.ts';
import { fitUnits } from './fit-units.ts';
import { type Scope, tell } from './scope.ts';
import type { Expression } from './syntax.ts';
import type { Test } from './test.ts';
import { inUnit, type Typed, typeWords } from './typed-term.ts';

type Compare = Extract<Expression, { is: 'compare' }>;

/** `air.temperature > 28 hysteresis 1°C`, `door is open`, `home.mode is not away`, `fridge is gone`. */
export function checkCompare(compare: Compare, scope: Scope): Test | undefined {
  const presence = checkPresence(compare, scope);
  if (presence !== 'none') return presence;
  const left = checkTerm(compare.left, scope);
  if (left === undefined) return undefined;
  const right = checkOperand(compare.right, left.type, scope);
  if (right === undefined) return undefined;
  if (left.term.op === 'const' && right.term.op === 'const') return nothingVaries(compare, scope);
  if (!mayCompare(compare, left, right, scope)) return undefined;
  const sides = fitUnits(left, right, scope);
  if (sides === undefined) return undefined;
  const hysteresis = hysteresisOf(compare, sides[0], scope);
  if (hysteresis === 'wrong') return undefined;
  const { sign } = compare;
  return {
    op: sign,
    left: sides[0].term,
    right: sides[1].term,
    ...(hysteresis === undefined ? {} : { hysteresis }),
  };
}

function nothingVaries({ at }: Compare, scope: Scope): undefined {
  const message = 'both sides are fixed, so this never changes';
  tell(scope, { within: at, code: 'HB309', message, suggestion: 'name a point on one side' });
}

function mayCompare({ sign, at, right: written }: Compare, left: Typed, right: Typed, scope: Scope): boolean {
  const isOrder = sign !== '=' && sign !== '!=';
  const { is } = left.type;
  if (isOrder && is !== 'number' && is !== 'clock' && is !== 'any' && is !== 'weekday') {
    const message = `${typeWords(left.type)} has no order, so ${sign} means nothing`;
    const word = left.type.is === 'enum' ? left.type.values[0] : 'on';
    const fix = written.is === 'number' && is !== 'text' ? { fix: `${wordsOf(left.from)} is ${word}` } : {};
    tell(scope, { within: at, code: 'HB305', message, suggestion: 'use is, is not, = or !=', ...fix });
    return false;
  }
  if (!isOrder && is === 'clock') {
    const ms = written.is === 'clock' ? written.ms : 0;
    const fix = `time in ${clockText(ms)}..${clockText(ms + 60_000)}`;
    const message = 'a moment of the day is over before it can be tested';
    const suggestion = 'write it alone under when:, or a range';
    tell(scope, { within: at, code: 'HB309', message, suggestion, fix });
    return false;
  }
  return fitsType(left, right, scope);
}

function wordsOf(expression: Expression): string {
  return expression.is === 'name' ? expression.text : 'point';
}

function fitsType(left: Typed, right: Typed, scope: Scope): boolean {
  const [one, other] = [left.type.is, right.type.is];
  const words = (is: string) => is === 'text' || is === 'enum';
  if (one === other || one === 'any' || other === 'any' || (words(one) && words(other))) return true;
  const message = `${typeWords(left.type)} cannot be compared with ${typeWords(right.type)}`;
  tell(scope, { within: right.at, code: 'HB305', message, suggestion: `it needs ${typeWords(left.type)}` });
  return false;
}

function hysteresisOf({ hysteresis, sign }: Compare, left: Typed, scope: Scope): number | undefined | 'wrong' {
  if (hysteresis === undefined) return undefined;
  const within = hysteresis.at;
  const wrong = (code: string, message: string, suggestion: string, fix?: string): 'wrong' => {
    tell(scope, { within, code, message, suggestion, ...(fix === undefined ? {} : { fix }) });
    return 'wrong';
  };
  if (sign === '=' || sign === '!=' || left.type.is !== 'number') {
    return wrong('HB305', 'hysteresis goes only with < and >', 'delete it, or compare with < or >');
  }
  if (hysteresis.is !== 'number' || hysteresis.value <= 0) {
    return wrong('HB305', 'hysteresis needs an amount above zero', 'as in hysteresis 1°C');
  }
  const amount = checkTerm(hysteresis, scope);
  const { unit } = left.type;
  const fitted = amount === undefined || unit === undefined ? amount : inUnit(amount, unit, true);
  if (
    fitted?.term.op !== 'const' ||
    typeof fitted.term.value !== 'number' ||
    (unit === undefined && hysteresis.unit !== '')
  ) {
    return wrong(
      'HB306',
      `${hysteresis.unit} does not go with ${typeWords(left.type)}`,
      'use the unit of the point',
      `hysteresis ${hysteresis.value}${unit ?? ''}`,
    );
  }
  return fitted.term.value;
}
