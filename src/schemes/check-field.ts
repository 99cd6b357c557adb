import type { TSchema } from 'typebox';
import { Check } from 'typebox/schema';
import { decodeQuantity } from './check-quantity.ts';
import { factsOf, isFlag, memberOf, type Shape, shapeOf } from './field-shape.ts';
import { listed, nearest } from './near.ts';
import type { Path, PathProblem } from './path-problem.ts';
import { isRecord, pairText, shortValue, sortOf, yamlValue } from './yaml-value.ts';

/** What a check adds to. */
export interface Findings {
  readonly problems: PathProblem[];
  /** Required keys that may be missing, because the harvest fills them in. */
  readonly mayMiss?: (schema: TSchema) => boolean;
}

/**
 * Checks a value against a field and decodes it: defaults filled in, durations as ms, on/off as booleans.
 * TypeBox judges single values; maps and lists are walked here, so that each problem has its own path and words.
 */
export function checkField(schema: TSchema, raw: unknown, path: Path, findings: Findings): unknown {
  const shape = shapeOf(schema);
  const { quantity, secret } = factsOf(schema);
  if (secret === true) return checkSecret(raw, path, findings);
  if (quantity !== undefined) return decodeQuantity(quantity, raw, path, findings.problems);
  if (isFlag(shape)) return checkFlag(raw, path, findings);
  if (shape.type === 'object') return checkMap(shape, raw, path, findings);
  if (shape.type === 'array' && shape.items !== undefined) return checkList(shape.items, raw, path, findings);
  if (!Check(schema, raw)) findings.problems.push(leafProblem(shape, raw, path));
  return raw;
}

function checkMap(shape: Shape, raw: unknown, path: Path, findings: Findings): unknown {
  if (!isRecord(raw)) {
    findings.problems.push(wrongSort('a map (name: value)', raw, path, mapFix(shape, raw, path)));
    return raw;
  }
  const decoded: Record<string, unknown> = {};
  const known = Object.keys(shape.properties ?? {});
  for (const [key, value] of Object.entries(raw)) {
    const member = memberOf(shape, key);
    if (member !== undefined) decoded[key] = checkField(member, value, [...path, key], findings);
    else if (shape.additionalProperties === false)
      findings.problems.push(unknownKey(key, known, [...path, key], value));
    else decoded[key] = value;
  }
  const meant = new Set(Object.keys(raw).map((key) => nearest(key, known)));
  for (const key of known) {
    if (key in raw) continue;
    const member = memberOf(shape, key);
    if (member === undefined) continue;
    if ('default' in member) decoded[key] = checkField(member, member.default, [...path, key], { problems: [] });
    else if (shape.required?.includes(key) === true && findings.mayMiss?.(member) !== true && !meant.has(key)) {
      findings.problems.push(missingKey(key, member, path));
    }
  }
  return decoded;
}

function checkList(items: TSchema, raw: unknown, path: Path, findings: Findings): unknown {
  if (Array.isArray(raw)) return raw.map((item, index) => checkField(items, item, [...path, index], findings));
  const key = String(path.at(-1) ?? 'value');
  const single = isRecord(raw) || raw === null || raw === undefined ? undefined : `${key}: [${yamlValue(raw)}]`;
  findings.problems.push(wrongSort('a list', raw, path, single));
  return raw;
}

const FLAG_WORDS: Readonly<Record<string, boolean>> = { on: true, yes: true, off: false, no: false };

function checkFlag(raw: unknown, path: Path, findings: Findings): unknown {
  if (typeof raw === 'boolean') return raw;
  const word = typeof raw === 'string' ? FLAG_WORDS[raw] : undefined;
  if (word !== undefined) return word;
  const lower = String(raw).toLowerCase();
  const meant = FLAG_WORDS[lower] ?? { 1: true, 0: false, y: true, n: false, true: true, false: false }[lower];
  const fix = meant === undefined ? undefined : `${String(path.at(-1))}: ${meant ? 'on' : 'off'}`;
  findings.problems.push(wrongValue(`${shortValue(raw)} is not on or off`, 'write on or off', path, fix));
  return raw;
}

function checkSecret(raw: unknown, path: Path, findings: Findings): unknown {
  if (typeof raw === 'string' && /^\$[A-Z][A-Z0-9_]*$/.test(raw)) return raw;
  findings.problems.push(plainSecret(path));
  return raw;
}

/** A secret written out; its value is not repeated anywhere. */
export function plainSecret(path: Path): PathProblem {
  const key = String(path.at(-1));
  const name = path
    .filter((part) => !['devices', 'bridges', 'services', 'broker'].includes(String(part)))
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
    message: `unknown key "${key}"${parent.length === 0 ? '' : ` in ${parent.join('.')}`}`,
    suggestion: near === undefined ? `possible here: ${listed(known)}` : `did you mean "${near}"?`,
    ...(near === undefined ? {} : { fix: pairText(near, value) }),
  };
}

function missingKey(key: string, member: TSchema, path: Path): PathProblem {
  return {
    path,
    onKey: true,
    code: 'HB207',
    message: `"${key}" is missing in ${path.length === 0 ? 'the options' : path.join('.')}`,
    suggestion: `it needs ${shapeOf(member).words}`,
    fix: `${key}: ${exampleOf(member)}`,
  };
}

function exampleOf(member: TSchema): string {
  const { examples, words, type, minimum } = { ...shapeOf(member) };
  const options = shapeOf(member).options;
  if (examples?.[0] !== undefined) return yamlValue(examples[0]);
  if (options?.[0] !== undefined) return yamlValue(options[0]);
  if (type === 'number' || type === 'integer') return String(minimum ?? 1);
  return `<${words}>`;
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

function wrongValue(message: string, suggestion: string, path: Path, fix?: string): PathProblem {
  return { path, code: 'HB206', message, suggestion, ...(fix === undefined ? {} : { fix }) };
}

/** A list of one-key maps, the most usual slip, turned into the map that was meant. */
function mapFix(shape: Shape, raw: unknown, path: Path): string | undefined {
  const key = String(path.at(-1) ?? '');
  if (Array.isArray(raw) && raw.length > 0 && raw.every(isRecord)) {
    return `${key}: ${yamlValue(Object.assign({}, ...raw))}`;
  }
  const only = shape.required?.length === 1 ? shape.required[0] : undefined;
  return only !== undefined && typeof raw === 'string' ? `${key}: {${only}: ${yamlValue(raw)}}` : undefined;
}

function leafProblem(shape: Shape, raw: unknown, path: Path): PathProblem {
  const key = String(path.at(-1) ?? 'value');
  if (shape.options !== undefined) return notAnOption(shape.options, raw, path);
  const isNumber = shape.type === 'number' || shape.type === 'integer';
  if (isNumber && typeof raw === 'string') {
    const meant = Number(raw.replace(',', '.').replace(/[^\d.+-]+$/, ''));
    const fix = Number.isFinite(meant) && raw.trim() !== '' ? `${key}: ${meant}` : undefined;
    return { ...wrongSort(shape.words, raw, path, fix), suggestion: 'write the number alone' };
  }
  if (shape.type === 'string' && typeof raw !== 'string') {
    const fix = isRecord(raw) || Array.isArray(raw) || raw === null ? undefined : `${key}: "${yamlValue(raw)}"`;
    return {
      ...wrongSort(shape.words, raw, path, fix),
      ...(fix === undefined ? {} : { suggestion: 'put it in quotes' }),
    };
  }
  if (isNumber && typeof raw !== 'number') return wrongSort(shape.words, raw, path);
  const fix = isNumber ? `${key}: ${nearestAllowed(shape, Number(raw))}` : undefined;
  return wrongValue(`${key}: ${shortValue(raw)} is not possible`, `it needs ${shape.words}`, path, fix);
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
  const suggestion =
    near === undefined ? `possible: ${listed(words)}` : `did you mean ${near}? Possible: ${listed(words)}`;
  return wrongValue(`${shortValue(raw)} is not one of the words possible here`, suggestion, path, fix);
}
