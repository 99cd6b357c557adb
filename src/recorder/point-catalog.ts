import { jsonIn } from '../schemes/json-text.ts';
import { isName } from '../schemes/names.ts';
import { isPointType } from '../schemes/point.ts';
import { isRecord } from '../schemes/yaml-value.ts';
import type { HistoryPoint } from '../state/history/history.ts';

/** A point as its device describes it. */
export interface ListedPoint {
  readonly device: string;
  readonly point: string;
  readonly history: HistoryPoint;
  /** It is state: its last value is kept over a restart. */
  readonly isRetained: boolean;
}

const LONGEST_PAGE = 262_144;
const MOST_POINTS = 500;

/** The points of a node, from the `$meta` pages of its devices. */
export class PointCatalog {
  readonly #node: string;
  readonly #devices = new Map<string, ReadonlyMap<string, ListedPoint>>();
  /** Points of which a person wants no history: `publish: {history: off}`. */
  readonly #silent = new Set<string>();

  constructor(node: string) {
    this.#node = node;
  }

  get names(): readonly string[] {
    return [...this.#devices.values()].flatMap((points) => [...points.values()].map(({ history }) => history.name));
  }

  /** Takes a page; an empty one says that the device is gone. */
  take(device: string, page: string): void {
    const points = page === '' || page.length > LONGEST_PAGE ? undefined : this.#parse(device, page);
    if (points === undefined) this.#devices.delete(device);
    else this.#devices.set(device, points);
  }

  /** Takes the page of a publish policy. */
  takePolicy(device: string, point: string, page: string): void {
    const policy = page.length > LONGEST_PAGE ? undefined : jsonIn(page);
    if (isRecord(policy) && policy.history === false) this.#silent.add(`${device}/${point}`);
    else this.#silent.delete(`${device}/${point}`);
  }

  isRecorded({ device, point }: ListedPoint): boolean {
    return !this.#silent.has(`${device}/${point}`);
  }

  find(device: string, point: string): ListedPoint | undefined {
    return this.#devices.get(device)?.get(point);
  }

  pointsOf(device: string): readonly ListedPoint[] {
    return [...(this.#devices.get(device)?.values() ?? [])];
  }

  #parse(device: string, text: string): ReadonlyMap<string, ListedPoint> | undefined {
    const page = jsonIn(text);
    if (!isRecord(page) || !isRecord(page.points)) return undefined;
    const listed = Object.entries(page.points)
      .slice(0, MOST_POINTS)
      .flatMap(([point, spec]): [string, ListedPoint][] => {
        const history = isName(point) ? historyPoint(`${this.#node}.${device}.${point}`, spec) : undefined;
        const isRetained = isRecord(spec) && spec.retained === true;
        return history === undefined ? [] : [[point, { device, point, history, isRetained }]];
      });
    return new Map(listed);
  }
}

function historyPoint(name: string, spec: unknown): HistoryPoint | undefined {
  if (!isRecord(spec) || !isPointType(spec.type)) return undefined;
  const { type, unit, stateClass } = spec;
  const isCounter = stateClass === 'total' || stateClass === 'total_increasing';
  return { name, type, ...(typeof unit === 'string' ? { unit } : {}), ...(isCounter ? { counter: stateClass } : {}) };
}
