import type { Value } from '../schemes/reading.ts';
import { becomes, becomesUnsure, type GuardedPoint, isAway, isSame } from './guard-state.ts';
import { isByGuard, isByRule, type Pending } from './pending.ts';

/** A write was done: the state of the point, its timers, and whose hand it was. */
export function wasDone(guarded: GuardedPoint, { command, kind }: Pending, value: Value, now: number): void {
  const { state, guards } = guarded;
  becomes(guarded, value, now);
  guarded.retryAt = 0;
  if (isAway(guarded)) state.heardAt = now;
  if (kind !== 'command') return;
  state.restAt = command.forMs === undefined || !isAway(guarded) ? undefined : now + command.forMs;
  if (guards.manualMs === undefined || isByRule(command) || isByGuard(command)) return;
  state.manualUntil = now + guards.manualMs;
}

/** A write failed, or was never answered. */
export function mayHaveHappened(guarded: GuardedPoint, { command }: Pending, now: number): void {
  if (isSame(command.value, guarded.rest)) return;
  becomesUnsure(guarded, now);
  if (command.forMs !== undefined) guarded.state.restAt = now + command.forMs;
}

/** A reading came. False: it tells nothing new. A switch that nobody commanded is a hand. */
export function wasSeen(guarded: GuardedPoint, value: Value, now: number): boolean {
  const { state, guards, isSeen } = guarded;
  guarded.isSeen = true;
  if (!state.isUnsure && isSame(state.value, value)) return false;
  const wasKnown = isSeen && !state.isUnsure;
  const isSwitch = becomes(guarded, value, now);
  if (isSwitch && wasKnown && guards.manualMs !== undefined) state.manualUntil = now + guards.manualMs;
  return true;
}
