import type { CheckContext } from './check-context.ts';
import { checkGuards } from './check-guards.ts';
import { nameProblem } from './check-node.ts';
import { checkPublish } from './check-publish.ts';
import { checkScale } from './check-scale.ts';
import { unknownKey, wrongSort } from './field-problems.ts';
import { GUARD_KEYS } from './guard-fields.ts';
import { isName, nameFrom } from './names.ts';
import type { Path, PathProblem } from './path-problem.ts';
import type { PointPlan } from './plan.ts';
import type { PointSpec } from './point.ts';
import { parsePolicy } from './policy-parse.ts';
import { dimensionOf, nearestUnit, unitOf } from './units.ts';
import { isRecord, shortValue, yamlValue } from './yaml-value.ts';

type Raw = Readonly<Record<string, unknown>>;

const KEYS: readonly string[] = ['about', 'filter', 'name', 'publish', 'round', 'scale', 'unit'];

/** One entry under `points:`. `spec` is what the kind says about it, where that is known. */
export function checkPoint(raw: unknown, path: Path, spec: PointSpec | undefined, context: CheckContext): PointPlan {
  const { problems } = context;
  if (!isRecord(raw)) {
    const fix = typeof raw === 'string' ? `${String(path.at(-1))}: {name: ${nameFrom(raw, 'point')}}` : undefined;
    problems.push(wrongSort('a map', raw, path, fix));
    return {};
  }
  const guards = checkGuards(raw, GUARD_KEYS, { path, specs: spec === undefined ? undefined : [spec] }, context);
  for (const key of strangeKeys(raw)) problems.push(pointKeyProblem(key, raw[key], path));
  const scale = raw.scale === undefined ? undefined : checkScale(raw.scale, [...path, 'scale'], problems);
  // Behind a scale the value is something else than what the kind measures.
  const measured = raw.scale === undefined ? spec : undefined;
  const publish = pointPolicy(raw, path, context, measured);
  return {
    ...checkWords(raw, path, problems),
    ...shownUnit(raw, path, measured, problems),
    ...(scale === undefined ? {} : { scale }),
    ...(publish === undefined ? {} : { publish }),
    ...(guards === undefined ? {} : { guards }),
  };
}

function strangeKeys(raw: Raw): readonly string[] {
  return Object.keys(raw).filter((key) => !KEYS.includes(key) && !GUARD_KEYS.includes(key));
}

function checkWords({ name, about }: Raw, path: Path, problems: PathProblem[]): Pick<PointPlan, 'name' | 'about'> {
  return {
    ...(name !== undefined && checkPointName(name, path, problems) ? { name } : {}),
    ...(about !== undefined && checkAbout(about, path, problems) ? { about } : {}),
  };
}

function shownUnit({ unit, scale }: Raw, path: Path, spec: PointSpec | undefined, problems: PathProblem[]) {
  if (unit === undefined) return {};
  const at = [...path, 'unit'];
  if (typeof unit !== 'string' || unit === '') {
    problems.push(wrongSort('a unit', unit, at, `unit: ${yamlValue(spec?.unit ?? '%')}`));
    return {};
  }
  const shown = scale === undefined ? checkUnit(unit, at, spec, problems) : (unitOf(unit) ?? unit);
  return shown === undefined ? {} : { unit: shown };
}

function checkUnit(raw: string, at: Path, spec: PointSpec | undefined, problems: PathProblem[]): string | undefined {
  const house = unitOf(raw);
  if (house === undefined) {
    const near = nearestUnit(raw);
    const advice = near === undefined ? {} : { suggestion: `did you mean ${near}?`, fix: `unit: ${yamlValue(near)}` };
    problems.push({ path: at, code: 'HB211', message: `"${raw}" is not a unit`, ...advice });
    return undefined;
  }
  const from = spec?.unit;
  if (from === undefined || dimensionOf(from) === dimensionOf(house)) return house;
  const message = `${String(at.at(-2))} is measured in ${from}, which cannot be shown in ${house}`;
  problems.push({
    path: at,
    code: 'HB211',
    message,
    suggestion: `use ${from} or a unit of the same sort`,
    fix: `unit: ${yamlValue(from)}`,
  });
  return undefined;
}

function pointKeyProblem(key: string, value: unknown, path: Path): PathProblem {
  const problem = unknownKey(key, KEYS, [...path, key], value);
  if (problem.fix !== undefined) return problem;
  const policy = parsePolicy({ [key]: value }).problems.some(({ code, onKey }) => code === 'HB204' && onKey === true);
  if (policy) return problem;
  return { ...problem, suggestion: `"${key}" goes under publish`, fix: `publish: {${key}: ${yamlValue(value)}}` };
}

/** `filter` and `round` may stand beside `publish` as well as in it. */
function pointPolicy(raw: Raw, path: Path, context: CheckContext, spec: PointSpec | undefined) {
  const beside = Object.fromEntries(['filter', 'round'].flatMap((key) => (key in raw ? [[key, raw[key]]] : [])));
  checkPublish(beside, path, context, spec);
  const publish = checkPublish(raw.publish, [...path, 'publish'], context, spec);
  const both = { ...publish, ...beside };
  return Object.keys(both).length === 0 ? undefined : both;
}

function checkPointName(raw: unknown, path: Path, problems: PathProblem[]): raw is string {
  if (typeof raw === 'string' && isName(raw)) return true;
  const text = shortValue(raw);
  const problem = typeof raw === 'string' ? nameProblem(text, 'point') : wrongSort('a name', raw, path);
  problems.push({ ...problem, path: [...path, 'name'], fix: `name: ${nameFrom(text, 'point')}` });
  return false;
}

function checkAbout(raw: unknown, path: Path, problems: PathProblem[]): raw is string {
  if (typeof raw === 'string') return true;
  problems.push(wrongSort('text', raw, [...path, 'about'], `about: "${yamlValue(raw)}"`));
  return false;
}
