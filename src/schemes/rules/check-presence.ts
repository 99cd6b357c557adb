import { meaningOf } from './check-term.ts';
import { type Scope, tell } from './scope.ts';
import type { Expression } from './syntax.ts';
import type { Subject, Test } from './test.ts';

type Compare = Extract<Expression, { is: 'compare' }>;

const SUBJECT_WORDS: ReadonlySet<string> = new Set(['back', 'gone', 'here']);

/** `sun is down`, `fridge is gone`, `air.temperature is stale`; `none` when it is an ordinary comparison. */
export function checkPresence({ left, right, sign, asWord }: Compare, scope: Scope): Test | undefined | 'none' {
  if (!asWord || left.is !== 'name' || right.is !== 'name') return 'none';
  const word = right.text;
  const not = (test: Test | undefined): Test | undefined =>
    test === undefined || sign === '=' ? test : { op: 'not', test };
  if (left.text === 'sun') return not(sunTest(right.text, right, scope));
  if (word === 'stale') return not(staleTest(left, left.text, scope));
  if (!SUBJECT_WORDS.has(word) || takesWord(left.text, word, scope)) return 'none';
  const subject = subjectOf(left, left.text, scope);
  if (subject === undefined) return undefined;
  const gone: Test = { op: 'gone', subject };
  return not(word === 'gone' ? gone : { op: 'not', test: gone });
}

function sunTest(word: string, { at }: Expression, scope: Scope): Test | undefined {
  if (word === 'up' || word === 'down') return { op: 'sun', is: word };
  const message = `the sun is up or down, not ${word}`;
  return tell(scope, { within: at, code: 'HB305', message, suggestion: 'write up or down', fix: 'sun is down' });
}

function staleTest(left: Expression, text: string, scope: Scope): Test | undefined {
  const meaning = meaningOf(text, left, scope);
  if (meaning === undefined) return undefined;
  return { op: 'stale', point: meaning.is === 'missing' ? text : meaning.name };
}

/** A point with a word such as `here` among its own: then the word is its value. */
function takesWord(text: string, word: string, scope: Scope): boolean {
  const own = scope.words.variables.get(text.replace(/^home\./, ''));
  return text.startsWith('home.') && own?.values?.includes(word) === true;
}

/** Who can be gone: a device by its name, or by one of its points; a node. */
export function subjectOf(left: Expression, text: string, scope: Scope): Subject | undefined {
  const { home } = scope;
  const [first = '', second, third] = text.split('.');
  const own = `${home.node}.${first}`;
  if (second === undefined) {
    if (home.devices.has(own)) return { kind: 'device', name: own };
    if (home.peers.includes(first)) return { kind: 'peer', name: first };
    if (first === home.node) return ownNode(left, scope);
  } else if (third === undefined && home.devices.has(text) && !home.devices.has(own)) {
    return { kind: 'device', name: text };
  }
  const meaning = meaningOf(text, left, scope);
  if (meaning === undefined) return undefined;
  const name = meaning.is === 'missing' ? text : meaning.name.split('.').slice(0, 2).join('.');
  return { kind: 'device', name };
}

function ownNode({ at }: Expression, scope: Scope): undefined {
  const message = 'this node cannot notice that it is gone itself';
  tell(scope, { within: at, code: 'HB309', message, suggestion: 'put the rule on another node' });
}
