import type { Clock } from '../kit/clock.ts';
import { dueOf, type GuardedPoint, HOUR_MS, isAway } from './guard-state.ts';
import { offLock, onLock } from './judge.ts';

/** The payload of `.../$guard`; times are wall ms, and what does not hold is left out. */
export interface GuardPage {
  readonly on: boolean;
  /** Since when it is on, or off. */
  readonly since?: number;
  /** It can be switched off, or on, only after. */
  readonly locked_until?: number;
  readonly locked_why?: string;
  /** It goes back to rest then by itself. */
  readonly rest_at?: number;
  readonly rest_why?: string;
  /** Rules leave it alone until then. */
  readonly manual_until?: number;
  /** Switches on in the last 60 minutes. */
  readonly switches_this_hour: number;
  readonly interlock?: string;
}

export function guardPage(guarded: GuardedPoint, clock: Clock): GuardPage {
  const { state, guards } = guarded;
  const now = clock.mono();
  const wall = (mono: number) => Math.round(clock.now() + mono - now);
  const since = state.onAt ?? state.offAt;
  const on = isAway(guarded);
  const lock = on ? onLock(guarded) : offLock(guarded, now);
  const due = dueOf(guarded);
  const { manualUntil = 0 } = state;
  return {
    on,
    ...(since !== undefined && Number.isFinite(since) && { since: wall(since) }),
    ...(lock !== undefined && lock.until > now && { locked_until: wall(lock.until), locked_why: lock.why }),
    ...(due !== undefined && { rest_at: wall(Math.max(due.at, now)), rest_why: due.because }),
    ...(manualUntil > now && { manual_until: wall(manualUntil) }),
    switches_this_hour: state.switches.filter((at) => at > now - HOUR_MS).length,
    ...(guards.interlock !== undefined && { interlock: guards.interlock }),
  };
}
