import type { Amount, Scalar } from './filter.ts';
import { type Reader, readAmount, take } from './filter-args.ts';
import { MAX_WINDOW } from './filter-fact.ts';
import type { Fault } from './units-time.ts';
import { isRecord, shortValue } from './yaml-value.ts';

type Pair = readonly [Amount, Amount];

function isScalar(raw: unknown): raw is Scalar {
  return typeof raw === 'string' || typeof raw === 'boolean' || (typeof raw === 'number' && Number.isFinite(raw));
}

/** `[[0, 1], [5, 6]]`, `{2.6V: 0}` or the words `0 -> 1, 5 -> 6`, as a list of two things each. */
function rawPairs(raw: unknown, rest: readonly unknown[]): readonly unknown[] | undefined {
  if (Array.isArray(raw)) return raw;
  if (isRecord(raw)) return Object.entries(raw);
  const text = [raw, ...rest].map(String).join(' ');
  if (!text.includes('->')) return undefined;
  const marked = text.replace(/(->\s*\S+?)[\s,]+(?=\S)/g, '$1\n');
  return marked.split('\n').map((pair) => pair.split('->').map((part) => part.trim()));
}

function pairOf(raw: unknown): Pair | Fault {
  const parts: readonly unknown[] = Array.isArray(raw) ? raw : [];
  const [from, to] = [readAmount(parts[0]), readAmount(parts[1])];
  if (from !== undefined && 'code' in from) return from;
  if (to !== undefined && 'code' in to) return to;
  if (from === undefined || to === undefined || parts.length !== 2) {
    return { code: 'HB244', message: `${shortValue(raw)} is not a pair of two numbers`, suggestion: '[0, 0.5]' };
  }
  return [from, to];
}

export const pairs: Reader = (cursor, { filter }) => {
  const first = cursor.tokens[cursor.at];
  if (first === undefined) return undefined;
  const raw = rawPairs(first, cursor.tokens.slice(cursor.at + 1));
  if (raw === undefined) return undefined;
  cursor.at = Array.isArray(first) || isRecord(first) ? cursor.at + 1 : cursor.tokens.length;
  if (raw.length < 2 || raw.length > 100) {
    return { code: 'HB244', message: `${filter} needs 2 to 100 pairs, here are ${raw.length}` };
  }
  const found: Pair[] = [];
  for (const one of raw) {
    const pair = pairOf(one);
    if ('code' in pair) return pair;
    found.push(pair);
  }
  const places = new Set(found.map(([{ value, unit }]) => `${value}${unit ?? ''}`));
  if (places.size < found.length)
    return { code: 'HB244', message: `two pairs of ${filter} begin with the same number` };
  return { kind: 'pairs', pairs: found };
};

export const words: Reader = (cursor, { filter }) => {
  const raw = cursor.tokens[cursor.at];
  if (!isRecord(raw)) return undefined;
  cursor.at += 1;
  const entries = Object.entries(raw);
  if (entries.length === 0 || entries.length > MAX_WINDOW) {
    return { code: 'HB244', message: `${filter} needs 1 to ${MAX_WINDOW} pairs of raw: shown` };
  }
  const found = new Map<string, Scalar>();
  for (const [from, to] of entries) {
    if (!isScalar(to))
      return { code: 'HB244', message: `what ${filter} shows for "${shortValue(from)}" must be a word or a number` };
    found.set(from, to);
  }
  return { kind: 'words', words: found };
};

/** A number with or without unit, on/off, or a word. */
function oneValue(raw: unknown): Scalar | Amount | undefined {
  const read = readAmount(raw);
  if (read !== undefined && !('code' in read)) return read.unit === undefined ? read.value : read;
  if (raw === 'true' || raw === 'on') return true;
  if (raw === 'false' || raw === 'off') return false;
  return isScalar(raw) ? raw : undefined;
}

export const values: Reader = (cursor, { filter }) => {
  const count = cursor.tokens.length - cursor.at;
  if (count > 100) return { code: 'HB245', message: `${filter} takes 100 values at most, here are ${count}` };
  const found: (Scalar | Amount)[] = [];
  while (cursor.at < cursor.tokens.length) {
    const raw = take(cursor);
    const value = oneValue(raw);
    if (value === undefined) return { code: 'HB244', message: `${shortValue(raw)} is not a value of ${filter}` };
    found.push(value);
  }
  return found.length === 0 ? undefined : { kind: 'values', values: found };
};
