import { checkFilters } from '../schemes/filter-check.ts';
import type { PathProblem } from '../schemes/path-problem.ts';
import type { PointPlan } from '../schemes/plan.ts';
import type { PointSpec } from '../schemes/point.ts';
import type { Deadband, Policy, PolicyText } from '../schemes/policy.ts';
import { type MergedPolicy, mergePolicies, type PolicyLayer, parsePolicy } from '../schemes/policy-parse.ts';
import { convertSpan, makeConverter } from '../schemes/units.ts';
import { makeTransform, specAfter } from './transform.ts';

/** What was said about one point, from far to near. */
export interface PolicyLayers {
  readonly node: PolicyText;
  readonly device?: PolicyText | undefined;
  readonly point?: PolicyText | undefined;
  readonly runTime?: PolicyText | undefined;
}

/** What holds when nobody says otherwise; the driver may know a better deadband. */
export const DEFAULT_POLICY = { every: '60s', on_change: '1%' } as const;

/**
 * The policy that holds for a point. What was said for a whole node or device and cannot be true for this point (a unit
 * of temperature on a humidity) does not count for it. Throws OptionsError when the plan's own unit does not fit.
 */
export function effectivePolicy(spec: PointSpec, plan: PointPlan, layers: PolicyLayers): MergedPolicy {
  const { spec: before } = makeTransform(spec, plan, undefined);
  const said: PolicyLayer[] = [];
  for (const [origin, text] of [
    ['node', layers.node],
    ['device', layers.device],
    ['point', layers.point],
    ['run time', layers.runTime],
  ] as const) {
    if (text !== undefined) said.push({ origin, text: fitting(text, before) });
  }
  const { unit, filter } = mergePolicies(said).policy;
  const after = specAfter(makeTransform(spec, plan, unit).spec, filter);
  const merged = mergePolicies([...defaults(after), ...said]);
  return { ...merged, policy: { ...merged.policy, ...inUnitOf(merged.policy.onChange, after) } };
}

/** Why a policy cannot hold for a point; empty when it can. */
export function misfits(policy: Policy, spec: PointSpec): PathProblem[] {
  const { unit, onChange, filter = [] } = policy;
  const problems: PathProblem[] = [];
  const have = spec.unit ?? 'no unit';
  if (unit !== undefined && !isConvertible(spec, unit))
    problems.push({ path: ['unit'], code: 'HB211', message: `unit: ${unit} does not fit a point in ${have}` });
  const band = onChange !== undefined && 'absolute' in onChange ? onChange.unit : undefined;
  if (band !== undefined && !isConvertible(spec, band))
    problems.push({
      path: ['on_change'],
      code: 'HB211',
      message: `on_change: ${band} does not fit a point in ${have}`,
    });
  const { type } = spec;
  const source = isConvertible(spec, unit ?? '') ? unit : spec.unit;
  for (const problem of checkFilters(filter, { type, ...(source === undefined ? {} : { unit: source }) }))
    problems.push({ ...problem, path: ['filter', ...problem.path] });
  return problems;
}

function isConvertible(spec: PointSpec, unit: string): boolean {
  return spec.type === 'number' && spec.unit !== undefined && makeConverter(spec.unit, unit) !== undefined;
}

/** The keys of a policy that can hold for a point. */
function fitting(text: PolicyText, spec: PointSpec): PolicyText {
  const wrong = new Set(misfits(parsePolicy(text).policy, spec).map(({ path }) => path[0]));
  return wrong.size === 0 ? text : Object.fromEntries(Object.entries(text).filter(([key]) => !wrong.has(key)));
}

function defaults(spec: PointSpec): readonly PolicyLayer[] {
  if (spec.type === 'event') return [];
  const every: PolicyLayer = { origin: 'default', text: { every: DEFAULT_POLICY.every } };
  if (spec.type !== 'number') return [every];
  if (spec.deadband === undefined)
    return [{ origin: 'default', text: { every: DEFAULT_POLICY.every, on_change: DEFAULT_POLICY.on_change } }];
  return [every, { origin: 'driver', text: { on_change: Number(spec.deadband.toPrecision(6)) } }];
}

function inUnitOf(band: Deadband | undefined, spec: PointSpec): { onChange?: Deadband } {
  if (band === undefined || 'percent' in band || band.unit === undefined) return {};
  const absolute = spec.unit === undefined ? undefined : convertSpan(band.absolute, band.unit, spec.unit);
  return absolute === undefined ? {} : { onChange: { absolute: Math.abs(absolute) } };
}
