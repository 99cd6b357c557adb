import type { CheckContext } from './check-context.ts';
import { unknownKey, wrongSort } from './field-problems.ts';
import { isName, nameFrom, RESERVED_NODE_NAMES } from './names.ts';
import type { Path } from './path-problem.ts';
import type { Scheme } from './scheme.ts';
import { isRecord, shortValue, yamlValue } from './yaml-value.ts';

const KEYS: readonly string[] = ['area', 'location', 'name'];

/** `node: kitchen` or `node: {name, area, location}`. */
export function checkNode(raw: unknown, context: CheckContext): Scheme['node'] {
  if (raw === undefined) return {};
  if (!isRecord(raw)) return checkNodeName(raw, ['node'], 'node', context) ? { name: raw } : {};
  return checkLong(raw, context);
}

function checkLong(raw: Readonly<Record<string, unknown>>, context: CheckContext): Scheme['node'] {
  for (const key of Object.keys(raw)) {
    if (!KEYS.includes(key)) context.problems.push(unknownKey(key, KEYS, ['node', key], raw[key]));
  }
  const { name, area, location } = raw;
  const place = location === undefined ? undefined : checkLocation(location, context);
  return {
    ...(name !== undefined && checkNodeName(name, ['node', 'name'], 'name', context) ? { name } : {}),
    ...(area !== undefined && checkArea(area, context) ? { area } : {}),
    ...(place === undefined ? {} : { location: place }),
  };
}

function checkNodeName(raw: unknown, path: Path, key: string, { problems }: CheckContext): raw is string {
  if (typeof raw !== 'string') {
    const fix = typeof raw === 'number' ? `${key}: ${nameFrom(String(raw), 'node')}` : `${key}: kitchen`;
    problems.push(wrongSort('a name', raw, path, fix));
    return false;
  }
  if (!isName(raw)) {
    problems.push({ path, ...nameProblem(raw, 'node'), fix: `${key}: ${nameFrom(raw, 'node')}` });
    return false;
  }
  if (RESERVED_NODE_NAMES.includes(raw)) {
    const message = `"${raw}" means something else in topics and cannot be the name of a node`;
    const fix = `${key}: ${raw}_node`;
    problems.push({ path, code: 'HB231', message, suggestion: 'name the room or the board', fix });
    return false;
  }
  return true;
}

/** Why a name cannot be used, with the nearest that can. */
export function nameProblem(name: string, fallback: string) {
  return {
    code: 'HB230',
    message: `the name "${shortValue(name).replaceAll('"', '')}" cannot be used: ${whyNot(name)}`,
    suggestion: `did you mean "${nameFrom(name, fallback)}"?`,
  };
}

function whyNot(name: string): string {
  if (name.length > 32 && isName(name.slice(0, 32))) return 'it has more than 32 characters';
  if (/^[^a-z]/.test(name) && isName(`a${name}`)) return 'it must start with a small letter';
  return 'only small letters, digits and _ go into a topic';
}

function checkArea(raw: unknown, { problems }: CheckContext): raw is string {
  if (typeof raw === 'string' && raw !== '') return true;
  const fix = typeof raw === 'number' ? `area: "${raw}"` : 'area: Kitchen';
  problems.push(wrongSort('text', raw, ['node', 'area'], fix));
  return false;
}

function checkLocation(raw: unknown, { problems }: CheckContext): readonly [number, number] | undefined {
  const path = ['node', 'location'];
  const pair: readonly unknown[] = Array.isArray(raw) ? raw : [];
  const [latitude, longitude] = pair;
  if (pair.length !== 2 || typeof latitude !== 'number' || typeof longitude !== 'number') {
    problems.push(wrongSort('a list of latitude and longitude', raw, path, locationFix(raw)));
    return undefined;
  }
  if (Math.abs(latitude) <= 90 && Math.abs(longitude) <= 180) return [latitude, longitude];
  const message = `location: ${yamlValue(raw)} is no place on earth`;
  const swapped = Math.abs(longitude) <= 90 && Math.abs(latitude) <= 180;
  const fix = swapped ? { fix: `location: [${longitude}, ${latitude}]` } : {};
  const suggestion = 'latitude comes first (-90 to 90), then longitude (-180 to 180)';
  problems.push({ path, code: 'HB206', message, suggestion, ...fix });
  return undefined;
}

function locationFix(raw: unknown): string {
  const numbers = isRecord(raw) ? [raw.latitude ?? raw.lat, raw.longitude ?? raw.lon ?? raw.lng] : [];
  const [latitude, longitude] = typeof raw === 'string' ? raw.split(/[\s,]+/).map(Number) : numbers.map(Number);
  const isPair = Number.isFinite(latitude) && Number.isFinite(longitude);
  return isPair ? `location: [${latitude}, ${longitude}]` : 'location: [52.1, 5.1]';
}
