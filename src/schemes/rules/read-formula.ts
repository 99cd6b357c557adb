import type { PointSpec } from '../point.ts';
import { dimensionOf } from '../units.ts';
import { checkTerm } from './check-term.ts';
import { checkTest } from './check-test.ts';
import { parseExpression } from './parse-expression.ts';
import { type Scope, shifted, tell } from './scope.ts';
import type { Source } from './step.ts';
import { inUnit, type Typed, typeOfPoint, typeWords } from './typed-term.ts';

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
  if (wanted.is === 'number' && type.is === 'number') {
    if (wanted.unit === type.unit || wanted.unit === undefined) return typed;
    const isBare = type.unit === undefined && dimensionOf(wanted.unit) !== 'time';
    const fitted = isBare ? typed : inUnit(typed, wanted.unit, type.span === true && type.unit !== undefined);
    if (fitted !== undefined) return fitted;
    const message = `${typeWords(type)} does not fit ${typeWords(wanted)}`;
    return tell(scope, { within: typed.at, code: 'HB306', message, suggestion: `it needs a unit like ${wanted.unit}` });
  }
  if (wanted.is === type.is || (wanted.is === 'enum' && type.is === 'text')) return typed;
  const message = `${typeWords(type)} does not fit ${typeWords(wanted)}`;
  return tell(scope, { within: typed.at, code: 'HB311', message, suggestion: `it needs ${typeWords(wanted)}` });
}
