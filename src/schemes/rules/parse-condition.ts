import { type Cursor, isSign, isWord, next, peek, rewrite, skipWord, Unreadable, unexpected } from './cursor.ts';
import { parseSum } from './parse-sum.ts';
import type { CompareSign, Edge, Expression } from './syntax.ts';
import type { Token } from './tokens.ts';

type Inner = (cursor: Cursor) => Expression;

/** `air.temperature > 28 hysteresis 1°C`, `door is open`, `time in 06:00..20:00`, `lamp changed`, or a value alone. */
export function parseCondition(cursor: Cursor, inner: Inner): Expression {
  const left = parseSum(cursor, inner);
  const sign = comparison(peek(cursor));
  if (sign !== undefined) return withHysteresis(cursor, inner, compared(cursor, inner, left, sign));
  if (isWord(cursor, 'is')) return parseIs(cursor, inner, left);
  if (isWord(cursor, 'in')) return parseRange(cursor, inner, left);
  if (isWord(cursor, 'not') && peek(cursor, 1).raw === 'in') return parseNotIn(cursor, inner, left);
  const edge = edgeOf(peek(cursor));
  if (edge === undefined) return left;
  const { at } = next(cursor);
  return { is: 'edge', of: left, edge, at: [left.at[0], at[1]] };
}

const SIGNS: ReadonlyMap<string, CompareSign> = new Map<string, CompareSign>([
  ['<', '<'],
  ['<=', '<='],
  ['>', '>'],
  ['>=', '>='],
  ['=', '='],
  ['!=', '!='],
  ['==', '='],
  ['<>', '!='],
  ['≤', '<='],
  ['≥', '>='],
  ['≠', '!='],
]);

function comparison({ is, raw }: Token): CompareSign | undefined {
  return is === 'sign' ? SIGNS.get(raw) : undefined;
}

function edgeOf({ is, raw }: Token): Edge | undefined {
  if (is !== 'word') return undefined;
  return raw === 'changed' || raw === 'falling' || raw === 'rising' ? raw : undefined;
}

function compared(cursor: Cursor, inner: Inner, left: Expression, sign: CompareSign): Expression {
  const token = next(cursor);
  if (token.raw !== sign) rewrite(cursor, token, sign);
  const right = parseSum(cursor, inner);
  const after = peek(cursor);
  if (comparison(after) === undefined) {
    return { is: 'compare', sign, left, right, asWord: false, at: [left.at[0], right.at[1]] };
  }
  throw new Unreadable({
    within: after.at,
    code: 'HB304',
    message: 'two comparisons in a row',
    suggestion: 'join two comparisons with and, or write x in 10..20',
    ...betweenFix(left, right, peek(cursor, 1)),
  });
}

/** `20 < x < 28` is `x in 20..28`. */
function betweenFix(left: Expression, middle: Expression, end: Token): { fix?: string } {
  if (left.is !== 'number' || middle.is !== 'name' || end.is !== 'number') return {};
  const [low, high] = left.value < end.value ? [left, end] : [end, left];
  return { fix: `${middle.text} in ${low.value}${low.unit}..${high.value}${high.unit}` };
}

function withHysteresis(cursor: Cursor, inner: Inner, test: Expression): Expression {
  if (!isWord(cursor, 'hysteresis') || test.is !== 'compare') return test;
  skipWord(cursor);
  const hysteresis = parseSum(cursor, inner);
  return { ...test, hysteresis, at: [test.at[0], hysteresis.at[1]] };
}

/** How people say a comparison. */
const SAID: ReadonlyMap<string, CompareSign> = new Map<string, CompareSign>([
  ['above', '>'],
  ['over', '>'],
  ['greater', '>'],
  ['more', '>'],
  ['higher', '>'],
  ['below', '<'],
  ['under', '<'],
  ['less', '<'],
  ['lower', '<'],
]);

function parseIs(cursor: Cursor, inner: Inner, left: Expression): Expression {
  skipWord(cursor);
  const isNot = isWord(cursor, 'not');
  if (isNot) skipWord(cursor);
  const token = peek(cursor);
  const said = SAID.get(token.raw) ?? comparison(token);
  if (said !== undefined) {
    const message = `"is ${token.raw}" is written ${said} here`;
    throw new Unreadable({ within: token.at, code: 'HB304', message, suggestion: `write ${said} alone`, fix: said });
  }
  const right = parseSum(cursor, inner);
  const sign = isNot ? '!=' : '=';
  return { is: 'compare', sign, left, right, asWord: true, at: [left.at[0], right.at[1]] };
}

function parseRange(cursor: Cursor, inner: Inner, of: Expression): Expression {
  skipWord(cursor);
  const from = parseSum(cursor, inner);
  if (!isSign(cursor, '..')) throw unexpected(cursor, '.. between two ends, as in 06:00..20:00');
  next(cursor);
  const to = parseSum(cursor, inner);
  return { is: 'in', of, from, to, at: [of.at[0], to.at[1]] };
}

function parseNotIn(cursor: Cursor, inner: Inner, of: Expression): Expression {
  skipWord(cursor);
  const range = parseRange(cursor, inner, of);
  return { is: 'not', of: range, at: range.at };
}
