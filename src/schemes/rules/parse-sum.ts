import { type Cursor, isJoining, isSign, next, peek, Unreadable, unexpected } from './cursor.ts';
import type { Expression, SumSign } from './syntax.ts';

type Inner = (cursor: Cursor) => Expression;

/** Sums, products, signs, calls and single values. `inner` reads what stands in parentheses. */
export function parseSum(cursor: Cursor, inner: Inner): Expression {
  return chain(cursor, ['+', '-'], () => chain(cursor, ['*', '/', '%'], () => parseSigned(cursor, inner)));
}

function chain(cursor: Cursor, signs: readonly SumSign[], part: () => Expression): Expression {
  let left = part();
  for (;;) {
    const sign = signs.find((candidate) => isSign(cursor, candidate));
    if (sign === undefined) return left;
    next(cursor);
    const right = part();
    left = { is: 'sum', sign, left, right, at: [left.at[0], right.at[1]] };
  }
}

function parseSigned(cursor: Cursor, inner: Inner): Expression {
  if (!isSign(cursor, '-')) return parsePrimary(cursor, inner);
  const { at } = next(cursor);
  cursor.enter(at);
  const of = parseSigned(cursor, inner);
  cursor.leave();
  const span = [at[0], of.at[1]] as const;
  return of.is === 'number' ? { ...of, value: -of.value, at: span } : { is: 'negate', of, at: span };
}

function parsePrimary(cursor: Cursor, inner: Inner): Expression {
  const token = peek(cursor);
  if (token.is === 'number' || token.is === 'clock' || token.is === 'text') {
    next(cursor);
    return token;
  }
  if (isSign(cursor, '(')) return parseParentheses(cursor, inner);
  if (token.is !== 'word' || isJoining(token.raw)) throw unexpected(cursor, 'a value');
  next(cursor);
  if (isSign(cursor, '(')) return parseCall(cursor, inner, token);
  return { is: 'name', text: token.raw, at: token.at };
}

function parseParentheses(cursor: Cursor, inner: Inner): Expression {
  const { at } = next(cursor);
  cursor.enter(at);
  const of = inner(cursor);
  if (!isSign(cursor, ')')) throw unclosed(cursor);
  const end = next(cursor);
  cursor.leave();
  return { ...of, at: [at[0], end.at[1]] };
}

function unclosed(cursor: Cursor): Unreadable {
  const wrong = unexpected(cursor, ')');
  const before = peek(cursor, -1);
  return peek(cursor).is === 'end' ? new Unreadable({ ...wrong.fault, fix: `${before.raw})` }) : wrong;
}

function parseCall(cursor: Cursor, inner: Inner, name: { raw: string; at: readonly [number, number] }): Expression {
  cursor.enter(next(cursor).at);
  const args: Expression[] = [];
  while (!isSign(cursor, ')')) {
    args.push(parseSum(cursor, inner));
    if (isSign(cursor, ',')) next(cursor);
    else if (!isSign(cursor, ')')) throw unexpected(cursor, ')');
  }
  const end = next(cursor);
  cursor.leave();
  return { is: 'call', name: name.raw, args, at: [name.at[0], end.at[1]] };
}
