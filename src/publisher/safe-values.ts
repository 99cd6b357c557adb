import type { DevicePlan } from '../schemes/plan.ts';
import type { Value } from '../schemes/reading.ts';

/** What settable points must be when their device opens, by the driver's names; `*`: those that are not named. */
function safeValues({ guards, points }: DevicePlan): Readonly<Record<string, Value>> {
  const own = Object.entries(points).flatMap(([key, { guards: limits }]) =>
    limits?.safe === undefined ? [] : [[key, limits.safe] as const],
  );
  return { ...(guards?.safe === undefined ? {} : { '*': guards.safe }), ...Object.fromEntries(own) };
}

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

  initialOf(plan: DevicePlan): Readonly<Record<string, Value>> {
    return { ...safeValues(plan), ...this.values };
  }
}
