import type { CheckContext } from './check-context.ts';
import { nameProblem } from './check-node.ts';
import { checkPublish } from './check-publish.ts';
import { checkScale } from './check-scale.ts';
import { joinedMaps, unknownKey, wrongSort } from './field-problems.ts';
import type { KindFacts } from './kind-facts.ts';
import { isName, nameFrom } from './names.ts';
import { article, listed, nearest } from './near.ts';
import type { Path, PathProblem } from './path-problem.ts';
import type { PointPlan } from './plan.ts';
import type { PointSpec } from './point.ts';
import { parsePolicy } from './policy-parse.ts';
import { dimensionOf, nearestUnit, unitOf } from './units.ts';
import { isRecord, pairText, yamlValue } from './yaml-value.ts';

export interface DeviceOf {
  readonly path: Path;
  readonly name: string;
  /** Facts of its kind; undefined when the kind is not known. */
  readonly facts: KindFacts | undefined;
}

const POINT_KEYS: readonly string[] = ['about', 'filter', 'name', 'publish', 'round', 'scale', 'unit'];

/** `points:` of a device: what a person says about each. */
export function checkPoints(
  raw: unknown,
  device: DeviceOf,
  context: CheckContext,
): Readonly<Record<string, PointPlan>> {
  if (raw === undefined || raw === null) return {};
  const path = [...device.path, 'points'];
  if (!isRecord(raw)) {
    context.problems.push(wrongSort('a map (point: what about it)', raw, path, pointsFix(raw)));
    return {};
  }
  const specs = device.facts === undefined || device.facts.points === 'found' ? undefined : device.facts.points;
  const plans = Object.entries(raw).map(([name, value]) => {
    const problem = pointNameProblem(name, value, { ...device, path }, specs);
    if (problem !== undefined) context.problems.push(problem);
    return [name, problem === undefined ? checkPoint(value, [...path, name], specs?.[name], context) : {}] as const;
  });
  checkSameNames(plans, Object.keys(specs ?? {}), path, context);
  return Object.fromEntries(plans);
}

function pointsFix(raw: unknown): string | undefined {
  const joined = joinedMaps(raw);
  return joined === undefined ? undefined : `points: ${joined}`;
}

function pointNameProblem(
  name: string,
  value: unknown,
  { path, facts }: DeviceOf,
  specs: Readonly<Record<string, PointSpec>> | undefined,
): PathProblem | undefined {
  if (specs === undefined) {
    if (isName(name)) return undefined;
    return { path: [...path, name], onKey: true, ...nameProblem(name, 'point'), fix: `${nameFrom(name, 'point')}:` };
  }
  if (Object.hasOwn(specs, name)) return undefined;
  const known = Object.keys(specs);
  const problem = {
    path: [...path, name],
    onKey: true,
    code: 'HB204',
    message: `unknown key "${name}" in ${path.join('.')}`,
  };
  const owner = `the points of ${article(facts?.kind ?? 'device')} are ${listed(known)}`;
  if (typeof value === 'string' && known.includes(value)) {
    return { ...problem, suggestion: owner, fix: `points: {${value}: {name: ${nameFrom(name, 'point')}}}` };
  }
  const near = nearest(name, known);
  if (near === undefined) return { ...problem, suggestion: owner };
  return { ...problem, suggestion: `did you mean "${near}"? ${capital(owner)}`, fix: pairText(near, value) };
}

function capital(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}`;
}

function checkPoint(raw: unknown, path: Path, spec: PointSpec | undefined, context: CheckContext): PointPlan {
  const { problems } = context;
  if (!isRecord(raw)) {
    const fix = typeof raw === 'string' ? `${String(path.at(-1))}: {name: ${nameFrom(raw, 'point')}}` : undefined;
    problems.push(wrongSort('a map', raw, path, fix));
    return {};
  }
  for (const key of Object.keys(raw)) {
    if (!POINT_KEYS.includes(key)) problems.push(pointKeyProblem(key, raw[key], path));
  }
  const { name, unit, scale, about } = raw;
  const pairs = scale === undefined ? undefined : checkScale(scale, [...path, 'scale'], problems);
  const shown =
    unit === undefined ? undefined : checkUnit(unit, path, { spec, isScaled: scale !== undefined }, problems);
  const publish = pointPolicy(raw, path, context, pairs === undefined ? spec : undefined);
  return {
    ...(name !== undefined && checkPointName(name, path, problems) ? { name } : {}),
    ...(shown === undefined ? {} : { unit: shown }),
    ...(pairs === undefined ? {} : { scale: pairs }),
    ...(about !== undefined && checkAbout(about, path, problems) ? { about } : {}),
    ...(publish === undefined ? {} : { publish }),
  };
}

function pointKeyProblem(key: string, value: unknown, path: Path): PathProblem {
  const problem = unknownKey(key, POINT_KEYS, [...path, key], value);
  if (problem.fix !== undefined) return problem;
  const policy = parsePolicy({ [key]: value }).problems.some(({ code, onKey }) => code === 'HB204' && onKey === true);
  if (policy) return problem;
  return { ...problem, suggestion: `"${key}" goes under publish`, fix: `publish: {${key}: ${yamlValue(value)}}` };
}

/** `filter` and `round` may stand beside `publish` as well as in it. */
function pointPolicy(
  raw: Readonly<Record<string, unknown>>,
  path: Path,
  context: CheckContext,
  spec: PointSpec | undefined,
) {
  const beside = Object.fromEntries(['filter', 'round'].flatMap((key) => (key in raw ? [[key, raw[key]]] : [])));
  checkPublish(beside, path, context, spec);
  const publish = checkPublish(raw.publish, [...path, 'publish'], context, spec);
  const both = { ...publish, ...beside };
  return Object.keys(both).length === 0 ? undefined : both;
}

function checkPointName(raw: unknown, path: Path, problems: PathProblem[]): raw is string {
  if (typeof raw === 'string' && isName(raw)) return true;
  const text = String(raw);
  const problem = typeof raw === 'string' ? nameProblem(text, 'point') : wrongSort('a name', raw, path);
  problems.push({ ...problem, path: [...path, 'name'], fix: `name: ${nameFrom(text, 'point')}` });
  return false;
}

function checkAbout(raw: unknown, path: Path, problems: PathProblem[]): raw is string {
  if (typeof raw === 'string') return true;
  problems.push(wrongSort('text', raw, [...path, 'about'], `about: "${yamlValue(raw)}"`));
  return false;
}

interface UnitOf {
  readonly spec: PointSpec | undefined;
  readonly isScaled: boolean;
}

function checkUnit(raw: unknown, path: Path, { spec, isScaled }: UnitOf, problems: PathProblem[]): string | undefined {
  const at = [...path, 'unit'];
  if (typeof raw !== 'string' || raw === '') {
    problems.push(wrongSort('a unit', raw, at, raw === null ? 'unit: "%"' : undefined));
    return undefined;
  }
  const house = unitOf(raw);
  if (house === undefined) {
    if (isScaled) return raw;
    const near = nearestUnit(raw);
    const advice = near === undefined ? {} : { suggestion: `did you mean ${near}?`, fix: `unit: ${yamlValue(near)}` };
    problems.push({ path: at, code: 'HB211', message: `"${raw}" is not a unit`, ...advice });
    return undefined;
  }
  const from = spec?.unit;
  if (isScaled || from === undefined || dimensionOf(from) === dimensionOf(house)) return house;
  const message = `${String(path.at(-1))} is measured in ${from}, which cannot be shown in ${house}`;
  problems.push({
    path: at,
    code: 'HB211',
    message,
    suggestion: `use ${from} or a unit of the same sort`,
    fix: `unit: ${yamlValue(from)}`,
  });
  return undefined;
}

/** No two points of a device may publish on one topic. */
function checkSameNames(
  plans: readonly (readonly [string, PointPlan])[],
  known: readonly string[],
  path: Path,
  { problems }: CheckContext,
): void {
  const renamed = new Set(plans.flatMap(([own, { name }]) => (name === undefined ? [] : [own])));
  const taken = new Map(known.filter((own) => !renamed.has(own)).map((own) => [own, own]));
  for (const [own, { name }] of plans) {
    const shown = name ?? own;
    const other = taken.get(shown);
    if (name !== undefined && other !== undefined && other !== own) {
      const message = `"${shown}" is already the name of ${other}`;
      const fix = `name: ${shown}_2`;
      problems.push({
        path: [...path, own, 'name'],
        code: 'HB234',
        message,
        suggestion: 'give one of them another name',
        fix,
      });
    }
    taken.set(shown, own);
  }
}
