import type { TSchema } from 'typebox';
import { type Shape, shapeOf } from './field-shape.ts';
import { listed, nearest } from './near.ts';
import type { Path, PathProblem } from './path-problem.ts';
import { isRecord, pairText, shortValue, sortOf, yamlValue } from './yaml-value.ts';

const SECTIONS = ['bridges', 'broker', 'devices', 'services', 'users'];

/** A secret written out; its value is not repeated anywhere. */
export function plainSecret(path: Path): PathProblem {
  const key = String(path.at(-1));
  const name = path
    .filter((part) => !SECTIONS.includes(String(part)))
    .join('_')
    .toUpperCase()
    .replaceAll(/[^A-Z0-9]+/g, '_');
  return {
    path,
    code: 'HB270',
    message: `"${key}" is a secret and must not stand in the scheme`,
    suggestion: `put ${name}=... into the secrets file and write its name here`,
    fix: `${key}: $${name}`,
  };
}

/** A key that is not one of `known`. */
export function unknownKey(key: string, known: readonly string[], path: Path, value: unknown): PathProblem {
  const parent = path.slice(0, -1);
  const near = nearest(key, known);
  return {
    path,
    onKey: true,
    code: 'HB204',
    message: `unknown key "${shortValue(key)}"${parent.length === 0 ? '' : ` in ${parent.join('.')}`}`.replaceAll(
      '""',
      '"',
    ),
    suggestion: near === undefined ? `possible here: ${listed(known)}` : `did you mean "${near}"?`,
    ...(near === undefined ? {} : { fix: pairText(near, value) }),
  };
}

export function missingKey(key: string, member: TSchema, path: Path): PathProblem {
  return {
    path,
    onKey: true,
    code: 'HB207',
    message: `"${key}" is missing in ${path.length === 0 ? 'the options' : path.join('.')}`,
    suggestion: `it needs ${shapeOf(member).words}`,
    fix: `${key}: ${exampleOf(shapeOf(member))}`,
  };
}

function exampleOf({ examples, words, type, minimum, options }: Shape): string {
  const [example] = [...(examples ?? []), ...(options ?? [])];
  if (example !== undefined) return yamlValue(example);
  return type === 'number' || type === 'integer' ? String(minimum ?? 1) : `<${words}>`;
}

export function wrongSort(wanted: string, raw: unknown, path: Path, fix?: string): PathProblem {
  const key = String(path.at(-1) ?? 'the file');
  return {
    path,
    code: 'HB205',
    message: `${key} needs ${wanted}, not ${sortOf(raw)}`,
    suggestion: fix === undefined ? `write ${wanted}` : `write it as ${wanted.replace(/ \(.*$/, '')}`,
    ...(fix === undefined ? {} : { fix }),
  };
}

export function wrongValue(message: string, suggestion: string, path: Path, fix?: string): PathProblem {
  return { path, code: 'HB206', message, suggestion, ...(fix === undefined ? {} : { fix }) };
}

/** A list of one-key maps, the most usual slip, turned into the map that was meant. */
export function mapFix(shape: Shape, raw: unknown, path: Path): string | undefined {
  const key = String(path.at(-1) ?? '');
  const joined = joinedMaps(raw);
  if (joined !== undefined) return `${key}: ${joined}`;
  const only = shape.required?.length === 1 ? shape.required[0] : undefined;
  return only !== undefined && typeof raw === 'string' ? `${key}: {${only}: ${yamlValue(raw)}}` : undefined;
}

/** `[{a: 1}, {b: 2}]` as `{a: 1, b: 2}`; undefined for anything else. */
export function joinedMaps(raw: unknown): string | undefined {
  if (!Array.isArray(raw) || raw.length === 0 || !raw.every(isRecord)) return undefined;
  return yamlValue(Object.fromEntries(raw.flatMap((item) => Object.entries(item))));
}

/** A single value that TypeBox refused. */
export function leafProblem(shape: Shape, raw: unknown, path: Path): PathProblem {
  if (shape.options !== undefined) return notAnOption(shape.options, raw, path);
  if (shape.type === 'number' || shape.type === 'integer') return notTheNumber(shape, raw, path);
  const key = String(path.at(-1) ?? 'value');
  if (shape.type !== 'string' || typeof raw === 'string') {
    return wrongValue(`${key}: ${shortValue(raw)} is not possible`, `it needs ${shape.words}`, path);
  }
  if (isRecord(raw) || Array.isArray(raw) || raw === null) return wrongSort(shape.words, raw, path);
  return { ...wrongSort(shape.words, raw, path, `${key}: "${yamlValue(raw)}"`), suggestion: 'put it in quotes' };
}

function notTheNumber(shape: Shape, raw: unknown, path: Path): PathProblem {
  const key = String(path.at(-1) ?? 'value');
  if (typeof raw === 'number') {
    const fix = `${key}: ${nearestAllowed(shape, raw)}`;
    return wrongValue(`${key}: ${shortValue(raw)} is not possible`, `it needs ${shape.words}`, path, fix);
  }
  if (raw === null) return wrongSort(shape.words, raw, path, `${key}: ${exampleOf(shape)}`);
  if (typeof raw !== 'string') return wrongSort(shape.words, raw, path);
  const meant = Number(raw.replace(',', '.').replace(/[^\d.+-]+$/, ''));
  const fix = Number.isFinite(meant) && raw.trim() !== '' ? `${key}: ${meant}` : undefined;
  return { ...wrongSort(shape.words, raw, path, fix), suggestion: 'write the number alone' };
}

function nearestAllowed({ type, minimum, maximum }: Shape, value: number): number {
  const whole = type === 'integer' ? Math.round(value) : value;
  const finite = Number.isFinite(whole) ? whole : (minimum ?? 0);
  return Math.min(Math.max(finite, minimum ?? finite), maximum ?? finite);
}

function notAnOption(options: readonly unknown[], raw: unknown, path: Path): PathProblem {
  const words = options.map(String);
  const near = typeof raw === 'string' ? nearest(raw, words) : undefined;
  const fix = near === undefined ? undefined : `${String(path.at(-1))}: ${near}`;
  const possible = `possible: ${listed(words)}`;
  const suggestion = near === undefined ? possible : `did you mean ${near}? Possible: ${listed(words)}`;
  return wrongValue(`${shortValue(raw)} is not one of the words possible here`, suggestion, path, fix);
}
