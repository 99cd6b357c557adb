import type { Clock } from '../kit/clock.ts';
import { isValue, type Value } from '../schemes/reading.ts';
import { freshState, type GuardState, HOUR_MS } from './guard-state.ts';

/** For what has lasted nobody knows how long: ten years. */
const LONG_MS = 315_000_000_000;

/** The state of a point as the disk has it: all times are wall ms, since the next life has another monotonic clock. */
interface StoredState {
  readonly v?: Value;
  readonly unsure?: true;
  readonly on?: number;
  readonly off?: number;
  readonly sw?: readonly number[];
  readonly rest?: number;
  readonly man?: number;
  readonly heard?: number;
  /** When it was written. */
  readonly t: number;
}

export function encodeState(state: GuardState, clock: Clock): StoredState {
  const [now, wall] = [clock.mono(), clock.now()];
  const at = (mono: number | undefined) => (mono === undefined ? undefined : Math.round(wall + mono - now));
  const { value, isUnsure, onAt, offAt, switches, restAt, manualUntil, heardAt } = state;
  return {
    ...(value !== undefined && { v: value }),
    ...(isUnsure && { unsure: true }),
    ...sure({ on: at(onAt), off: at(offAt), rest: at(restAt), man: at(manualUntil), heard: at(heardAt) }),
    ...(switches.length > 0 && { sw: switches.flatMap((time) => at(time) ?? []) }),
    t: Math.round(wall),
  };
}

type Times = Readonly<Record<string, number | undefined>>;

const sure = (times: Times) =>
  Object.fromEntries(Object.entries(times).filter((entry): entry is [string, number] => entry[1] !== undefined));

/**
 * Time that passed while nothing ran counts as far as the wall clock tells. A clock that went back tells nothing: what
 * was on then has been on for too long, and what waits has waited not at all.
 */
export function decodeState(stored: unknown, clock: Clock): GuardState {
  const state = freshState();
  if (typeof stored !== 'object' || stored === null) return state;
  const all = new Map<string, unknown>(Object.entries(stored));
  const [now, wall] = [clock.mono(), clock.now()];
  const written = all.get('t');
  const wentBack = typeof written !== 'number' || wall < written - 1_000;
  const timeOf = (time: unknown) => (typeof time === 'number' ? now - (wall - time) : undefined);
  const past = (key: string, unknown: number) => {
    const time = timeOf(all.get(key));
    return time === undefined || (!wentBack && time <= now) ? time : unknown;
  };
  const value = all.get('v');
  if (isValue(value)) state.value = value;
  state.isUnsure = all.get('unsure') === true;
  state.onAt = past('on', now - LONG_MS);
  state.offAt = past('off', now);
  state.heardAt = past('heard', now - LONG_MS);
  state.restAt = wentBack && all.has('rest') ? now : timeOf(all.get('rest'));
  state.manualUntil = wentBack ? undefined : timeOf(all.get('man'));
  const switches: unknown = all.get('sw');
  const times = Array.isArray(switches) ? switches.flatMap((time) => timeOf(time) ?? []) : [];
  state.switches = wentBack ? times.map(() => now) : times.filter((time) => time > now - HOUR_MS && time <= now);
  return state;
}
