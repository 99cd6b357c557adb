import { listed, nearest } from '../near.ts';
import { checkTerm } from './check-term.ts';
import { type Scope, tell } from './scope.ts';
import type { Expression } from './syntax.ts';
import { type TermType, type Typed, typeWords } from './typed-term.ts';

/** Words for the two states of a point, whatever it is about. */
export const STATE_WORDS: ReadonlyMap<string, boolean> = new Map([
  ['on', true],
  ['open', true],
  ['true', true],
  ['yes', true],
  ['off', false],
  ['closed', false],
  ['false', false],
  ['no', false],
]);

const DAYS: readonly string[] = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'];

/** 1 for Monday; undefined for no day. */
export function weekdayOf(word: string): number | undefined {
  const lower = word.toLowerCase();
  const index = DAYS.findIndex((day) => lower === day || (lower.startsWith(day) && lower.endsWith('day')));
  return index < 0 ? undefined : index + 1;
}

/** One side of a comparison, where a bare word means what the other side makes of it: `open`, `away`, `mon`. */
export function checkOperand(expression: Expression, beside: TermType, scope: Scope): Typed | undefined {
  const word = wordOf(expression);
  if (word === undefined) return checkTerm(expression, scope);
  const value = valueBeside(word, beside);
  if (value !== undefined) {
    return { term: { op: 'const', value }, type: beside, isLiteral: false, at: expression.at, from: expression };
  }
  if (expression.is === 'name' && isKnownName(word, scope)) return checkTerm(expression, scope);
  if (expression.is !== 'name' && beside.is !== 'enum') return checkTerm(expression, scope);
  return wrongWord(expression, word, beside, scope);
}

function wordOf(expression: Expression): string | undefined {
  if (expression.is === 'name' || expression.is === 'text') return expression.text;
  // `speed is 1`, where 1 is one of the words.
  return expression.is === 'number' && expression.unit === '' ? String(expression.value) : undefined;
}

function valueBeside(word: string, beside: TermType): boolean | number | string | undefined {
  if (beside.is === 'boolean') return STATE_WORDS.get(word);
  if (beside.is === 'weekday') return weekdayOf(word);
  if (beside.is === 'enum') return beside.values.includes(word) ? word : undefined;
  if (beside.is !== 'any') return undefined;
  if (word === 'true' || word === 'false') return word === 'true';
  return STATE_WORDS.has(word) ? word : undefined;
}

const SPECIAL: ReadonlySet<string> = new Set(['now', 'time', 'topic', 'weekday']);

function isKnownName(word: string, { home, words }: Scope): boolean {
  const [first = ''] = word.split('.');
  if (SPECIAL.has(word) || first === 'message' || first === 'home' || word.includes('.')) return true;
  return home.devices.has(`${home.node}.${first}`) || words.groups.has(first);
}

function wrongWord({ at }: Expression, word: string, beside: TermType, scope: Scope): undefined {
  const known = beside.is === 'enum' ? beside.values : beside.is === 'weekday' ? DAYS : [...STATE_WORDS.keys()];
  if (beside.is === 'text' || beside.is === 'any') {
    const message = `"${word}" is no point; is it a text?`;
    return tell(scope, { within: at, code: 'HB305', message, suggestion: 'a text needs quotes', fix: `"${word}"` });
  }
  const isWords = beside.is === 'enum' || beside.is === 'boolean' || beside.is === 'weekday';
  const near = isWords ? nearest(word, known) : undefined;
  const message = isWords ? `"${word}" is not one of the words it can be` : `"${word}" is not ${typeWords(beside)}`;
  const possible = isWords ? `possible: ${listed(known)}` : `it needs ${typeWords(beside)}`;
  const advice = near === undefined ? { suggestion: possible } : { suggestion: `did you mean ${near}?`, fix: near };
  return tell(scope, { within: at, code: 'HB305', message, ...advice });
}
