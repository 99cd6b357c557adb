import { capital } from './capital.ts';
import type { CheckContext } from './check-context.ts';
import { nameProblem } from './check-node.ts';
import { checkPoint } from './check-point.ts';
import { joinedMaps, wrongSort } from './field-problems.ts';
import type { KindFacts } from './kind-facts.ts';
import { isName, nameFrom } from './names.ts';
import { article, listed, nearest } from './near.ts';
import type { Path, PathProblem } from './path-problem.ts';
import type { PointPlan } from './plan.ts';
import type { PointSpec } from './point.ts';
import { isRecord, pairText } from './yaml-value.ts';

export interface DeviceOf {
  readonly path: Path;
  readonly name: string;
  /** Facts of its kind; undefined when the kind is not known. */
  readonly facts: KindFacts | undefined;
}

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
