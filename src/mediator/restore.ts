import type { Guards } from '../schemes/command.ts';
import type { Value } from '../schemes/reading.ts';
import { dueOf, type GuardedPoint, type GuardState } from './guard-state.ts';

/** What a point must be when its device was opened; undefined: as it is. */
export function wantedOf(guarded: GuardedPoint, now: number): Value | undefined {
  if (guarded.spec.type === 'event') return undefined;
  const isDue = (dueOf(guarded)?.at ?? Number.POSITIVE_INFINITY) <= now;
  return wanted(guarded.guards, guarded.state, isDue, guarded.rest);
}

/** The same for a point that was not seen in this life: only what the scheme and the disk tell. */
export function wantedBefore(guards: Guards, state: GuardState, now: number): Value | undefined {
  const { safe } = guards;
  if (guards.restore === 'last' && state.value !== undefined) {
    const limits = [
      state.restAt,
      state.onAt === undefined || guards.maxOnMs === undefined ? undefined : state.onAt + guards.maxOnMs,
    ];
    const isDue = limits.some((at) => at !== undefined && at <= now);
    return wanted(guards, state, isDue, safe);
  }
  return wanted(guards, state, false, safe);
}

function wanted(guards: Guards, state: GuardState, isDue: boolean, rest: Value | undefined): Value | undefined {
  const restore = guards.restore ?? (guards.safe === undefined ? 'leave' : 'safe');
  if (restore === 'leave') return undefined;
  return restore === 'safe' || isDue || state.isUnsure ? rest : (state.value ?? rest);
}
