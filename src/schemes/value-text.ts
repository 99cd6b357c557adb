import type { PointSpec } from './point.ts';
import { parseQuantity } from './quantity.ts';
import type { Value } from './reading.ts';
import { convertUnit } from './units.ts';

/** What a value must fit: the part of a point's or a variable's facts that says so. */
export type ValueSpec = Pick<PointSpec, 'range' | 'type' | 'unit' | 'values'>;

/** The value, or why it is none, in words that can follow "it ". */
export type Fitted = { readonly value: Value } | { readonly why: string };

/** Words for yes and no on MQTT, in any case. */
const WORDS: Readonly<Record<string, boolean>> = {
  '0': false,
  '1': true,
  close: false,
  closed: false,
  false: false,
  no: false,
  off: false,
  on: true,
  open: true,
  true: true,
  yes: true,
};

/** Longest text that a point or a variable carries, characters. */
const LONGEST = 4_096;

/** The value in a plain MQTT payload (`21.5`, `on`, `70 °F`): the way back from `plainText`. */
export function valueOfText(text: string, spec: ValueSpec): Fitted {
  const plain = text === '\u0000' ? '' : text;
  if (plain.length > LONGEST) return { why: `is longer than ${LONGEST} characters` };
  switch (spec.type) {
    case 'number':
      return numberOf(plain, spec);
    case 'boolean':
      return booleanOf(plain);
    case 'enum':
      return wordOf(plain, spec.values ?? []);
    case 'json':
      return jsonOf(plain);
    case 'event':
    case 'text':
      return { value: plain };
  }
}

/** A value that came typed, from JSON or from a rule, made to fit: `"on"` for a boolean, `21` for a text. */
export function fitValue(raw: unknown, spec: ValueSpec): Fitted {
  if (typeof raw === 'string') return valueOfText(raw, spec);
  if (typeof raw === 'number' && spec.type === 'number') return inRange(raw, spec);
  if (typeof raw === 'boolean' && spec.type === 'boolean') return { value: raw };
  if (typeof raw === 'number' || typeof raw === 'boolean') return valueOfText(String(raw), spec);
  if (spec.type !== 'json' || !isStructure(raw)) return { why: `is not ${ARTICLES[spec.type]}` };
  return { value: raw };
}

const ARTICLES: Readonly<Record<PointSpec['type'], string>> = {
  boolean: 'on or off',
  enum: 'one of its words',
  event: 'a word',
  json: 'JSON',
  number: 'a number',
  text: 'a text',
};

function isStructure(raw: unknown): raw is Exclude<Value, boolean | number | string> {
  return typeof raw === 'object' && raw !== null;
}

function numberOf(text: string, spec: ValueSpec): Fitted {
  const quantity = parseQuantity(text);
  if (quantity === undefined) return { why: 'is not a number' };
  const { value, unit } = quantity;
  if (unit === '' || unit === spec.unit) return inRange(value, spec);
  const converted = spec.unit === undefined ? undefined : convertUnit(value, unit, spec.unit);
  if (converted === undefined) return { why: `has the unit ${unit}, not ${spec.unit ?? 'none'}` };
  return inRange(converted, spec);
}

function inRange(value: number, { range, unit = '' }: ValueSpec): Fitted {
  if (!Number.isFinite(value)) return { why: 'is not a number' };
  if (range !== undefined && (value < range[0] || value > range[1])) {
    return { why: `is outside ${range[0]}..${range[1]} ${unit}`.trimEnd() };
  }
  return { value };
}

function booleanOf(text: string): Fitted {
  const plain = text.trim().toLowerCase();
  const value = Object.hasOwn(WORDS, plain) ? WORDS[plain] : undefined;
  return value === undefined ? { why: 'is not on or off' } : { value };
}

function wordOf(text: string, words: readonly string[]): Fitted {
  const plain = text.trim().toLowerCase();
  const value = words.find((word) => word.toLowerCase() === plain);
  return value === undefined ? { why: `is not ${words.join(' or ')}` } : { value };
}

function jsonOf(text: string): Fitted {
  try {
    const value: unknown = JSON.parse(text);
    if (value === null || value === undefined) return { why: 'is null' };
    if (isStructure(value) || typeof value === 'string' || typeof value === 'number') return { value };
    return { value: value === true };
  } catch {
    return { why: 'is not JSON' };
  }
}
