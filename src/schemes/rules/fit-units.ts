import { dimensionOf } from '../units.ts';
import { type Scope, tell } from './scope.ts';
import { inUnit, type TermType, type Typed, typeWords } from './typed-term.ts';

type NumberType = Extract<TermType, { is: 'number' }>;

/**
 * Two sides of a comparison in one unit: that of the left, or of the right when only the left is a written number.
 * A written number without unit takes the unit of the other side, unless that is a time.
 */
export function fitUnits(left: Typed, right: Typed, scope: Scope): readonly [Typed, Typed] | undefined {
  const [one, other] = [left.type, right.type];
  if (one.is !== 'number' || other.is !== 'number') return [left, right];
  const span = one.span === true || other.span === true;
  if (left.isLiteral && !right.isLiteral) {
    const fitted = inUnitOf(left, one, other, { span, scope });
    return fitted === undefined ? undefined : [fitted, right];
  }
  const fitted = inUnitOf(right, other, one, { span, scope });
  return fitted === undefined ? undefined : [left, fitted];
}

function inUnitOf(
  side: Typed,
  own: NumberType,
  { unit }: NumberType,
  { span, scope }: { span: boolean; scope: Scope },
): Typed | undefined {
  if (own.unit === undefined && unit === undefined) return side;
  if (unit === undefined) return unitOfPlain(side, own, scope);
  if (own.unit === undefined && !side.isLiteral) return misfit(side, own, unit, scope);
  if (own.unit === undefined && dimensionOf(unit) === 'time') return bareTime(side, scope);
  return inUnit(side, unit, span) ?? misfit(side, own, unit, scope);
}

function unitOfPlain(side: Typed, { unit }: NumberType, scope: Scope): undefined {
  const { from } = side;
  const fix = from.is === 'number' ? { fix: String(from.value) } : {};
  const message = `the other side is a plain number, so ${unit} does not fit`;
  tell(scope, { within: side.at, code: 'HB306', message, suggestion: 'write the number without unit', ...fix });
}

function bareTime(side: Typed, scope: Scope): undefined {
  const value = side.from.is === 'number' ? side.from.value : 5;
  const [first, second] = value >= 1_000 ? ['ms', 's'] : ['s', 'min'];
  tell(scope, {
    within: side.at,
    code: 'HB210',
    message: `${value} needs a unit`,
    suggestion: `${value}${first} or ${value}${second}?`,
    fix: `${value}${first}`,
  });
}

function misfit(side: Typed, own: NumberType, unit: string, scope: Scope): undefined {
  const message = `${typeWords(own)} cannot be compared with ${unit}`;
  const dimension = dimensionOf(unit);
  const suggestion = dimension === undefined ? `use ${unit}` : `use ${unit} or another unit of ${dimension}`;
  const fix = side.from.is === 'number' ? { fix: `${side.from.value}${unit}` } : {};
  tell(scope, { within: side.at, code: 'HB306', message, suggestion, ...fix });
}
