import type { Quality, Value } from '../../schemes/reading.ts';
import { ByteReader, ByteWriter } from './bytes.ts';
import { Damage } from './damage.ts';
import type { Row } from './row.ts';

/**
 * Rows of one point in few bytes, 4 to 5 for a usual number: the time as the change of the step, a number as the change
 * of its digits. The first time counts from `base`, so the base must be kept beside the bytes.
 *
 * Layout: count, then for each row a byte (quality * 32 + kind), the time, the value.
 */
const QUALITIES: readonly Quality[] = ['good', 'uncertain', 'manual', 'stale', 'bad'];
const KIND = { none: 0, off: 1, on: 2, double: 3, text: 4, json: 5, same: 6, decimal: 8 } as const;
const KINDS = 32;
const MOST_DECIMALS = 9;
/** Larger digits are written as a double. */
const MOST_DIGITS = 2 ** 50;
const POWERS = Array.from({ length: MOST_DECIMALS + 1 }, (_, decimals) => 10 ** decimals);

/** What the next row builds on. */
class Before {
  time: number;
  step = 0;
  value: Value | undefined;
  decimals = 0;
  digits = 0;

  constructor(base: number) {
    this.time = base;
  }
}

export function encodeRows(rows: readonly Row[], base: number): Buffer {
  const out = new ByteWriter();
  const before = new Before(base);
  out.count(rows.length);
  for (const row of rows) writeRow(out, row, before);
  return out.taken();
}

/** Throws when the bytes are not rows. */
export function decodeRows(bytes: Uint8Array, base: number): Row[] {
  const from = new ByteReader(bytes);
  const before = new Before(base);
  const count = from.count();
  if (count > bytes.length) throw new Damage('there are more rows than bytes');
  const rows: Row[] = [];
  for (let row = 0; row < count; row += 1) rows.push(readRow(from, before));
  return rows;
}

function writeRow(out: ByteWriter, { time, value, quality }: Row, before: Before): void {
  const decimals = typeof value === 'number' ? decimalsOf(value, before.decimals) : undefined;
  const kind = kindOf(value, before.value, decimals);
  out.byte(Math.max(QUALITIES.indexOf(quality), 0) * KINDS + kind);
  const step = time - before.time;
  out.signed(step - before.step);
  before.step = step;
  before.time = time;
  before.value = value;
  if (kind === KIND.double && typeof value === 'number') out.double(value);
  else if (kind === KIND.text && typeof value === 'string') out.text(value);
  else if (kind === KIND.json) out.text(JSON.stringify(value));
  else if (kind >= KIND.decimal && decimals !== undefined) {
    const digits = Math.round(Number(value) * (POWERS[decimals] ?? 1));
    out.signed(digits - rescaled(before, decimals));
    before.digits = digits;
    before.decimals = decimals;
  }
}

function kindOf(value: Value | undefined, last: Value | undefined, decimals: number | undefined): number {
  if (value === undefined) return KIND.none;
  if (typeof value === 'boolean') return value ? KIND.on : KIND.off;
  if (Object.is(value, last)) return KIND.same;
  if (typeof value === 'string') return KIND.text;
  if (typeof value !== 'number') return KIND.json;
  return decimals === undefined ? KIND.double : KIND.decimal + decimals;
}

/** Digits after the point that show the number exactly, no fewer than `least`; undefined when there are too many. */
function decimalsOf(value: number, least: number): number | undefined {
  if (!Number.isFinite(value) || Object.is(value, -0)) return undefined;
  for (let decimals = least; decimals <= MOST_DECIMALS; decimals += 1) {
    const power = POWERS[decimals] ?? 1;
    const digits = Math.round(value * power);
    if (Math.abs(digits) >= MOST_DIGITS) return undefined;
    if (digits / power === value) return decimals;
  }
  return undefined;
}

/** The digits before, with so many decimals. */
function rescaled({ digits, decimals }: Before, wanted: number): number {
  const moved = digits * (POWERS[wanted - decimals] ?? 1);
  return Math.abs(moved) < MOST_DIGITS ? moved : 0;
}

function readRow(from: ByteReader, before: Before): Row {
  const head = from.byte();
  const quality = QUALITIES[Math.floor(head / KINDS)];
  if (quality === undefined) throw new Damage('a row has no quality');
  before.step += from.signed();
  before.time += before.step;
  before.value = readValue(from, head % KINDS, before);
  return { time: before.time, value: before.value, quality };
}

function readValue(from: ByteReader, kind: number, before: Before): Value | undefined {
  if (kind >= KIND.decimal) return readDecimal(from, kind - KIND.decimal, before);
  switch (kind) {
    case KIND.none:
      return undefined;
    case KIND.off:
    case KIND.on:
      return kind === KIND.on;
    case KIND.double:
      return from.double();
    case KIND.text:
      return from.text();
    case KIND.json:
      return parsed(from.text());
    case KIND.same:
      return before.value;
    default:
      throw new Damage('a row has no kind');
  }
}

function readDecimal(from: ByteReader, decimals: number, before: Before): number {
  const power = POWERS[decimals];
  if (power === undefined || decimals < before.decimals) throw new Damage('a row has too many decimals');
  before.digits = rescaled(before, decimals) + from.signed();
  before.decimals = decimals;
  return before.digits / power;
}

function parsed(text: string): Value {
  const value: unknown = JSON.parse(text);
  if (typeof value !== 'object' || value === null) throw new Damage('a row is no JSON structure');
  return Array.isArray(value) ? value : { ...value };
}
