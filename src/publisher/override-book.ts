import type { PolicyText } from '../schemes/policy.ts';
import { parsePolicyPatch } from '../schemes/policy-parse.ts';
import { isRecord } from '../schemes/yaml-value.ts';
import type { Document } from '../state/document.ts';

/** What one change of a policy replaced. */
interface Change {
  /** `device.point` */
  readonly point: string;
  /** The overrides before it; null when there were none. */
  readonly before: PolicyText | null;
  /** ms since 1970. */
  readonly at: number;
}

interface Pages {
  readonly points: Readonly<Record<string, PolicyText>>;
  /** Oldest first. */
  readonly history: readonly Change[];
}

/** Changes per point that can be undone. */
export const KEPT_CHANGES = 20;
/** Changes of all points together. */
const KEPT_IN_ALL = 2_000;
/** A change is on disk before it is answered, unless another one was so recently: then the document's delay holds. */
const WRITE_EVERY_MS = 5_000;

/** The policies changed at run time, by `device.point`, kept over restarts, with the way back. */
export class OverrideBook {
  readonly #document: Document<unknown>;
  readonly #now: () => number;
  #pages: Pages;
  #writtenAt = 0;

  constructor(document: Document<unknown>, now: () => number) {
    this.#document = document;
    this.#now = now;
    this.#pages = parsePages(document.value);
  }

  /** False while the disk refuses: changes then last until the next start. */
  get isKept(): boolean {
    return this.#document.writable;
  }

  of(point: string): PolicyText | undefined {
    return Object.hasOwn(this.#pages.points, point) ? this.#pages.points[point] : undefined;
  }

  /** Every key changed at run time. */
  get all(): readonly (readonly [point: string, text: PolicyText])[] {
    return Object.entries(this.#pages.points);
  }

  /** Sets and takes back keys of a point's policy. */
  async change(point: string, set: PolicyText, unset: readonly string[]): Promise<void> {
    const before = this.of(point) ?? null;
    const kept = Object.entries(before ?? {}).filter(([key]) => !unset.includes(key));
    const change: Change = { point, before, at: this.#now() };
    const mine = this.#pages.history.filter((one) => one.point === point);
    const oldest = mine.length >= KEPT_CHANGES ? mine[0] : undefined;
    const history = [...this.#pages.history.filter((one) => one !== oldest), change].slice(-KEPT_IN_ALL);
    await this.#put(point, { ...Object.fromEntries(kept), ...set }, history);
  }

  /** The change that `undo` would take back. */
  last(point?: string): Pick<Change, 'at' | 'point'> | undefined {
    return this.#pages.history.findLast((one) => point === undefined || one.point === point);
  }

  /** Takes back the last change of a point, or of any. Gives the point, or undefined when there is nothing to undo. */
  async undo(point?: string): Promise<string | undefined> {
    const { history } = this.#pages;
    const last = history.findLast((one) => point === undefined || one.point === point);
    if (last === undefined) return undefined;
    await this.#put(
      last.point,
      last.before ?? {},
      history.filter((one) => one !== last),
    );
    return last.point;
  }

  async #put(point: string, text: PolicyText, history: readonly Change[]): Promise<void> {
    const { [point]: _before, ...others } = this.#pages.points;
    const points = Object.keys(text).length === 0 ? others : { ...others, [point]: text };
    this.#pages = { points, history };
    this.#document.set(this.#pages);
    if (Math.abs(this.#now() - this.#writtenAt) < WRITE_EVERY_MS) return;
    this.#writtenAt = this.#now();
    await this.#document.flush();
  }
}

/** Takes what is right of a stored book; what this version does not understand is left out. */
function parsePages(stored: unknown): Pages {
  if (!isRecord(stored)) return { points: {}, history: [] };
  const entries = Object.entries(isRecord(stored.points) ? stored.points : {});
  const points = entries.map(([point, text]) => [point, parsePolicyPatch(text).set] as const);
  const history = Array.isArray(stored.history) ? stored.history.flatMap(parseChange) : [];
  return { points: Object.fromEntries(points.filter(([, text]) => Object.keys(text).length > 0)), history };
}

function parseChange(stored: unknown): Change[] {
  if (!isRecord(stored)) return [];
  const { point, before, at } = stored;
  if (typeof point !== 'string' || typeof at !== 'number') return [];
  return [{ point, at, before: before === null ? null : parsePolicyPatch(before).set }];
}
