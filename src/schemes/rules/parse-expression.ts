import type { Fault } from '../units-time.ts';
import { type Cursor, isWord, makeCursor, next, peek, skipWord, Unreadable, unexpected } from './cursor.ts';
import { parseCondition } from './parse-condition.ts';
import type { Expression } from './syntax.ts';
import { tokensOf } from './tokens.ts';

export interface Parsed {
  /** Absent when the text cannot be read to its end. */
  readonly expression?: Expression;
  readonly faults: readonly Fault[];
}

/**
 * Reads a text of the rule language. `or` binds weakest, then `and`, `not`, comparisons, sums. `for` belongs to the one
 * condition before it (with its `not`); after parentheses to all that is in them.
 */
export function parseExpression(text: string): Parsed {
  const { tokens, faults } = tokensOf(text);
  if (faults.length > 0) return { faults };
  const cursor = makeCursor(tokens);
  try {
    const expression = parseOr(cursor);
    if (peek(cursor).is !== 'end') throw unexpected(cursor, 'the end');
    return cursor.faults.length > 0 ? { faults: cursor.faults } : { expression, faults: [] };
  } catch (error) {
    if (!(error instanceof Unreadable)) throw error;
    return { faults: [...cursor.faults, error.fault] };
  }
}

function parseOr(cursor: Cursor): Expression {
  return parseChain(cursor, 'or', (inner) => parseChain(inner, 'and', parseNot));
}

function parseChain(cursor: Cursor, word: 'and' | 'or', inner: (cursor: Cursor) => Expression): Expression {
  const first = inner(cursor);
  const parts = [first];
  while (isWord(cursor, word)) {
    skipWord(cursor);
    parts.push(inner(cursor));
  }
  const last = parts.at(-1) ?? first;
  return parts.length === 1 ? first : { is: word, parts, at: [first.at[0], last.at[1]] };
}

function parseNot(cursor: Cursor): Expression {
  let of = parseBare(cursor);
  while (isWord(cursor, 'for')) {
    skipWord(cursor);
    const token = next(cursor);
    if (token.is !== 'number') throw unexpected(cursor, 'a time such as 5min', token);
    of = { is: 'for', of, time: token, at: [of.at[0], token.at[1]] };
  }
  return of;
}

function parseBare(cursor: Cursor): Expression {
  if (!isWord(cursor, 'not')) return parseCondition(cursor, parseOr);
  const { at } = skipWord(cursor);
  cursor.enter(at);
  const of = parseBare(cursor);
  cursor.leave();
  return { is: 'not', of, at: [at[0], of.at[1]] };
}
