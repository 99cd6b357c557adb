import type { TSchema } from 'typebox';
import type { CheckContext } from './check-context.ts';
import { checkField } from './check-field.ts';
import { checkGuards } from './check-guards.ts';
import { nameProblem } from './check-node.ts';
import { checkPlace } from './check-place.ts';
import { checkPoints } from './check-points.ts';
import { checkPublish } from './check-publish.ts';
import { checkUses, type Use } from './check-uses.ts';
import { deviceKeyProblem } from './device-keys.ts';
import { joinedMaps, wrongSort } from './field-problems.ts';
import { factsOf } from './field-shape.ts';
import { objectOf } from './fields.ts';
import { GUARD_KEYS } from './guard-fields.ts';
import type { KindFacts } from './kind-facts.ts';
import { isName, nameFrom } from './names.ts';
import { listed, nearest } from './near.ts';
import type { Path, PathProblem } from './path-problem.ts';
import type { PointSpec } from './point.ts';
import type { DeviceText } from './scheme.ts';
import { isRecord, shortValue, yamlValue } from './yaml-value.ts';

/** Keys that every device may have; the others are options of its kind. */
export const DEVICE_KEYS: readonly string[] = ['at', 'kind', 'points', 'publish'];

/** All devices, with what could be read of each; the problems are in the context. */
export function checkDevices(raw: unknown, context: CheckContext): Readonly<Record<string, DeviceText>> {
  if (!isRecord(raw)) return {};
  const devices = Object.entries(raw).map(([name, value]) => [name, checkDevice(name, value, context)] as const);
  const uses: Use[] = devices.flatMap(([device, { at, kind }]) => (at === undefined ? [] : [{ device, kind, at }]));
  context.problems.push(...checkUses(uses));
  return Object.fromEntries(devices);
}

const EMPTY: DeviceText = { options: {}, points: {} };

function checkDevice(name: string, raw: unknown, context: CheckContext): DeviceText {
  const path: Path = ['devices', name];
  if (!isName(name)) {
    const right = nameFrom(name, 'device');
    context.problems.push({ path, onKey: true, ...nameProblem(name, 'device'), fix: `${right}:` });
  }
  if (typeof raw === 'string') return { ...EMPTY, ...checkKind(raw, path, name, context) };
  if (!isRecord(raw)) {
    context.problems.push(wrongSort('a kind or a map', raw, path, deviceFix(name, raw)));
    return EMPTY;
  }
  return checkLong(name, raw, context);
}

function deviceFix(name: string, raw: unknown): string | undefined {
  const joined = joinedMaps(raw);
  if (joined !== undefined) return `${name}: ${joined}`;
  return Array.isArray(raw) && raw.length === 1 && typeof raw[0] === 'string' ? `${name}: ${raw[0]}` : undefined;
}

function checkLong(name: string, raw: Readonly<Record<string, unknown>>, context: CheckContext): DeviceText {
  const path: Path = ['devices', name];
  const kind = 'kind' in raw ? checkKind(raw.kind, [...path, 'kind'], 'kind', context) : {};
  const facts = kind.kind === undefined ? undefined : context.kinds.get(kind.kind);
  const at = raw.at === undefined ? undefined : checkPlace(raw.at, [...path, 'at'], context.problems);
  const points = checkPoints(raw.points, { path, name, facts }, context);
  const publish = checkPublish(raw.publish, [...path, 'publish'], context);
  const guardKeys = guardKeysOf(facts);
  const guards = checkGuards(raw, guardKeys, { path, specs: specsOf(facts, raw) }, context);
  const options = Object.fromEntries(
    Object.entries(raw).filter(([key]) => !DEVICE_KEYS.includes(key) && !guardKeys.includes(key)),
  );
  if (facts !== undefined) checkOptions(facts, options, path, context);
  else if (!('kind' in raw)) checkTuning(raw, path, context);
  return {
    ...kind,
    ...(at === undefined ? {} : { at }),
    options,
    points,
    ...(publish === undefined ? {} : { publish }),
    ...(guards === undefined ? {} : { guards }),
  };
}

/** A key that the kind has itself is its own; such a guard is written at the point. */
function guardKeysOf(facts: KindFacts | undefined): readonly string[] {
  return GUARD_KEYS.filter((key) => facts === undefined || !Object.hasOwn(facts.options, key));
}

function specsOf(
  facts: KindFacts | undefined,
  options: Readonly<Record<string, unknown>> = {},
): readonly PointSpec[] | undefined {
  const points = facts?.points === 'found' ? facts.pointsOf?.(options) : facts?.points;
  return points === undefined ? undefined : Object.values(points);
}

function checkKind(raw: unknown, path: Path, key: string, { kinds, problems }: CheckContext): { kind?: string } {
  if (typeof raw !== 'string') {
    problems.push(wrongSort('the name of a driver', raw, path));
    return {};
  }
  if (kinds.has(raw)) return { kind: raw };
  const known = [...kinds.keys()].toSorted();
  const near = nearest(raw, known);
  const advice =
    near === undefined
      ? { suggestion: `this version has drivers for ${listed(known)}`, fix: 'hanbus scan' }
      : { suggestion: `did you mean ${near}?`, fix: `${key}: ${near}` };
  problems.push({ path, code: 'HB233', message: `there is no kind of device "${shortValue(raw)}"`, ...advice });
  return {};
}

/** Options of the kind. A place may be left out: the harvest fills it in when one device fits. */
function checkOptions(
  facts: KindFacts,
  raw: Readonly<Record<string, unknown>>,
  path: Path,
  context: CheckContext,
): void {
  const fields = Object.fromEntries(Object.entries(facts.options).filter(([key]) => !DEVICE_KEYS.includes(key)));
  const known = Object.keys(fields);
  const right: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(raw)) {
    if (known.includes(key)) right[key] = value;
    else
      context.problems.push(
        deviceKeyProblem(key, value, path, { kind: facts.kind, keys: [...keysOf(facts), ...known] }),
      );
  }
  const mayMiss = (schema: TSchema) => factsOf(schema).place === true;
  const found: PathProblem[] = [];
  checkField(objectOf(fields), right, path, { problems: found, mayMiss });
  context.problems.push(...found.map((problem) => withExample(problem, facts)));
}

/** Keys beside the options; limits only where there is something to limit. */
function keysOf(facts: KindFacts): readonly string[] {
  const isOutput = specsOf(facts)?.some(({ settable }) => settable === true) ?? true;
  return isOutput ? [...DEVICE_KEYS, ...GUARD_KEYS] : DEVICE_KEYS;
}

/** What to write for a missing option, from the example of the kind. */
function withExample(problem: PathProblem, { example }: KindFacts): PathProblem {
  const key = /^"(\w+)" is missing/.exec(problem.message)?.[1];
  const value = key === undefined || problem.code !== 'HB207' ? undefined : example[key];
  return key === undefined || value === undefined ? problem : { ...problem, fix: `${key}: ${yamlValue(value)}` };
}

/** The kind whose example is at this place, or at one like it. */
function kindAt(at: unknown, { kinds }: CheckContext): string | undefined {
  const text = typeof at === 'string' ? at : '';
  const examples = [...kinds.values()].map(
    ({ kind, example }) => [kind, typeof example.at === 'string' ? example.at : ''] as const,
  );
  const bus = /^[^:\d]+/.exec(text)?.[0] ?? text;
  const same = examples.find(([, place]) => place === text) ?? examples.find(([, place]) => place.startsWith(bus));
  return same?.[0];
}

/** An entry without a kind tunes a device that the harvest finds; options would need to know the kind. */
function checkTuning(raw: Readonly<Record<string, unknown>>, path: Path, context: CheckContext): void {
  const strange = Object.keys(raw).filter((key) => !DEVICE_KEYS.includes(key) && !GUARD_KEYS.includes(key));
  const renamed = strange.find((key) => nearest(key, ['kind']) === 'kind');
  for (const key of strange) {
    if (renamed === undefined || key === renamed) {
      context.problems.push(deviceKeyProblem(key, raw[key], path, { keys: DEVICE_KEYS }));
    }
  }
  if (!('at' in raw) || renamed !== undefined) return;
  const name = String(path.at(-1));
  context.problems.push({
    path,
    onKey: true,
    code: 'HB207',
    message: `"kind" is missing in devices.${name}`,
    suggestion: 'a device with a place needs its kind; without both, the entry tunes a found device',
    fix: `kind: ${kindAt(raw.at, context) ?? 'board'}`,
  });
}
