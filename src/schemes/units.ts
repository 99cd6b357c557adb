import { convert } from 'convert';
import { distance } from 'fastest-levenshtein';
import { UNIT_ALIASES } from './units-alias.ts';
import { type Dimension, libraryBase, makeUnitTable, type UnitFact } from './units-table.ts';

let table: ReadonlyMap<string, UnitFact> | undefined;
const factors = new Map<string, number>();

function units(): ReadonlyMap<string, UnitFact> {
  table ??= makeUnitTable();
  return table;
}

/** The house spelling of a unit (`degC` -> `°C`, `KWH` -> `kWh`), or undefined when hanbus does not know it. */
export function unitOf(text: string): string | undefined {
  // Greek mu and the old ohm sign look like the micro sign and omega that the table uses.
  const plain = text.trim().replaceAll('\u03bc', '\u00b5').replaceAll('\u2126', '\u03a9');
  if (units().has(plain)) return plain;
  const alias = UNIT_ALIASES[plain] ?? UNIT_ALIASES[plain.toLowerCase()];
  if (alias !== undefined) return units().has(alias) ? alias : undefined;
  const same = [...units().keys()].filter((unit) => unit.toLowerCase() === plain.toLowerCase());
  return same.length === 1 ? same[0] : undefined;
}

export function isUnit(text: string): boolean {
  return unitOf(text) !== undefined;
}

/** Every unit in its house spelling, sorted by dimension as the reference shows them. */
export function knownUnits(): ReadonlyMap<string, Dimension> {
  const sorted = [...units()].toSorted(([, a], [, b]) => a.dimension.localeCompare(b.dimension));
  return new Map(sorted.map(([name, { dimension }]) => [name, dimension]));
}

export function dimensionOf(text: string): Dimension | undefined {
  const unit = unitOf(text);
  return unit === undefined ? undefined : units().get(unit)?.dimension;
}

/** A longer word is not a misspelt unit. */
const LONGEST = 32;

/** The unit that was probably meant, or undefined when nothing is near. */
export function nearestUnit(text: string): string | undefined {
  const exact = unitOf(text);
  if (exact !== undefined) return exact;
  const wanted = text.trim();
  if (wanted.length > LONGEST) return undefined;
  const limit = wanted.length < 3 ? 1 : 2;
  let best: { unit: string; far: number } | undefined;
  for (const [spelling, unit] of [
    ...[...units().keys()].map((name) => [name, name]),
    ...Object.entries(UNIT_ALIASES),
  ]) {
    if (spelling === undefined || unit === undefined || !units().has(unit)) continue;
    const far = Math.min(distance(wanted, spelling), distance(wanted.toLowerCase(), spelling.toLowerCase()) + 0.5);
    if (far <= limit && (best === undefined || far < best.far)) best = { unit, far };
  }
  return best?.unit;
}

/** How much of the first unit of its dimension one of this unit is. */
function factorOf(name: string, fact: UnitFact): number {
  if (typeof fact.factor === 'number') return fact.factor;
  const known = factors.get(name);
  if (known !== undefined) return known;
  const to = libraryBase(fact.dimension);
  const factor = to === undefined ? Number.NaN : convert(1, fact.factor).to(to);
  factors.set(name, factor);
  return factor;
}

/** Converts many values between two units; undefined when the dimensions differ or a unit is unknown. */
export function makeConverter(from: string, to: string): ((value: number) => number) | undefined {
  if (from === to) return (value) => value;
  const [fromName, toName] = [unitOf(from), unitOf(to)];
  if (fromName === undefined || toName === undefined) return undefined;
  if (fromName === toName) return (value) => value;
  const [source, target] = [units().get(fromName), units().get(toName)];
  if (source === undefined || target === undefined || source.dimension !== target.dimension) return undefined;
  const ratio = factorOf(fromName, source) / factorOf(toName, target);
  const { offset: before = 0 } = source;
  const { offset: after = 0 } = target;
  return (value) => dusted((value + before) * ratio - after);
}

/** Binary fractions leave dust in the last digits: 20 °C must be 68 °F. */
function dusted(value: number): number {
  return Number(value.toPrecision(13));
}

/** A value in another unit of the same dimension; undefined when the dimensions differ or a unit is unknown. */
export function convertUnit(value: number, from: string, to: string): number | undefined {
  return makeConverter(from, to)?.(value);
}

/** A difference in another unit: a step of 1 °C is one of 1.8 °F. Undefined as `convertUnit`. */
export function convertSpan(span: number, from: string, to: string): number | undefined {
  const converter = makeConverter(from, to);
  return converter === undefined ? undefined : dusted(converter(span) - converter(0));
}
