import { checkCall } from './check-call.ts';
import { checkSum } from './check-sum.ts';
import { findName, type Meaning } from './find-name.ts';
import { shortName } from './home-points.ts';
import { type Scope, tell } from './scope.ts';
import type { Expression } from './syntax.ts';
import type { Term } from './test.ts';
import { type TermType, type Typed, typeOfPoint, typeOfVariable } from './typed-term.ts';

/** The value of an expression with its type; undefined when something is wrong with it, which is told. */
export function checkTerm(expression: Expression, scope: Scope): Typed | undefined {
  switch (expression.is) {
    case 'number': {
      const { value, unit } = expression;
      return literal(expression, value, unit === '' ? { is: 'number' } : { is: 'number', unit });
    }
    case 'clock':
      return literal(expression, expression.ms, { is: 'clock' });
    case 'text':
      return literal(expression, expression.text, { is: 'text' });
    case 'name':
      return checkName(expression, expression.text, scope);
    case 'call':
      return checkCall(expression, scope, checkTerm);
    case 'sum':
      return checkSum(expression, scope, checkTerm);
    case 'negate':
      return negated(expression, expression.of, scope);
    case 'and':
    case 'compare':
    case 'edge':
    case 'for':
    case 'in':
    case 'not':
    case 'or':
      return tell(scope, {
        within: expression.at,
        code: 'HB305',
        message: 'a condition stands where a value is needed',
        suggestion: 'a value is a point, a number or a sum of them',
      });
  }
}

function literal(from: Expression, value: number | string | boolean, type: TermType): Typed {
  return { term: { op: 'const', value }, type, isLiteral: true, at: from.at, from };
}

function negated(from: Expression, inner: Expression, scope: Scope): Typed | undefined {
  const of = checkTerm(inner, scope);
  if (of === undefined) return undefined;
  if (of.type.is !== 'number' && of.type.is !== 'any') {
    return tell(scope, { within: from.at, code: 'HB305', message: 'only a number can have a minus before it' });
  }
  return { ...of, term: { op: 'negate', of: of.term }, isLiteral: false, at: from.at, from };
}

const MOMENTS: ReadonlyMap<string, readonly [Term, TermType]> = new Map<string, readonly [Term, TermType]>([
  ['time', [{ op: 'time' }, { is: 'clock' }]],
  ['weekday', [{ op: 'weekday' }, { is: 'weekday' }]],
  ['now', [{ op: 'now' }, { is: 'number', unit: 'ms' }]],
  ['topic', [{ op: 'topic' }, { is: 'text' }]],
]);

const SUN_WORDS: ReadonlySet<string> = new Set(['dawn', 'dusk', 'noon', 'sunrise', 'sunset']);

function checkName(from: Expression, text: string, scope: Scope): Typed | undefined {
  const moment = MOMENTS.get(text);
  const typed = (term: Term, type: TermType): Typed => ({ term, type, isLiteral: false, at: from.at, from });
  if (moment !== undefined) return typed(...moment);
  const [first, ...path] = text.split('.');
  if (first === 'message') return typed({ op: 'message', path }, { is: 'any' });
  if (text === 'sun') {
    const fault = { code: 'HB305', message: 'sun is no value', suggestion: 'write sun is up or sun is down' };
    return tell(scope, { within: from.at, ...fault, fix: 'sun is down' });
  }
  if (scope.words.groups.has(text)) return groupTerm(from, text, scope);
  if (SUN_WORDS.has(text) && !scope.home.devices.has(`${scope.home.node}.${text}`)) return eventTerm(from, text, scope);
  const meaning = meaningOf(text, from, scope);
  if (meaning === undefined) return undefined;
  if (meaning.is === 'variable') return typed({ op: 'point', point: meaning.name }, typeOfVariable(meaning.variable));
  if (meaning.is === 'missing') return typed({ op: 'point', point: text }, { is: 'any' });
  if (meaning.spec.type === 'event') return eventTerm(from, text, scope);
  return typed({ op: 'point', point: meaning.name }, typeOfPoint(meaning.spec));
}

function groupTerm({ at }: Expression, text: string, scope: Scope): undefined {
  const [first = 'lamp'] = scope.words.groups.get(text)?.members ?? [];
  const member = shortName(scope.home, first);
  const message = `"${text}" is a group; it takes commands but has no value of its own`;
  tell(scope, { within: at, code: 'HB316', message, suggestion: `name one of its points: ${member}`, fix: member });
}

function eventTerm({ at }: Expression, text: string, scope: Scope): undefined {
  tell(scope, {
    within: at,
    code: 'HB307',
    message: `${text} is an event: it happens and has no value that could be tested`,
    suggestion: `write when: ${text} alone, and what else must hold under if:`,
    fix: `when: ${text}`,
  });
}

/** What a name stands for; what is wrong with it is told, what is missing makes the rule wait. */
export function meaningOf(
  text: string,
  { at }: { readonly at: Expression['at'] },
  scope: Scope,
): Exclude<Meaning, { is: 'wrong' }> | undefined {
  const meaning = findName(text, { home: scope.home, words: scope.words, settable: false });
  if (meaning.is === 'wrong') {
    scope.missing.add(text);
    return tell(scope, { within: at, ...meaning.fault });
  }
  if (meaning.is === 'missing') {
    tell(scope, { within: at, ...meaning.fault });
    scope.missing.add(text);
  }
  return meaning;
}
