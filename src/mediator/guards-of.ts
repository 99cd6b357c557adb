import type { Guards } from '../schemes/command.ts';
import type { NodePlan } from '../schemes/plan.ts';

/** The limits of all points by device and published name; `*`: those of points that are not named. */
export function guardsOf({ devices }: NodePlan): ReadonlyMap<string, ReadonlyMap<string, Guards>> {
  return new Map(
    devices.map(({ name, guards = {}, points }) => {
      const named = Object.entries(points).map(([key, plan]): [string, Guards] => [
        plan.name ?? key,
        { ...guards, ...plan.guards },
      ]);
      return [name, new Map([['*', guards], ...named])];
    }),
  );
}
