import { DURATION_MS } from '../quantity.ts';
import { dimensionOf, nearestUnit, unitOf } from '../units.ts';
import type { Fault } from '../units-time.ts';
import { clockMs, wrongClock } from './clock-text.ts';
import type { Span } from './syntax.ts';

export type Token = { readonly at: Span; readonly raw: string } & (
  | { readonly is: 'number'; readonly value: number; readonly unit: string }
  | { readonly is: 'clock'; readonly ms: number }
  | { readonly is: 'text'; readonly text: string }
  | { readonly is: 'word' | 'sign' | 'end' }
);

export interface Tokens {
  readonly tokens: readonly Token[];
  readonly faults: readonly Fault[];
}

/** Longest expression, characters and words. */
const LONGEST = 4_000;
const MOST = 500;

interface Cut extends Tokens {
  readonly text: string;
  readonly tokens: Token[];
  readonly faults: Fault[];
  at: number;
}

const PIECE = {
  space: /\s+/y,
  clock: /\d{1,2}:\d{1,2}(?::\d{2})?(?!\d)/y,
  number: /(?:\d+(?:\.\d+)?|\.\d+)(?:[eE][+-]?\d+(?![\p{L}\d]))?/uy,
  word: /[\p{L}_][\p{L}\p{N}_]*(?:\.[\p{L}\p{N}_]+)*/uy,
  quoted: /"[^"]*"|'[^']*'/y,
  sign: /\.\.|<=|>=|!=|<>|==|&&|\|\||[<>=≤≥≠+*/%(),!-]/y,
};

/** Cuts a text of the rule language into words, numbers with units, times, quoted texts and signs. Never throws. */
export function tokensOf(text: string): Tokens {
  const cut: Cut = { text, tokens: [], faults: [], at: 0 };
  if (text.length > LONGEST) {
    cut.faults.push(tooLong(`${text.length} characters; at most ${LONGEST}`));
  } else {
    while (cut.at < text.length && cut.tokens.length <= MOST && cut.faults.length < 10) cutOne(cut);
    if (cut.tokens.length > MOST) cut.faults.push(tooLong(`more than ${MOST} words`));
  }
  cut.tokens.push({ is: 'end', raw: '', at: [text.length, text.length] });
  return cut;
}

function tooLong(what: string): Fault {
  return {
    code: 'HB313',
    message: `this expression is too long: ${what}`,
    suggestion: 'split it into several rules, or put the logic into Node-RED',
  };
}

function match(cut: Cut, pattern: RegExp): string | undefined {
  pattern.lastIndex = cut.at;
  return pattern.exec(cut.text)?.[0];
}

function cutOne(cut: Cut): void {
  const space = match(cut, PIECE.space);
  if (space !== undefined) {
    cut.at += space.length;
    return;
  }
  const raw = cutClock(cut) ?? cutNumber(cut) ?? cutQuoted(cut) ?? cutPlain(cut, 'word') ?? cutPlain(cut, 'sign');
  if (raw === undefined) strange(cut);
}

function put(cut: Cut, raw: string, token: { is: 'word' | 'sign' } | { is: 'clock'; ms: number } | Quoted | Amount) {
  cut.tokens.push({ ...token, raw, at: [cut.at, cut.at + raw.length] });
  cut.at += raw.length;
  return raw;
}

interface Quoted {
  readonly is: 'text';
  readonly text: string;
}
interface Amount {
  readonly is: 'number';
  readonly value: number;
  readonly unit: string;
}

function cutClock(cut: Cut): string | undefined {
  const raw = match(cut, PIECE.clock);
  if (raw === undefined) return undefined;
  const ms = clockMs(raw);
  if (ms === undefined) cut.faults.push({ within: [cut.at, cut.at + raw.length], ...wrongClock(raw) });
  return put(cut, raw, { is: 'clock', ms: ms ?? 0 });
}

function cutQuoted(cut: Cut): string | undefined {
  const raw = match(cut, PIECE.quoted);
  return raw === undefined ? undefined : put(cut, raw, { is: 'text', text: raw.slice(1, -1) });
}

function cutPlain(cut: Cut, is: 'word' | 'sign'): string | undefined {
  const raw = match(cut, PIECE[is]);
  return raw === undefined ? undefined : put(cut, raw, { is });
}

function strange(cut: Cut): void {
  const letter = String.fromCodePoint(cut.text.codePointAt(cut.at) ?? 0);
  const isQuote = letter === '"' || letter === "'";
  cut.faults.push({
    within: [cut.at, isQuote ? cut.text.length : cut.at + letter.length],
    code: 'HB304',
    message: isQuote ? `the quote ${letter} is never closed` : `"${letter}" means nothing here`,
    suggestion: isQuote ? 'close it, or use the other sort of quotes inside' : 'delete it, or put the text in quotes',
  });
  cut.at = isQuote ? cut.text.length : cut.at + letter.length;
}

function cutNumber(cut: Cut): string | undefined {
  const digits = match(cut, PIECE.number);
  if (digits === undefined) return undefined;
  const start = cut.at;
  const { unit, length } = unitAfter(cut, start + digits.length);
  const raw = cut.text.slice(start, start + digits.length + length);
  const time = wholeTime(cut, start, unit);
  if (time !== undefined) return put(cut, time.raw, { is: 'number', value: time.ms, unit: 'ms' });
  return put(cut, raw, { is: 'number', value: Number(digits), unit });
}

const COMPOUND = /\d+(?:\.\d+)?(?:ms|min|s|h|d|w)(?: ?\d+(?:\.\d+)?(?:ms|min|s|h|d|w))+(?![\p{L}\d])/uy;

/** `1h30min`: several amounts of time are one. */
function wholeTime(cut: Cut, start: number, unit: string): { raw: string; ms: number } | undefined {
  if (unit === '' || dimensionOf(unit) !== 'time') return undefined;
  cut.at = start;
  const raw = match(cut, COMPOUND);
  if (raw === undefined) return undefined;
  const parts = raw.matchAll(/(\d+(?:\.\d+)?)(ms|min|s|h|d|w)/g);
  return { raw, ms: [...parts].reduce((sum, [, amount, of = '']) => sum + Number(amount) * (DURATION_MS[of] ?? 0), 0) };
}

const UNIT = /[\p{L}°℃℉%‰µΩ/][\p{L}°%²³µΩ/]*/uy;

interface UnitFound {
  readonly unit: string;
  readonly length: number;
}

const NO_UNIT: UnitFound = { unit: '', length: 0 };

/** The unit behind a number; `%` before an operand is the remainder, and `in` is no inch. */
function unitAfter(cut: Cut, from: number): UnitFound {
  const gap = cut.text[from] === ' ' ? 1 : 0;
  UNIT.lastIndex = from + gap;
  const written = UNIT.exec(cut.text)?.[0];
  if (written === undefined) return NO_UNIT;
  if (written.startsWith('%') && isRemainder(cut.text, from + gap + 1)) return NO_UNIT;
  const found = longestUnit(cut, written, { from, gap });
  if (found !== undefined) return found;
  return gap > 0 || written.startsWith('/') ? NO_UNIT : unknownUnit(cut, from, written);
}

/** `m/s` before `m`: a shorter one ends where a sign begins. */
function longestUnit(cut: Cut, written: string, { from, gap }: { from: number; gap: number }): UnitFound | undefined {
  for (let length = written.length; length > 0; length -= 1) {
    if (length < written.length && !/[/%]/.test(written[length] ?? '')) continue;
    const known = written.slice(0, length);
    const unit = unitOf(known);
    const end = from + gap + length;
    if (unit !== undefined && !isWord(cut.text, { known, end, gap })) return { unit, length: gap + length };
  }
  return undefined;
}

/** After a space, a word may be something else than a unit. */
function isWord(text: string, { known, end, gap }: { known: string; end: number; gap: number }): boolean {
  return gap > 0 && (known === 'in' || known === 'is' || known === 'for' || /^[\w.(]/.test(text.slice(end)));
}

function isRemainder(text: string, after: number): boolean {
  const rest = text.slice(after);
  if (/^\d|^\(/.test(rest)) return true;
  const word = /^\s+([\p{L}\d(_]\w*)/u.exec(rest)?.[1];
  return word !== undefined && !/^(?:and|changed|falling|for|hysteresis|in|is|not|or|rising|then|else)$/.test(word);
}

function unknownUnit(cut: Cut, from: number, written: string): UnitFound {
  const near = nearestUnit(written);
  cut.faults.push({
    within: [from, from + written.length],
    code: 'HB211',
    message: `"${written.slice(0, 40)}" is not a unit`,
    ...(near === undefined ? { suggestion: 'hanbus knows units such as °C, %, W, min' } : {}),
    ...(near === undefined ? {} : { suggestion: `did you mean ${near}?`, fix: near }),
  });
  return { unit: '', length: written.length };
}
