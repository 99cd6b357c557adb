import type { PointSpec } from '../point.ts';
import { dimensionOf } from '../units.ts';
import { checkTerm } from './check-term.ts';
import { checkTest } from './check-test.ts';
import { parseExpression } from './parse-expression.ts';
import { type Scope, shifted, tell } from './scope.ts';
import type { Source } from './step.ts';
import { inUnit, type TermType, type Typed, typeOfPoint, typeWords } from './typed-term.ts';

/** `= air.temperature + 2`: a value that is worked out when the rule runs. */
export function readFormula(raw: string, spec: PointSpec | undefined, outer: Scope): Source | undefined {
  const start = raw.indexOf('=') + 1;
  const scope = shifted(outer, start);
  const { expression, faults } = parseExpression(raw.slice(start));
  for (const fault of faults) tell(scope, fault);
  if (expression === undefined) return undefined;
  const isTest = ['and', 'compare', 'edge', 'for', 'in', 'not', 'or'].includes(expression.is);
  if (isTest) {
    checkTest(expression, scope);
    const message = 'a condition is no value';
    const suggestion = 'put it under if:, and on or off here';
    return tell(scope, { within: expression.at, code: 'HB305', message, suggestion });
  }
  const typed = checkTerm(expression, scope);
  const fitted = typed === undefined || spec === undefined ? typed : fitting(typed, spec, scope);
  return fitted === undefined ? undefined : { from: 'term', term: fitted.term };
}

function fitting(typed: Typed, spec: PointSpec, scope: Scope): Typed | undefined {
  const wanted = typeOfPoint(spec);
  const { type } = typed;
  if (type.is === 'any' || wanted.is === 'any' || wanted.is === 'text') return typed;
  const isAlike = wanted.is === type.is || (wanted.is === 'enum' && type.is === 'text');
  const fitted = isAlike ? inUnitOf(typed, wanted) : undefined;
  if (fitted !== undefined) return fitted;
  const code = isAlike ? 'HB306' : 'HB311';
  const message = `${typeWords(type)} does not fit ${typeWords(wanted)}`;
  return tell(scope, { within: typed.at, code, message, suggestion: `it needs ${typeWords(wanted)}` });
}

function inUnitOf(typed: Typed, wanted: TermType): Typed | undefined {
  const { type } = typed;
  if (wanted.is !== 'number' || type.is !== 'number' || wanted.unit === undefined) return typed;
  if (type.unit === undefined) return dimensionOf(wanted.unit) === 'time' ? undefined : typed;
  return inUnit(typed, wanted.unit, type.span === true);
}
