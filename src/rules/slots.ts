import type { Quality, Value } from '../schemes/reading.ts';
import type { Subject } from '../schemes/rules/test.ts';
import { Window } from './window.ts';

/** Is told when a point that it mentions has news. */
export interface Watcher {
  heard(slot: Slot): void;
}

/** What the engine knows of one point, variable, device or peer that a rule mentions. */
export interface Slot {
  readonly name: string;
  /** The last good value; kept while it is not known, for people. */
  value: Value | undefined;
  /** False: never seen, stale, bad, not a number. */
  isKnown: boolean;
  /** The good value before the last one. */
  before: Value | undefined;
  /** Monotonic ms of the last good reading; -Infinity: never. */
  goodAt: number;
  epoch: number;
  sequence: number;
  /** In the order of the rules. */
  watchers: readonly Watcher[];
  windows: readonly Window[];
}

const NONE: readonly Window[] = [];
const NOBODY: readonly Watcher[] = [];

export const makeSlot = (name: string): Slot => ({
  name,
  value: undefined,
  isKnown: false,
  before: undefined,
  goodAt: Number.NEGATIVE_INFINITY,
  epoch: 0,
  sequence: 0,
  watchers: NOBODY,
  windows: NONE,
});

/** A device or a peer is a slot beside the points: its value is whether it is here. */
export const subjectName = ({ kind, name }: Subject): string => `${kind}:${name}`;

export const isSubject = (name: string): boolean => name.includes(':');

export class Slots {
  readonly #byName = new Map<string, Slot>();
  readonly #slots = new Set<Slot>();
  readonly #windows = new Set<Window>();

  get(name: string): Slot | undefined {
    return this.#byName.get(name);
  }

  /** The slot of that name, made when there is none. */
  of(name: string): Slot {
    let slot = this.#byName.get(name);
    if (slot === undefined) {
      slot = makeSlot(name);
      this.#byName.set(name, slot);
    }
    this.#slots.add(slot);
    return slot;
  }

  /** The window over a point; rules that ask for the same time share it. */
  window(slot: Slot, ms: number): Window {
    let window = slot.windows.find((one) => one.ms === ms);
    if (window === undefined) {
      window = new Window(ms);
      slot.windows = [...slot.windows, window];
    }
    this.#windows.add(window);
    return window;
  }

  /** From here on what is asked for counts as mentioned. */
  begin(): void {
    this.#slots.clear();
    this.#windows.clear();
  }

  touch(slots: readonly Slot[], windows: readonly Window[] = NONE): void {
    for (const slot of slots) this.#slots.add(slot);
    for (const window of windows) this.#windows.add(window);
  }

  /** Forgets points and windows that were not mentioned since `begin`. */
  sweep(): void {
    for (const [name, slot] of this.#byName) {
      if (!this.#slots.has(slot)) this.#byName.delete(name);
      else if (slot.windows.length > 0) slot.windows = slot.windows.filter((window) => this.#windows.has(window));
    }
    this.begin();
  }

  all(): Iterable<Slot> {
    return this.#byName.values();
  }
}

const isGood = (value: Value, quality: Quality): boolean =>
  quality !== 'bad' && quality !== 'stale' && (typeof value !== 'number' || Number.isFinite(value));

/** Takes in a reading. An uncertain one counts; a bad or stale one makes the point unknown. */
export function takeReading(slot: Slot, value: Value, quality: Quality, mono: number): void {
  if (!isGood(value, quality)) {
    slot.isKnown = false;
    for (const window of slot.windows) window.gap(mono);
    return;
  }
  slot.before = slot.value;
  slot.value = value;
  slot.isKnown = true;
  slot.goodAt = mono;
  if (slot.windows !== NONE) addToWindows(slot.windows, mono, value);
}

export function addToWindows(windows: readonly Window[], mono: number, value: Value): void {
  const number = typeof value === 'boolean' ? Number(value) : value;
  // Words and structures can be counted, and nothing else.
  for (const window of windows) window.add(mono, typeof number === 'number' ? number : 0);
}

/** Values of points are plain; structures are the same when they say the same. */
export function isSame(left: Value | undefined, right: Value | undefined): boolean {
  if (left === right) return true;
  if (typeof left !== 'object' || typeof right !== 'object') return false;
  return JSON.stringify(left) === JSON.stringify(right);
}
