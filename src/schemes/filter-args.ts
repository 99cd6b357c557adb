import { distance } from 'fastest-levenshtein';
import type { Amount, FilterArg } from './filter.ts';
import type { ArgSpec } from './filter-fact.ts';
import { parseQuantity } from './quantity.ts';
import { isUnit, nearestUnit, unitOf } from './units.ts';
import { type Fault, readTime } from './units-time.ts';
import { shortValue } from './yaml-value.ts';

/** What is left of the words of one filter. */
export interface Cursor {
  readonly tokens: readonly unknown[];
  at: number;
}

export interface Reading {
  readonly spec: ArgSpec;
  readonly filter: string;
}

/** The argument, a fault, or undefined when the next word is something else. */
export type Reader = (cursor: Cursor, about: Reading) => FilterArg | Fault | undefined;

const TIME_LIMITS = { minMs: 1, maxMs: 31 * 86_400_000, rangeCode: 'HB245' };
const LARGEST = 1e15;

export function take(cursor: Cursor): unknown {
  const token = cursor.tokens[cursor.at];
  if (token !== undefined) cursor.at += 1;
  return token;
}

function outside({ spec, filter }: Reading, value: number): Fault | undefined {
  const { min = -LARGEST, max = LARGEST } = spec;
  if (value >= min && value <= max) return undefined;
  const limits = value < min ? `at least ${min}` : `at most ${max}`;
  const suggestion = String(value < min ? min : max);
  return { code: 'HB245', message: `${spec.name} of ${filter} is ${value}; it must be ${limits}`, suggestion };
}

export function isFault(result: FilterArg | Fault | number | undefined): result is Fault {
  return typeof result === 'object' && 'code' in result;
}

/** A number with or without a unit: `85`, `0.5°C`, `0.5 °C`. */
export function readAmount(raw: unknown): Amount | Fault | undefined {
  if (typeof raw === 'number')
    return Number.isFinite(raw) && Math.abs(raw) <= LARGEST ? { kind: 'amount', value: raw } : undefined;
  const quantity = typeof raw === 'string' ? parseQuantity(raw) : undefined;
  if (quantity === undefined || Math.abs(quantity.value) > LARGEST) return undefined;
  if (quantity.unit === '') return { kind: 'amount', value: quantity.value };
  const unit = unitOf(quantity.unit);
  if (unit !== undefined) return { kind: 'amount', value: quantity.value, unit };
  const near = nearestUnit(quantity.unit);
  const suggestion = `${quantity.value}${near ?? ''}`;
  return { code: 'HB211', message: `"${shortValue(quantity.unit)}" is not a unit`, suggestion };
}

export function amount(cursor: Cursor): Amount | Fault | undefined {
  const read = readAmount(cursor.tokens[cursor.at]);
  if (read === undefined) return undefined;
  cursor.at += 1;
  const next = cursor.tokens[cursor.at];
  if ('code' in read || read.unit !== undefined || typeof next !== 'string' || !isUnit(next)) return read;
  cursor.at += 1;
  return { ...read, unit: unitOf(next) ?? next };
}

function bareNumber(cursor: Cursor, about: Reading): number | Fault | undefined {
  const read = readAmount(cursor.tokens[cursor.at]);
  if (read === undefined || 'code' in read || read.unit !== undefined) return undefined;
  cursor.at += 1;
  return outside(about, read.value) ?? read.value;
}

export const count: Reader = (cursor, about) => {
  const start = cursor.at;
  // In `calibrate 0 -> 0.5` the 0 begins a pair.
  if (cursor.tokens[start + 1] === '->') return undefined;
  const value = bareNumber(cursor, about);
  if (value === undefined || isFault(value)) return value;
  if (Number.isInteger(value)) return { kind: 'count', value };
  cursor.at = start;
  return {
    code: 'HB245',
    message: `${about.spec.name} of ${about.filter} is ${value}; it must be whole`,
    suggestion: String(Math.round(value)),
  };
};

export const number: Reader = (cursor, about) => {
  const value = bareNumber(cursor, about);
  return value === undefined || isFault(value) ? value : { kind: 'number', value };
};

/** A word that may be `1` before its unit `min`; structures are no words. */
function wordAt(cursor: Cursor, at: number): string {
  const token = cursor.tokens[at];
  return typeof token === 'string' || typeof token === 'number' ? String(token) : '';
}

function isNumberWithUnitNext(cursor: Cursor): boolean {
  return parseQuantity(wordAt(cursor, cursor.at))?.unit === '' && isUnit(wordAt(cursor, cursor.at + 1));
}

export const time: Reader = (cursor, { filter }) => {
  const isApart = isNumberWithUnitNext(cursor);
  const word = wordAt(cursor, cursor.at);
  const raw = take(cursor);
  const text = isApart ? `${word}${wordAt(cursor, cursor.at)}` : raw;
  if (isApart) cursor.at += 1;
  const ms = readTime(text, (right) => `${filter} ${right}`, TIME_LIMITS);
  return typeof ms === 'number' ? { kind: 'time', ms } : ms;
};

export const windowOf: Reader = (cursor, about) => {
  const word = wordAt(cursor, cursor.at);
  if (!/^[+-]?\d/.test(word)) return undefined;
  const isCount = parseQuantity(word)?.unit === '' && !isNumberWithUnitNext(cursor);
  return isCount ? count(cursor, about) : time(cursor, about);
};

export const share: Reader = (cursor, about) => {
  const read = readAmount(cursor.tokens[cursor.at]);
  if (read === undefined || 'code' in read) return read;
  cursor.at += 1;
  const value = read.unit === '%' ? read.value / 100 : read.value;
  const right = (read.unit === undefined || read.unit === '%') && value > 0 && value <= 1;
  if (right) return { kind: 'number', value };
  const message = `${about.spec.name} of ${about.filter} must be above 0 and at most 1 (or 100 %)`;
  // 90 where 0.9 is meant is a percentage.
  return { code: 'HB245', message, suggestion: value > 1 && value <= 100 ? `${value}%` : '0.5' };
};

export const change: Reader = (cursor, about) => {
  const read = amount(cursor);
  if (read === undefined || 'code' in read) return read;
  if (read.value < 0) {
    const message = `${about.spec.name} of ${about.filter} is ${read.value}; it must be at least 0`;
    return { code: 'HB245', message, suggestion: `${-read.value}${read.unit ?? ''}` };
  }
  return read.unit === '%' ? { kind: 'percent', value: read.value } : read;
};

function side(text: string): Amount | Fault | undefined {
  return text.trim() === ''
    ? undefined
    : (readAmount(text) ?? { code: 'HB244', message: `"${shortValue(text)}" is not a number` });
}

function limits(low: string, high: string, filter: string): FilterArg | Fault | undefined {
  const [from, to] = [side(low), side(high)];
  if (from !== undefined && 'code' in from) return from;
  if (to !== undefined && 'code' in to) return to;
  if (from !== undefined && to !== undefined && from.unit === to.unit && from.value > to.value) {
    const right = `${high}..${low}`;
    return { code: 'HB245', message: `${filter} ${low}..${high} is upside down`, suggestion: right };
  }
  if (from === undefined && to === undefined) return undefined;
  return { kind: 'range', ...(from && { low: from }), ...(to && { high: to }) };
}

/** `0..100`, `0..`, `..100`, `0°C..30°C`, or two numbers. */
export const range: Reader = (cursor, { filter }) => {
  const word = wordAt(cursor, cursor.at);
  if (word === '') return undefined;
  cursor.at += 1;
  if (word.includes('..')) {
    const [low = '', high = ''] = word.split('..');
    return limits(low, high, filter);
  }
  const second = wordAt(cursor, cursor.at);
  if (second !== '') cursor.at += 1;
  return limits(word, second, filter);
};

export const choice: Reader = (cursor, { spec, filter }) => {
  const token = cursor.tokens[cursor.at];
  const { words = [] } = spec;
  if (typeof token !== 'string' || !/^[a-z_]+$/i.test(token)) return undefined;
  cursor.at += 1;
  const word = words.find((known) => known === token.toLowerCase());
  if (word !== undefined) return { kind: 'word', word };
  const near = words.toSorted((a, b) => distance(token, a) - distance(token, b))[0];
  const said = `"${shortValue(token)}" is not a ${spec.name} of ${filter}: ${words.join(', ')}`;
  return { code: 'HB244', message: said, ...(near === undefined ? {} : { suggestion: near }) };
};
