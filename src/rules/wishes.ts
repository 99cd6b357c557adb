import type { Machine } from './machine.ts';
import { isSubject } from './slots.ts';

/** Points and variables that rules mention; devices and peers are no points. */
export function pointsOf({ kit }: Machine): readonly string[] {
  return [...kit.slots.all()].flatMap(({ name }) => (isSubject(name) ? [] : [name])).toSorted();
}

/** How far back each point is looked at, ms. */
export function windowsOf({ kit }: Machine): ReadonlyMap<string, number> {
  const wishes = new Map<string, number>();
  for (const { name, windows } of kit.slots.all()) {
    if (windows.length > 0) wishes.set(name, Math.max(...windows.map(({ ms }) => ms)));
  }
  return wishes;
}

/** Monotonic ms of the next thing to do; undefined: there is none. */
export function nextAt({ timers, schedules, kit }: Machine): number | undefined {
  const at = Math.min(timers.nextAt, schedules.nextAt(kit.now));
  return at === Number.POSITIVE_INFINITY ? undefined : at;
}
