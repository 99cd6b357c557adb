import type { CheckContext } from './check-context.ts';
import type { FilterStep } from './filter.ts';
import { checkFilters } from './filter-check.ts';
import type { Path, PathProblem } from './path-problem.ts';
import type { PointSpec } from './point.ts';
import type { PolicyText } from './policy.ts';
import { parsePolicy } from './policy-parse.ts';
import { isRecord } from './yaml-value.ts';

/** A publish policy at a path of the scheme; its problems get that path. */
export function checkPublish(
  raw: unknown,
  path: Path,
  { problems }: CheckContext,
  spec?: PointSpec,
): PolicyText | undefined {
  if (raw === undefined || raw === null) return undefined;
  const { policy, problems: found } = parsePolicy(raw);
  problems.push(...found.map((problem) => ({ ...problem, path: [...path, ...problem.path] })));
  if (!isRecord(raw)) return undefined;
  if (spec !== undefined && policy.filter !== undefined && found.length === 0) {
    problems.push(...misfits(policy.filter, raw.filter, [...path, 'filter'], spec));
  }
  return raw;
}

/** Filters that do not fit the type or the unit of their point. */
function misfits(steps: readonly FilterStep[], raw: unknown, path: Path, spec: PointSpec): readonly PathProblem[] {
  const source = spec.unit === undefined ? { type: spec.type } : { type: spec.type, unit: spec.unit };
  return checkFilters(steps, source).map((problem) => ({
    ...problem,
    path: Array.isArray(raw) ? [...path, ...problem.path] : path,
  }));
}
