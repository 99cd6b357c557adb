import { listed, nearest } from '../near.ts';
import type { PointSpec } from '../point.ts';
import type { Value } from '../reading.ts';
import { dimensionOf } from '../units.ts';
import { isRecord, scalarText, shortValue, sortOf } from '../yaml-value.ts';
import { STATE_WORDS } from './check-operand.ts';
import { parseExpression } from './parse-expression.ts';
import { readFormula } from './read-formula.ts';
import { textSource } from './read-template.ts';
import { type Scope, shifted, tell } from './scope.ts';
import type { Source } from './step.ts';
import { inUnit } from './typed-term.ts';

/** The value for a point or variable of this sort; undefined when it does not fit, which is told. */
export function readValue(raw: unknown, spec: PointSpec, scope: Scope): Source | undefined {
  if (typeof raw === 'string' && raw.trimStart().startsWith('=')) return readFormula(raw, spec, scope);
  if (raw === 'toggle' && spec.type !== 'text') return toggled(spec, scope);
  if (spec.type === 'json') return jsonValue(raw, scope);
  const text = scalarText(raw);
  if (text === undefined) return wrongSort(raw, spec, scope);
  if (spec.type === 'text' || spec.type === 'event') return textSource(text, scope);
  const value = constOf(text, spec, scope);
  return value === undefined ? undefined : { from: 'const', value };
}

/** A constant only: the value that a test gives, a guard's `safe`. */
export function constOf(text: string, spec: PointSpec, scope: Scope): boolean | number | string | undefined {
  if (spec.type === 'boolean') return stateOf(text, scope);
  if (spec.type === 'number') return numberOf(text, spec, scope);
  if (spec.type === 'enum' && spec.values !== undefined) return wordOf(text, spec.values, scope);
  return text;
}

function toggled(spec: PointSpec, scope: Scope): Source | undefined {
  if (spec.type === 'boolean' || (spec.type === 'enum' && spec.values?.length === 2)) return { from: 'toggle' };
  const message = `toggle needs something that is on or off, not ${sortOfPoint(spec)}`;
  return tell(scope, { code: 'HB311', message, suggestion: 'write a value', fix: exampleOf(spec) });
}

function jsonValue(raw: unknown, scope: Scope): Source | undefined {
  if (typeof raw === 'string') return textSource(raw, scope);
  if (raw === null || raw === undefined) return tell(scope, { code: 'HB311', message: 'a value is missing' });
  const value: Value | undefined = isRecord(raw) || Array.isArray(raw) ? raw : scalar(raw);
  return value === undefined ? undefined : { from: 'const', value };
}

function scalar(raw: unknown): boolean | number | undefined {
  return typeof raw === 'boolean' || typeof raw === 'number' ? raw : undefined;
}

function wrongSort(raw: unknown, spec: PointSpec, scope: Scope): undefined {
  const message = `it needs ${sortOfPoint(spec)}, not ${sortOf(raw)}`;
  tell(scope, { code: 'HB311', message, suggestion: `write ${exampleOf(spec)}` });
}

/** What values a point takes, in words. */
export function sortOfPoint({ type, unit, values, range }: PointSpec): string {
  if (type === 'boolean') return 'on or off';
  if (type === 'enum') return `one of ${listed(values ?? [])}`;
  if (type !== 'number') return type === 'json' ? 'a structure' : 'text';
  const limits = range === undefined ? '' : ` from ${range[0]} to ${range[1]}`;
  return `a number${limits}${unit === undefined ? '' : ` ${unit}`}`;
}

function exampleOf({ type, unit = '', values, range }: PointSpec): string {
  if (type === 'boolean') return 'on or off';
  if (type === 'enum') return values?.[0] ?? 'a word';
  return type === 'number' ? `${range?.[1] ?? 1}${unit}` : 'text';
}

function stateOf(text: string, scope: Scope): boolean | undefined {
  const word = text.trim();
  const value = STATE_WORDS.get(word);
  if (value !== undefined) return value;
  const near = word === '1' ? 'on' : word === '0' ? 'off' : nearest(word, [...STATE_WORDS.keys()]);
  const advice =
    near === undefined ? { suggestion: 'write on or off' } : { suggestion: `did you mean ${near}?`, fix: near };
  return tell(scope, { ...spanOf(text), code: 'HB311', message: `"${shortValue(word)}" is not on or off`, ...advice });
}

function wordOf(text: string, values: readonly string[], scope: Scope): string | undefined {
  const word = text.trim();
  if (values.includes(word)) return word;
  const near = nearest(word, values);
  const possible = `possible: ${listed(values)}`;
  const advice = near === undefined ? { suggestion: possible } : { suggestion: `did you mean ${near}?`, fix: near };
  return tell(scope, {
    ...spanOf(text),
    code: 'HB311',
    message: `"${shortValue(word)}" is not one of its words`,
    ...advice,
  });
}

function spanOf(text: string): { within: readonly [number, number] } {
  const start = text.length - text.trimStart().length;
  return { within: [start, Math.max(start + 1, text.trimEnd().length)] };
}

function numberOf(text: string, spec: PointSpec, scope: Scope): number | undefined {
  const { expression, faults } = parseExpression(text);
  const unitFault = faults.find(({ code }) => code === 'HB211');
  if (unitFault !== undefined) return tell(scope, unitFault);
  if (expression?.is !== 'number') {
    const isName = expression?.is === 'name' || expression?.is === 'sum';
    const advice = isName
      ? { suggestion: 'a value that is worked out starts with =', fix: `"= ${text.trim()}"` }
      : { suggestion: `it needs ${sortOfPoint(spec)}` };
    return tell(scope, { ...spanOf(text), code: 'HB311', message: `"${shortValue(text)}" is not a number`, ...advice });
  }
  const value = inOwnUnit(expression.value, expression.unit, spec, { text, scope });
  return value === undefined ? undefined : inRange(value, text, spec, scope);
}

function inOwnUnit(
  value: number,
  unit: string,
  spec: PointSpec,
  { text, scope }: { text: string; scope: Scope },
): number | undefined {
  const own = spec.unit;
  if (unit === '' && (own === undefined || dimensionOf(own) !== 'time')) return value;
  if (unit === '') {
    const fix = `${value}${own}`;
    return tell(scope, {
      ...spanOf(text),
      code: 'HB210',
      message: `${value} needs a unit`,
      suggestion: `did you mean ${fix}?`,
      fix,
    });
  }
  if (own === undefined) {
    const suggestion = 'write the number alone';
    return tell(scope, {
      ...spanOf(text),
      code: 'HB306',
      message: `it has no unit, so ${unit} does not fit`,
      suggestion,
      fix: String(value),
    });
  }
  const from = { is: 'number', value, unit, at: [0, 0] } as const;
  const literal = {
    term: { op: 'const', value },
    type: { is: 'number', unit },
    isLiteral: true,
    at: from.at,
    from,
  } as const;
  const term = inUnit(literal, own, false)?.term;
  if (term?.op === 'const' && typeof term.value === 'number') return term.value;
  const suggestion = `use ${own} or another unit of ${dimensionOf(own) ?? 'its sort'}`;
  return tell(scope, {
    ...spanOf(text),
    code: 'HB306',
    message: `it is set in ${own}, which ${unit} does not fit`,
    suggestion,
    fix: `${value}${own}`,
  });
}

function inRange(value: number, text: string, { range, unit = '' }: PointSpec, scope: Scope): number | undefined {
  const [low, high] = range ?? [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY];
  if (value >= low && value <= high) return value;
  const near = Math.min(Math.max(value, low), high);
  const message = `${value}${unit} is outside ${low}..${high}${unit}`;
  return tell(scope, {
    ...spanOf(text),
    code: 'HB311',
    message,
    suggestion: `did you mean ${near}${unit}?`,
    fix: `${near}${unit}`,
  });
}

/** `on for 20s` cut in two; the time starts at `at`. */
export function cutTime(
  text: string,
  scope: Scope,
): { readonly value: string; readonly time?: string; readonly scope: Scope } {
  const [, value, gap = '', time] = /^(.*\S)(\s+for\s+)(\S.*)$/s.exec(text) ?? [];
  if (value === undefined || time === undefined) return { value: text, scope };
  return { value, time, scope: shifted(scope, value.length + gap.length) };
}
