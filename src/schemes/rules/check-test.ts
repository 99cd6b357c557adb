import { checkCompare } from './check-compare.ts';
import { checkRange } from './check-range.ts';
import { checkTerm } from './check-term.ts';
import { readSpan, WEEK_MS } from './read-span.ts';
import { type Scope, tell } from './scope.ts';
import type { Expression } from './syntax.ts';
import type { Test } from './test.ts';
import { typeWords } from './typed-term.ts';

/** A condition; undefined when something in it is wrong, which is told. All that is wrong is told at once. */
export function checkTest(expression: Expression, scope: Scope): Test | undefined {
  switch (expression.is) {
    case 'and':
    case 'or': {
      const tests = expression.parts.map((part) => checkTest(part, scope)).filter((test) => test !== undefined);
      return tests.length === expression.parts.length ? { op: expression.is, tests } : undefined;
    }
    case 'not': {
      const test = checkTest(expression.of, scope);
      return test === undefined ? undefined : { op: 'not', test };
    }
    case 'for':
      return checkFor(expression, scope);
    case 'compare':
      return checkCompare(expression, scope);
    case 'in':
      return checkRange(expression, scope);
    case 'edge':
      return edgeInside(expression, scope);
    case 'call':
    case 'clock':
    case 'name':
    case 'negate':
    case 'number':
    case 'sum':
    case 'text':
      return checkAlone(expression, scope);
  }
}

function checkFor({ of, time }: Extract<Expression, { is: 'for' }>, scope: Scope): Test | undefined {
  const ms = readSpan(time, { key: 'for', maxMs: WEEK_MS }, scope);
  const test = checkTest(of, scope);
  return ms === undefined || test === undefined ? undefined : { op: 'for', test, ms };
}

function edgeInside({ edge, of, at }: Extract<Expression, { is: 'edge' }>, scope: Scope): undefined {
  tell(scope, {
    within: at,
    code: 'HB307',
    message: `"${edge}" happens in a moment and cannot be tested`,
    suggestion: 'put it alone under when:, and what else must hold under if:',
    ...(of.is === 'name' ? { fix: `when: ${of.text} ${edge}` } : {}),
  });
}

/** `motion.detected`: on or off by itself. */
function checkAlone(expression: Expression, scope: Scope): Test | undefined {
  if (expression.is === 'name' && BOOLEAN_WORDS.has(expression.text)) return constant(expression, scope);
  const typed = checkTerm(expression, scope);
  if (typed === undefined) return undefined;
  if (typed.type.is === 'boolean' || typed.type.is === 'any') return { op: 'true', of: typed.term };
  const { is } = typed.type;
  const suggestion = {
    number: 'compare it, as in > 20',
    enum: 'say which word, as in is open',
    text: 'compare it, as in = "text"',
    clock: 'as a condition: time in 06:00..20:00',
    weekday: 'as in weekday in mon..fri',
  }[is];
  return tell(scope, {
    within: expression.at,
    code: 'HB305',
    message: `${typeWords(typed.type)} alone is no condition`,
    suggestion,
    ...(is === 'number' && expression.is === 'name' ? { fix: `${expression.text} > 20` } : {}),
  });
}

const BOOLEAN_WORDS: ReadonlySet<string> = new Set(['false', 'off', 'on', 'true']);

function constant({ at }: Expression, scope: Scope): undefined {
  const message = 'this is always the same';
  tell(scope, { within: at, code: 'HB309', message, suggestion: 'name a point and what it must be' });
}
