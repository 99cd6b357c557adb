import { absorb, makePart, type Part } from './window-part.ts';

/** Readings over the last `ms`. Exact up to `MOST`; more are put together in parts of a hundredth of the time. */
const MOST = 256;
const PARTS = 100;

export type WindowFn = 'avg' | 'count' | 'max' | 'min' | 'rate' | 'sum';

/**
 * The last `ms` of good readings of a point, in bounded memory. A value holds from its reading to the next one or to a
 * gap (stale, bad). `avg`, `min`, `max` know the value that held at the beginning; `count`, `sum` and `rate` take only
 * readings inside. Over nothing all are unknown, but `count`, which is 0 once the point was seen.
 */
export class Window {
  readonly ms: number;
  readonly #parts: Part[] = [];
  /** Parts before it are over. */
  #start = 0;
  #isSeen = false;
  #isCoarse = false;

  constructor(ms: number) {
    this.ms = ms;
  }

  /** Told in the order of time; one that is older than the last is left out. */
  add(mono: number, value: number): void {
    const last = this.#parts.at(-1);
    if (last !== undefined && mono < last.to) return;
    this.#isSeen = true;
    if (last !== undefined) last.end = Math.min(last.end, mono);
    this.#drop(mono);
    if (last !== undefined && this.#isCoarse && mono - last.from < this.ms / PARTS) this.#join(last, mono, value);
    else this.#parts.push(makePart(mono, value));
    if (this.#parts.length - this.#start > MOST) this.#coarsen();
  }

  /** From now on the value is unknown. */
  gap(mono: number): void {
    const last = this.#parts.at(-1);
    if (last !== undefined) last.end = Math.min(last.end, Math.max(mono, last.to));
  }

  value(fn: WindowFn, mono: number): number | undefined {
    this.#drop(mono);
    if (fn === 'avg') return this.#average(mono);
    if (fn === 'min' || fn === 'max') return this.#extreme(fn, mono);
    const inside = this.#inside(mono);
    if (fn === 'count') return this.#isSeen ? inside.reduce((sum, part) => sum + part.count, 0) : undefined;
    const [first, last] = [inside[0], inside.at(-1)];
    if (first === undefined || last === undefined) return undefined;
    if (fn === 'sum') return inside.reduce((sum, part) => sum + part.sum, 0);
    const time = last.to - first.from;
    return time > 0 ? ((last.last - first.first) / time) * 3_600_000 : undefined;
  }

  /** When it may say something else without a new reading; monotonic ms. */
  nextChange(fn: WindowFn, mono: number): number {
    this.#drop(mono);
    const first = this.#parts[this.#start];
    if (first === undefined) return Number.POSITIVE_INFINITY;
    if (fn === 'avg' && this.#isMoving(first)) return mono + Math.min(Math.max(this.ms / 64, 100), 60_000);
    // Held values leave when their time is over, readings when they are too old.
    const isHeld = fn === 'avg' || fn === 'min' || fn === 'max';
    let next = Number.POSITIVE_INFINITY;
    for (let index = this.#start; index < this.#parts.length; index += 1) {
      const part = this.#parts[index];
      const leaves = part === undefined ? next : Math.max(isHeld ? part.end : part.to, part.to) + this.ms;
      if (leaves >= mono) next = Math.min(next, leaves + 1);
    }
    return next;
  }

  /** How many parts it keeps. */
  get size(): number {
    return this.#parts.length - this.#start;
  }

  /** Of one value all the time the average stands still. */
  #isMoving({ min }: Part): boolean {
    return this.#parts.slice(this.#start).some((part) => part.min !== min || part.max !== min);
  }

  #inside(mono: number): readonly Part[] {
    const begin = mono - this.ms;
    return this.#parts.slice(this.#start).filter((part) => part.to >= begin);
  }

  #average(mono: number): number | undefined {
    const begin = mono - this.ms;
    let [area, known] = [0, 0];
    for (let index = this.#start; index < this.#parts.length; index += 1) {
      const part = this.#parts[index];
      if (part === undefined) continue;
      // The part at the edge is cut in proportion; exact when it is a single reading.
      const inner = part.to - part.from;
      const share = inner === 0 || part.from >= begin ? 1 : Math.max(0, (part.to - begin) / inner);
      const held = Math.max(0, Math.min(part.end, mono) - Math.max(part.to, begin));
      area += part.area * share + part.last * held;
      known += part.known * share + held;
    }
    if (known > 0) return area / known;
    // Readings of this very moment have not held for any time yet.
    const last = this.#parts.at(-1);
    return last !== undefined && last.to >= begin && last.end >= mono ? last.last : undefined;
  }

  #extreme(fn: 'max' | 'min', mono: number): number | undefined {
    const begin = mono - this.ms;
    // Of a part whose readings are all older only the held value is inside.
    const values = this.#parts
      .slice(this.#start)
      .filter((part) => part.end >= begin || part.to >= begin)
      .map((part) => (part.to < begin ? part.last : part[fn]));
    if (values.length === 0) return undefined;
    return values.reduce((best, value) => (value < best === (fn === 'min') ? value : best));
  }

  /** Leaves out what is over: its readings are older, and its last value held not into the window. */
  #drop(mono: number): void {
    const begin = mono - this.ms;
    while (this.#start < this.#parts.length) {
      const part = this.#parts[this.#start];
      if (part === undefined || part.to >= begin || part.end >= begin) break;
      this.#start += 1;
    }
    if (this.#start < 64 && this.#start < this.#parts.length) return;
    this.#parts.splice(0, this.#start);
    this.#start = 0;
    if (this.#parts.length < MOST / 4) this.#isCoarse = false;
  }

  #join(part: Part, mono: number, value: number): void {
    // `end` is the end of what held before: this reading, or a gap.
    const held = part.end - part.to;
    part.area += part.last * held;
    part.known += held;
    part.to = mono;
    part.count += 1;
    part.sum += value;
    part.min = Math.min(part.min, value);
    part.max = Math.max(part.max, value);
    part.last = value;
    part.end = Number.POSITIVE_INFINITY;
  }

  /** Too many readings: from now on a part takes a hundredth of the time. */
  #coarsen(): void {
    this.#isCoarse = true;
    const parts = this.#parts.splice(0).slice(this.#start);
    this.#start = 0;
    for (const part of parts) {
      const last = this.#parts.at(-1);
      if (last === undefined || part.to - last.from >= this.ms / PARTS) this.#parts.push(part);
      else absorb(last, part);
    }
  }
}
