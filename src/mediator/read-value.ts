import { listed, nearest } from '../schemes/near.ts';
import type { PointSpec } from '../schemes/point.ts';
import { parseQuantity } from '../schemes/quantity.ts';
import type { Value } from '../schemes/reading.ts';
import { convertUnit } from '../schemes/units.ts';
import { clipped, type Refusal, rejected } from './refusal.ts';

/** A value that fits the point, or why it does not. */
export type ReadValue = { readonly value: Value } | { readonly refusal: Refusal };

const ON_WORDS = new Set(['1', 'on', 'open', 'true']);
const OFF_WORDS = new Set(['0', 'closed', 'false', 'off']);
/** Longest text, and depth of a JSON value. */
const LONGEST = 8_192;
const DEEPEST = 16;

/**
 * Turns what a command carries into a value of the point: `raw` is the text of a plain `set`, or the `v` of a `$cmd`.
 * Numbers may have a unit, which is converted; on and off have the words that people and programs use.
 */
export function readValue(spec: PointSpec, raw: unknown): ReadValue {
  switch (spec.type) {
    case 'boolean':
      return readSwitch(raw);
    case 'number':
      return readNumber(spec, raw);
    case 'enum':
      return readWord(spec.values ?? [], raw);
    case 'event':
      return spec.values === undefined ? readText(raw) : readWord(spec.values, raw);
    case 'text':
      return readText(raw);
    case 'json':
      return readJson(raw);
  }
}

const wrong = (wanted: string, raw: unknown): ReadValue => ({
  refusal: rejected('HB354', `${wanted} is wanted, not ${shown(raw)}`),
});

function shown(raw: unknown): string {
  if (raw === undefined || raw === '') return 'nothing';
  return typeof raw === 'string' ? `"${clipped(raw)}"` : clipped(JSON.stringify(raw));
}

function readSwitch(raw: unknown): ReadValue {
  if (typeof raw === 'boolean') return { value: raw };
  const word = typeof raw === 'number' || typeof raw === 'string' ? String(raw).trim().toLowerCase() : '';
  if (ON_WORDS.has(word)) return { value: true };
  if (OFF_WORDS.has(word)) return { value: false };
  return wrong('on or off', raw);
}

function readNumber({ unit, range }: PointSpec, raw: unknown): ReadValue {
  const value = typeof raw === 'string' ? numberIn(raw, unit) : raw;
  if (typeof value !== 'number' || !Number.isFinite(value)) return wrong(`a number${inUnit(unit)}`, raw);
  if (range === undefined || (value >= range[0] && value <= range[1])) return { value };
  const [least, largest] = range.map((limit) => `${limit}${unit === undefined ? '' : ` ${unit}`}`);
  return { refusal: rejected('HB355', `${shown(raw)} is outside ${least} to ${largest}`) };
}

/** `21`, `21 °C`, `70°F`; undefined when it is no number or measures something else. */
function numberIn(text: string, unit: string | undefined): number | undefined {
  const quantity = parseQuantity(text);
  if (quantity === undefined || quantity.unit === '') return quantity?.value;
  return unit === undefined ? undefined : convertUnit(quantity.value, quantity.unit, unit);
}

const inUnit = (unit: string | undefined): string => (unit === undefined ? '' : ` in ${unit}`);

function readWord(words: readonly string[], raw: unknown): ReadValue {
  if (typeof raw !== 'string' && typeof raw !== 'number' && typeof raw !== 'boolean') return wrong('a word', raw);
  const wanted = String(raw).trim();
  const same =
    words.find((word) => word === wanted) ?? words.find((word) => word.toLowerCase() === wanted.toLowerCase());
  if (same !== undefined) return { value: same };
  const near = nearest(wanted.slice(0, 64), words);
  const hint = near === undefined ? '' : `; did you mean ${near}?`;
  return { refusal: rejected('HB356', `it knows ${listed(words)}, not ${shown(raw)}${hint}`) };
}

function readText(raw: unknown): ReadValue {
  if (typeof raw !== 'string' && typeof raw !== 'number' && typeof raw !== 'boolean') return wrong('a text', raw);
  const text = raw === '\u0000' ? '' : String(raw);
  if (text.length > LONGEST) return wrong(`a text of at most ${LONGEST} characters`, text);
  return text.includes('\u0000') ? wrong('a text without NUL', text) : { value: text };
}

function readJson(raw: unknown): ReadValue {
  let value = raw;
  if (typeof raw === 'string') {
    try {
      value = JSON.parse(raw);
    } catch {
      return wrong('JSON', raw);
    }
  }
  return isPlainJson(value, DEEPEST) ? { value } : wrong(`JSON of at most ${DEEPEST} levels`, raw);
}

/** Nothing in it can change what other objects are. */
function isPlainJson(value: unknown, levels: number): value is Value {
  if (typeof value === 'string' || typeof value === 'boolean') return true;
  if (typeof value === 'number') return Number.isFinite(value);
  if (typeof value !== 'object' || value === null) return false;
  if (levels === 0 || Object.hasOwn(value, '__proto__')) return false;
  return Object.values(value).every((member: unknown) => member === null || isPlainJson(member, levels - 1));
}
