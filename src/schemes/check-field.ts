import type { TSchema } from 'typebox';
import { Check } from 'typebox/schema';
import { decodeDuration } from './check-duration.ts';
import { leafProblem, mapFix, missingKey, plainSecret, unknownKey, wrongSort, wrongValue } from './field-problems.ts';
import { factsOf, isFlag, memberOf, type Shape, shapeOf } from './field-shape.ts';
import { nearest } from './near.ts';
import type { Path, PathProblem } from './path-problem.ts';
import { isRecord, shortValue, yamlValue } from './yaml-value.ts';

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
  if (quantity === 'duration') return decodeDuration(raw, path, findings.problems);
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
  const known = Object.keys(shape.properties ?? {});
  const written = Object.entries(raw).map(([key, value]) => {
    const member = memberOf(shape, key);
    if (member !== undefined) return [key, checkField(member, value, [...path, key], findings)] as const;
    if (shape.additionalProperties === false) findings.problems.push(unknownKey(key, known, [...path, key], value));
    return [key, value] as const;
  });
  return Object.fromEntries([...missingOf(shape, raw, path, findings), ...written]);
}

/** Defaults of the keys that are not written; those without a default are a problem. */
function missingOf(shape: Shape, raw: Readonly<Record<string, unknown>>, path: Path, findings: Findings) {
  const known = Object.keys(shape.properties ?? {});
  // A key that was only misspelt is not missing as well.
  const meant = new Set(Object.keys(raw).map((key) => nearest(key, known)));
  const defaults: [string, unknown][] = [];
  for (const [key, member] of Object.entries(shape.properties ?? {})) {
    if (Object.hasOwn(raw, key)) continue;
    if ('default' in member) defaults.push([key, checkField(member, member.default, [...path, key], { problems: [] })]);
    else if (isMissing(key, member, shape, findings) && !meant.has(key)) {
      findings.problems.push(missingKey(key, member, path));
    }
  }
  return defaults;
}

function isMissing(key: string, member: TSchema, { required }: Shape, { mayMiss }: Findings): boolean {
  return required?.includes(key) === true && mayMiss?.(member) !== true;
}

function checkList(items: TSchema, raw: unknown, path: Path, findings: Findings): unknown {
  if (Array.isArray(raw)) return raw.map((item, index) => checkField(items, item, [...path, index], findings));
  const key = String(path.at(-1) ?? 'value');
  const single = isRecord(raw) || raw === null || raw === undefined ? undefined : `${key}: [${yamlValue(raw)}]`;
  findings.problems.push(wrongSort('a list', raw, path, single));
  return raw;
}

const FLAG_WORDS: ReadonlyMap<unknown, boolean> = new Map([
  ['on', true],
  ['yes', true],
  ['off', false],
  ['no', false],
]);
/** What people write elsewhere. */
const FLAG_HABITS: ReadonlyMap<string, boolean> = new Map([
  ['1', true],
  ['y', true],
  ['true', true],
  ['0', false],
  ['n', false],
  ['false', false],
]);

function checkFlag(raw: unknown, path: Path, findings: Findings): unknown {
  if (typeof raw === 'boolean') return raw;
  const word = FLAG_WORDS.get(raw);
  if (word !== undefined) return word;
  const lower = shortValue(raw).toLowerCase().replaceAll('"', '');
  const meant = FLAG_WORDS.get(lower) ?? FLAG_HABITS.get(lower);
  const fix = meant === undefined ? undefined : `${String(path.at(-1))}: ${meant ? 'on' : 'off'}`;
  findings.problems.push(wrongValue(`${shortValue(raw)} is not on or off`, 'write on or off', path, fix));
  return raw;
}

function checkSecret(raw: unknown, path: Path, findings: Findings): unknown {
  if (typeof raw === 'string' && /^\$[A-Z][A-Z0-9_]*$/.test(raw)) return raw;
  findings.problems.push(plainSecret(path));
  return raw;
}
