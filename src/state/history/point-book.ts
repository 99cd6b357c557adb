import { isPointType } from '../../schemes/point.ts';
import type { HistoryPoint } from './history.ts';
import type { Row } from './row.ts';
import type { StoredPoint } from './stored.ts';

/** One point with one type and unit, and its newest rows. */
export class PointEntry {
  readonly id: number;
  readonly point: HistoryPoint;
  isStored: boolean;
  /** Rows that are in no block yet, as they came. */
  open: Row[] = [];
  /** Rows that are being made a block, in order. */
  sealed: readonly Row[] = [];
  /** Time of its newest row; undefined when it is not known. */
  newest: number | undefined;
  oldest: number | undefined;

  constructor(id: number, point: HistoryPoint, isStored: boolean) {
    this.id = id;
    this.point = point;
    this.isStored = isStored;
  }

  saw(first: number, last: number): void {
    this.oldest = Math.min(this.oldest ?? first, first);
    this.newest = Math.max(this.newest ?? last, last);
  }
}

/** Points beyond this many are not kept. */
const MOST_POINTS = 10_000;

/** The row of nobody: at its times the node was not there, so no value of any point holds over them. */
export const NOBODY: HistoryPoint = { name: '', type: 'event' };

/** All points that have a history. */
export class PointBook {
  readonly #byFacts = new Map<string, PointEntry>();
  readonly #byName = new Map<string, PointEntry[]>();
  readonly #byId = new Map<number, PointEntry>();
  #lastId = 0;

  /** What cannot be understood is passed over; its rows are not shown. */
  constructor(stored: readonly StoredPoint[]) {
    for (const { id, facts } of stored) {
      const point = parsePoint(facts);
      this.#lastId = Math.max(this.#lastId, id);
      if (point !== undefined) this.#put(new PointEntry(id, point, true));
    }
  }

  get entries(): Iterable<PointEntry> {
    return this.#byId.values();
  }

  /** The names, in the order of the alphabet. */
  get names(): readonly string[] {
    return [...this.#byName.keys()].filter((name) => name !== '').sort();
  }

  /** The entry of a point, made when it is new; undefined when there are too many. */
  entry(point: HistoryPoint): PointEntry | undefined {
    const known = this.#byFacts.get(factsOf(point));
    if (known !== undefined || this.#byId.size >= MOST_POINTS) return known;
    this.#lastId += 1;
    const entry = new PointEntry(this.#lastId, point, false);
    this.#put(entry);
    return entry;
  }

  withId(id: number): PointEntry | undefined {
    return this.#byId.get(id);
  }

  /** All that a name meant; the newest is last. */
  named(name: string): readonly PointEntry[] {
    return this.#byName.get(name) ?? [];
  }

  #put(entry: PointEntry): void {
    const { id, point } = entry;
    this.#byId.set(id, entry);
    this.#byFacts.set(factsOf(point), entry);
    const named = this.#byName.get(point.name);
    if (named === undefined) this.#byName.set(point.name, [entry]);
    else named.push(entry);
  }
}

export function factsOf({ name, type, unit, counter }: HistoryPoint): string {
  return JSON.stringify({ name, type, unit, counter });
}

function parsePoint(facts: string): HistoryPoint | undefined {
  const stored: unknown = JSON.parse(facts);
  if (typeof stored !== 'object' || stored === null || !('name' in stored && 'type' in stored)) return undefined;
  const { name, type } = stored;
  if (typeof name !== 'string' || !isPointType(type)) return undefined;
  const unit = 'unit' in stored && typeof stored.unit === 'string' ? { unit: stored.unit } : {};
  const counter = 'counter' in stored ? stored.counter : undefined;
  return { name, type, ...unit, ...(counter === 'total' || counter === 'total_increasing' ? { counter } : {}) };
}
