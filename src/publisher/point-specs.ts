import type { InputDriver, OpenInput } from '../drivers/driver.ts';
import { OptionsError } from '../kit/errors.ts';
import { isName, nameFrom } from '../schemes/names.ts';
import type { DevicePlan, PointPlan } from '../schemes/plan.ts';
import type { PointSpec, Points } from '../schemes/point.ts';

/** A point of an open device with the name it is published under. */
export interface NamedSpec {
  /** The driver's name for it. */
  readonly key: string;
  readonly name: string;
  readonly spec: PointSpec;
  readonly plan: PointPlan;
}

/** The points of an open device. Throws TypeError when the driver tells none. */
export function pointsOf(input: OpenInput<string>, driver: InputDriver): Points {
  const points = input.points ?? driver.points;
  if (points === 'found') throw new TypeError(`the driver ${driver.kind} did not say which points it found`);
  return points;
}

/** The points as the plan wants them. Throws OptionsError when two get one name. */
export function namedSpecs(points: Points, plan: DevicePlan): readonly NamedSpec[] {
  const taken = new Map<string, string>();
  return Object.entries(points).map(([key, spec]) => {
    const own = plan.points[key] ?? {};
    const name = own.name ?? (isName(key) ? key : nameFrom(key, 'p'));
    const other = taken.get(name);
    if (other !== undefined)
      throw new OptionsError(`the points ${other} and ${key} of ${plan.name} are both called "${name}"`, {
        fix: `give one of them another name:  points: {${key}: {name: ${name}_2}}`,
      });
    taken.set(name, key);
    return { key, name, spec, plan: own };
  });
}
