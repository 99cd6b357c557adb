import type { Guards } from '../schemes/command.ts';
import type { PointSpec } from '../schemes/point.ts';
import { plainText, type Value } from '../schemes/reading.ts';

/** What is known of a point that takes commands. All times are monotonic ms; those of an earlier life may be below 0. */
export interface GuardState {
  value: Value | undefined;
  /** A write failed or was never answered: it may be away from rest. */
  isUnsure: boolean;
  /** Since when it is away from rest, or at rest; one of them at most. */
  onAt: number | undefined;
  offAt: number | undefined;
  /** Switches away from rest within the last hour, oldest first. */
  switches: number[];
  /** A timed command ends then. */
  restAt: number | undefined;
  manualUntil: number | undefined;
  /** The last command that was done. */
  heardAt: number | undefined;
}

/** A point that takes commands, with its limits. */
export interface GuardedPoint {
  /** `device.point` */
  readonly name: string;
  readonly device: string;
  readonly point: string;
  readonly spec: PointSpec;
  readonly guards: Guards;
  readonly rest: Value;
  readonly state: GuardState;
  /** A write runs now: of a value away from rest, or of rest. */
  writing: 'away' | 'rest' | undefined;
  /** A guard that could not switch it back tries again then. */
  retryAt: number;
  /** A reading came since its device was opened; the first one is not somebody's hand. */
  isSeen: boolean;
}

export const HOUR_MS = 3_600_000;

export function freshState(): GuardState {
  return {
    ...{ value: undefined, isUnsure: false, onAt: undefined, offAt: undefined, switches: [] },
    ...{ restAt: undefined, manualUntil: undefined, heardAt: undefined },
  };
}

/** The state of rest: `safe`, or what off is for the type. */
export function restOf({ type, range, values }: PointSpec, { safe }: Guards): Value {
  if (safe !== undefined) return safe;
  if (type === 'boolean') return false;
  if (type === 'number') return range === undefined || (range[0] <= 0 && range[1] >= 0) ? 0 : range[0];
  if (type === 'enum') return values?.[0] ?? '';
  return '';
}

export function isSame(one: Value | undefined, other: Value): boolean {
  return one !== undefined && (one === other || plainText(one) === plainText(other));
}

export function isAway({ rest, state }: GuardedPoint): boolean {
  return state.isUnsure || (state.value !== undefined && !isSame(state.value, rest));
}

/** On for others of its interlock: also while it is being switched on. */
export function countsAsOn(guarded: GuardedPoint): boolean {
  return guarded.writing === 'away' || isAway(guarded);
}

/** The value is known now. True when the point left rest or came back to it. */
export function becomes(guarded: GuardedPoint, value: Value, now: number): boolean {
  const { state, rest, spec } = guarded;
  if (spec.type === 'event') return acted(state, now);
  const wasAway = state.onAt !== undefined;
  state.value = value;
  state.isUnsure = false;
  if (isSame(value, rest)) {
    const isNew = state.offAt === undefined;
    state.offAt ??= now;
    state.onAt = undefined;
    state.restAt = undefined;
    state.heardAt = undefined;
    return isNew;
  }
  if (wasAway) return false;
  leaveRest(state, now);
  return true;
}

/** It may be away from rest now: all limits count as if it were. */
export function becomesUnsure({ state, spec }: GuardedPoint, now: number): void {
  if (spec.type === 'event') {
    acted(state, now);
    return;
  }
  state.isUnsure = true;
  if (state.onAt === undefined) leaveRest(state, now);
}

/** An event (ring, open the gate) leaves rest and is back at once: each one is a switch. */
function acted(state: GuardState, now: number): true {
  leaveRest(state, now);
  state.onAt = undefined;
  state.offAt = now;
  return true;
}

function leaveRest(state: GuardState, now: number): void {
  state.onAt = now;
  state.offAt = undefined;
  state.switches = [...state.switches.filter((at) => at > now - HOUR_MS), now];
}

/** Why a guard switches it back. */
export type DueReason = 'dead_man' | 'max_on' | 'timer';

export interface Due {
  readonly at: number;
  readonly because: DueReason;
}

/** When a guard will switch it back to rest; undefined: it stays as it is. */
export function dueOf(guarded: GuardedPoint): Due | undefined {
  const { state, guards } = guarded;
  if (!isAway(guarded)) return undefined;
  const all: Due[] = [];
  if (state.restAt !== undefined) all.push({ at: state.restAt, because: 'timer' });
  if (guards.maxOnMs !== undefined && state.onAt !== undefined) {
    all.push({ at: state.onAt + guards.maxOnMs, because: 'max_on' });
  }
  const heardAt = state.heardAt ?? state.onAt;
  if (guards.deadManMs !== undefined && heardAt !== undefined) {
    all.push({ at: heardAt + guards.deadManMs, because: 'dead_man' });
  }
  return all.toSorted((a, b) => a.at - b.at)[0];
}
