import type { DevicePlan } from '../schemes/plan.ts';
import type { Value } from '../schemes/reading.ts';

/** The plan without its guards, as text: what a device must be started anew for. */
export function hardwareText(plan: DevicePlan): string {
  return JSON.stringify(plan, (key, value: unknown) => (key === 'guards' ? undefined : value));
}

/** What was written to the outputs of one device, for the next time that its hardware is opened. */
export class Written {
  /** By the driver's names. */
  values: Readonly<Record<string, Value>>;

  /** `before`: what another device on the same hardware was told last: its outputs must not jump. */
  constructor(before: Readonly<Record<string, Value>>) {
    this.values = before;
  }

  keep(key: string, value: Value): void {
    this.values = { ...this.values, [key]: value };
  }

  /** After a failure it opens with its safe values. */
  forget(): void {
    this.values = {};
  }

  /** Over what the guards want (by published names). */
  over(wanted: Readonly<Record<string, Value>>, plan: DevicePlan): Readonly<Record<string, Value>> {
    return { ...byDriverNames(wanted, plan), ...this.values };
  }
}

/** A number that is shown in another unit or scale is left out: the driver is open before that is known. */
function byDriverNames(
  wanted: Readonly<Record<string, Value>>,
  { points }: DevicePlan,
): Readonly<Record<string, Value>> {
  const entries = Object.entries(wanted).flatMap(([name, value]): [string, Value][] => {
    const [key, point] = Object.entries(points).find((entry) => entry[1].name === name) ?? [name, points[name]];
    const isOther = typeof value === 'number' && (point?.unit !== undefined || point?.scale !== undefined);
    return isOther ? [] : [[key, value]];
  });
  return Object.fromEntries(entries);
}
