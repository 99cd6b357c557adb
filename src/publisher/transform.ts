import { OptionsError } from '../kit/errors.ts';
import type { FilterStep } from '../schemes/filter.ts';
import { unitAfter } from '../schemes/filter-check.ts';
import type { PointPlan } from '../schemes/plan.ts';
import type { PointSpec } from '../schemes/point.ts';
import { makeConverter } from '../schemes/units.ts';

/** From the numbers of a driver to those that are published, and the spec that then holds. */
export interface Transform {
  readonly spec: PointSpec;
  /** Undefined when the numbers stay as they are. */
  readonly apply?: (value: number) => number;
}

type Step = (value: number) => number;

/**
 * Scale first (its result has the unit that the person wrote), else the unit of the person, then the unit of the policy.
 * Throws OptionsError when a unit does not fit.
 */
export function makeTransform(spec: PointSpec, plan: PointPlan, unit: string | undefined): Transform {
  const named = plan.about === undefined ? spec : { ...spec, about: plan.about };
  if (spec.type !== 'number') return { spec: named };
  const scaled = plan.scale === undefined ? labelled(named, plan.unit) : scaledBy(named, plan.scale, plan.unit);
  if (unit === undefined || unit === scaled.spec.unit) return scaled;
  return then(scaled, unit);
}

function labelled(spec: PointSpec, unit: string | undefined): Transform {
  if (unit === undefined || unit === spec.unit) return { spec };
  return spec.unit === undefined ? { spec: { ...spec, unit } } : then({ spec }, unit);
}

function scaledBy(spec: PointSpec, scale: NonNullable<PointPlan['scale']>, unit: string | undefined): Transform {
  const [[fromLow, toLow], [fromHigh, toHigh]] = scale;
  if (fromLow === fromHigh)
    throw new OptionsError('both ends of the scale are the same', { fix: 'give two different measured values' });
  const slope = (toHigh - toLow) / (fromHigh - fromLow);
  const { unit: _measured, ...rest } = spec;
  const shown = unit === undefined ? rest : { ...rest, unit };
  return moved(shown, (value) => toLow + (value - fromLow) * slope);
}

function then(before: Transform, unit: string): Transform {
  const { spec, apply } = before;
  const convert = spec.unit === undefined ? undefined : makeConverter(spec.unit, unit);
  if (convert === undefined)
    throw new OptionsError(`${spec.unit ?? 'a number without a unit'} cannot be shown in ${unit}`, {
      fix: spec.unit === undefined ? 'leave the unit out' : `use ${spec.unit} or another unit of the same kind`,
    });
  const moving = moved({ ...spec, unit }, convert);
  return { spec: moving.spec, apply: apply === undefined ? convert : (value) => convert(apply(value)) };
}

/** The limits and the deadband of a spec go the same way as its values. */
function moved(spec: PointSpec, step: Step): Transform {
  const { range, deadband, ...rest } = spec;
  const ends = range === undefined ? undefined : [step(range[0]), step(range[1])].sort((a, b) => a - b);
  const [low, high] = ends ?? [];
  return {
    spec: {
      ...rest,
      ...(low === undefined || high === undefined ? {} : { range: [low, high] as const }),
      ...(deadband === undefined ? {} : { deadband: Number(Math.abs(step(deadband) - step(0)).toPrecision(6)) }),
    },
    apply: step,
  };
}

/** The number of the driver behind a published one. Scales and units are straight lines, so two values tell all. */
export function backwards({ apply }: Transform, value: number): number {
  if (apply === undefined) return value;
  const zero = apply(0);
  return Number(((value - zero) / (apply(1) - zero)).toPrecision(12));
}

/** What holds behind the filters: a rate or a total is no longer in the unit and limits of its source. */
export function specAfter(spec: PointSpec, steps: readonly FilterStep[] = []): PointSpec {
  const last = steps.reduce<string | undefined>((unit, step) => unitAfter(step, unit), spec.unit);
  if (last === spec.unit) return spec;
  const { unit: _unit, range: _range, deadband: _deadband, ...rest } = spec;
  return last === undefined ? rest : { ...rest, unit: last };
}
