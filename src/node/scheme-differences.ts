import type { DevicePlan } from '../schemes/plan.ts';
import type { Scheme } from '../schemes/scheme.ts';

/** What becomes of the named members of one part of the home. */
export interface Difference {
  readonly added: readonly string[];
  readonly changed: readonly string[];
  readonly removed: readonly string[];
  /** How many go on untouched. */
  readonly unchanged: number;
}

/** What another scheme means for the home. */
export interface Differences {
  readonly devices: Difference;
  readonly rules: Difference;
  readonly scenes: Difference;
  readonly groups: Difference;
  readonly home: Difference;
  /** Other top keys whose values differ: `broker`, `publish` ... */
  readonly parts: readonly string[];
}

/** One side: the scheme, and the devices that it makes of what is attached. */
export interface HomeSide {
  readonly scheme: Scheme;
  readonly devices: readonly DevicePlan[];
}

/** Compares as the services do: what has the same text goes on untouched. */
export function differencesOf(before: HomeSide, after: HomeSide): Differences {
  const part = (name: 'groups' | 'home' | 'rules' | 'scenes') =>
    difference(before.scheme.rules[name], after.scheme.rules[name]);
  const { devices: _devices, rules: _rules, ...others } = after.scheme;
  return {
    devices: difference(byName(before.devices), byName(after.devices)),
    ...{ rules: part('rules'), scenes: part('scenes'), groups: part('groups'), home: part('home') },
    parts: Object.entries(others)
      .filter(([key, value]) => !isSame(value, entryOf(before.scheme, key)))
      .map(([key]) => key)
      .sort(),
  };
}

function entryOf(scheme: Scheme, key: string): unknown {
  return Object.entries(scheme).find(([name]) => name === key)?.[1];
}

function byName(devices: readonly DevicePlan[]): Readonly<Record<string, unknown>> {
  return Object.fromEntries(devices.map((device) => [device.name, device]));
}

function difference(before: Readonly<Record<string, unknown>>, after: Readonly<Record<string, unknown>>): Difference {
  const names = Object.keys(after).sort();
  const both = names.filter((name) => Object.hasOwn(before, name));
  const changed = both.filter((name) => !isSame(before[name], after[name]));
  return {
    added: names.filter((name) => !Object.hasOwn(before, name)),
    changed,
    removed: Object.keys(before)
      .filter((name) => !Object.hasOwn(after, name))
      .sort(),
    unchanged: both.length - changed.length,
  };
}

function isSame(one: unknown, other: unknown): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}
