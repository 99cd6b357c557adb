import { OptionsError } from '../../kit/errors.ts';
import { isName } from '../../schemes/names.ts';
import type { PointSpec, Points } from '../../schemes/point.ts';
import type { Value } from '../../schemes/reading.ts';
import { unitOf } from '../../schemes/units.ts';

/** Lines of a board as a person describes them: fixed text with `{name:unit}` where the values are. */
export interface LinePattern {
  readonly points: Points;
  /** The values of a line, by point; undefined when the line is another one. */
  read(line: string): Readonly<Record<string, Value | undefined>> | undefined;
}

const NUMBER = '([-+]?(?:\\d+(?:[.,]\\d+)?|[.,]\\d+)(?:[eE][-+]?\\d+)?|nan|-?inf)';
const TEXT = '(.+?)';
const MOST_TEXTS = 2;
const MOST_FIELDS = 32;
/** Limits of what such a value can be; other units have none worth the name. */
const RANGES: Readonly<Record<string, readonly [number, number]>> = {
  '%': [0, 100],
  '°': [0, 360],
  '°C': [-100, 1_300],
  hPa: [300, 1_100],
  'm/s': [0, 120],
  mm: [0, 100_000],
};
const ANY: readonly [number, number] = [-1e9, 1e9];

/** Reads `T={temperature:°C} {note:text}`. Throws OptionsError with the part that is wrong. */
export function parseLinePattern(pattern: string): LinePattern {
  const points: Record<string, PointSpec> = {};
  const parts = pattern.trim().split(/(\{[^{}]*\})/);
  let source = '';
  for (const [index, part] of parts.entries()) {
    const inside = /^\{(.*)\}$/.exec(part)?.[1];
    if (inside === undefined) {
      const isBetween = index > 0 && index < parts.length - 1;
      source += fixedText(part, pattern, isBetween);
      continue;
    }
    const { name, spec } = parseField(inside, pattern);
    if (Object.hasOwn(points, name)) throw wrong(pattern, `{${name}} stands twice`);
    points[name] = spec;
    source += spec.type === 'text' ? TEXT : NUMBER;
  }
  refuseTooMany(Object.values(points), pattern);
  const line = new RegExp(`^${source}$`, 'i');
  return { points, read: (text) => valuesOf(line.exec(text.trim()), points) };
}

/** What would take long to be looked for in a line of 1 kB. */
function refuseTooMany(specs: readonly PointSpec[], pattern: string): void {
  if (specs.length === 0) throw wrong(pattern, 'it has no {name}');
  const texts = specs.filter(({ type }) => type === 'text').length;
  if (texts > MOST_TEXTS) throw wrong(pattern, `it has ${texts} texts; at most ${MOST_TEXTS}`);
  if (specs.length > MOST_FIELDS) throw wrong(pattern, `it has ${specs.length} values; at most ${MOST_FIELDS}`);
}

function wrong(pattern: string, why: string): OptionsError {
  return new OptionsError(`lines: "${pattern}" cannot be used: ${why}`, {
    fix: 'lines: "T={temperature:°C} H={humidity:%}"',
  });
}

/** Spaces stand for any number of them. Between two values there must be something that ends the first. */
function fixedText(text: string, pattern: string, isBetween: boolean): string {
  if (/[{}]/.test(text)) throw wrong(pattern, 'a brace has no partner');
  if (isBetween && /^[\d.,]*$/.test(text)) throw wrong(pattern, 'two values need a sign between them that is no digit');
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&').replace(/\s+/g, '\\s+');
}

function parseField(inside: string, pattern: string) {
  const [, name = '', unit = ''] = /^\s*([^:]*?)\s*(?::\s*(.*?)\s*)?$/.exec(inside) ?? [];
  if (!isName(name)) throw wrong(pattern, `"${name}" is no name for a point`);
  if (unit === 'text') return { name, spec: { type: 'text' } as const };
  const house = unitOf(unit);
  if (unit !== '' && house === undefined) throw wrong(pattern, `"${unit}" is not a unit`);
  const spec = { type: 'number', range: RANGES[house ?? ''] ?? ANY } as const;
  return { name, spec: house === undefined || house === '' ? spec : { ...spec, unit: house } };
}

function valuesOf(match: RegExpExecArray | null, points: Points) {
  if (match === null) return undefined;
  const values = Object.entries(points).map(([name, { type }], index) => {
    const text = match[index + 1] ?? '';
    return [name, type === 'text' ? text : Number(text.replace(',', '.').replace(/inf$/i, 'Infinity'))] as const;
  });
  return Object.fromEntries(values);
}
