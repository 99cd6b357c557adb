import type { Value } from '../reading.ts';
import type { Term, Test } from './test.ts';

/** What is known of a few points; every other one may be anything. */
export type Known = ReadonlyMap<string, Value>;

/** Whether a test holds when only some points are known: true, false, or undefined for both are possible. */
export function guessTest(test: Test, known: Known): boolean | undefined {
  switch (test.op) {
    case 'and':
      return guessAll(test.tests, known, false);
    case 'or':
      return guessAll(test.tests, known, true);
    case 'not':
      return opposite(guessTest(test.test, known));
    case 'for':
      return guessTest(test.test, known);
    case 'true':
      return truthOf(guessTerm(test.of, known));
    case 'in':
      return guessRange(test, known);
    case 'gone':
    case 'stale':
    case 'sun':
      return undefined;
    case '!=':
    case '<':
    case '<=':
    case '=':
    case '>':
    case '>=':
      return compared(test.op, guessTerm(test.left, known), guessTerm(test.right, known));
  }
}

function opposite(guess: boolean | undefined): boolean | undefined {
  return guess === undefined ? undefined : !guess;
}

/** `and` is settled by one false, `or` by one true. */
function guessAll(tests: readonly Test[], known: Known, settling: boolean): boolean | undefined {
  const guesses = tests.map((test) => guessTest(test, known));
  if (guesses.includes(settling)) return settling;
  return guesses.includes(undefined) ? undefined : !settling;
}

function truthOf(value: Value | undefined): boolean | undefined {
  return typeof value === 'boolean' ? value : undefined;
}

function guessRange({ of, from, to, wraps }: Extract<Test, { op: 'in' }>, known: Known): boolean | undefined {
  const [value, low, high] = [of, from, to].map((term) => guessTerm(term, known));
  if (typeof value !== 'number' || typeof low !== 'number' || typeof high !== 'number') return undefined;
  return wraps ? value >= low || value <= high : value >= low && value <= high;
}

function compared(op: string, left: Value | undefined, right: Value | undefined): boolean | undefined {
  if (left === undefined || right === undefined) return undefined;
  if (op === '=') return left === right;
  if (op === '!=') return left !== right;
  if (typeof left !== 'number' || typeof right !== 'number') return undefined;
  if (op === '<') return left < right;
  if (op === '<=') return left <= right;
  return op === '>' ? left > right : left >= right;
}

function guessTerm(term: Term, known: Known): Value | undefined {
  if (term.op === 'const') return term.value;
  if (term.op === 'point') return known.get(term.point);
  if (term.op === 'convert' || term.op === 'negate') {
    const of = guessTerm(term.of, known);
    if (typeof of !== 'number') return undefined;
    return term.op === 'negate' ? -of : of * term.factor + term.offset;
  }
  if ('left' in term) return computed(term.op, guessTerm(term.left, known), guessTerm(term.right, known));
  return undefined;
}

function computed(op: string, left: Value | undefined, right: Value | undefined): number | undefined {
  if (typeof left !== 'number' || typeof right !== 'number') return undefined;
  if (op === '+') return left + right;
  if (op === '-') return left - right;
  if (op === '*') return left * right;
  if (right === 0) return undefined;
  return op === '/' ? left / right : left % right;
}
