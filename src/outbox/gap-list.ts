import type { Entry } from './entry.ts';
import type { Gap } from './item.ts';

/** A gap as it is kept: positions are those of the first and the last lost item. */
export interface LostItems {
  readonly reason: Gap['reason'];
  /** 0: not known. */
  readonly count: number;
  readonly fromSeq: number;
  readonly toSeq: number;
  readonly from: number;
  readonly to: number;
}

interface Row {
  lost: LostItems;
  /** Items of the same run have none between them that could still be there; -1: of an earlier life. */
  readonly run: number;
  isPulled: boolean;
}

/** More are merged, so that a reader that never reads costs no more. */
const MOST_GAPS = 200;

/** What one reader has lost, oldest first. */
export class GapList {
  #rows: Row[] = [];
  /** Something that the disk does not know yet. */
  isChanged = false;

  get all(): readonly LostItems[] {
    return this.#rows.map(({ lost }) => lost);
  }

  get hasUnread(): boolean {
    return this.#rows.some(({ isPulled }) => !isPulled);
  }

  /** It was lost in an earlier life, and told so. */
  covers({ seq, isSync, isAlarm }: Entry): boolean {
    return this.#rows.some(({ lost: { reason, fromSeq, toSeq } }) => {
      if (seq < fromSeq || seq > toSeq) return false;
      return reason === 'age' || (reason === 'full' && !isSync && !isAlarm);
    });
  }

  /** One more is lost. */
  lose({ seq, time, run }: Entry, reason: Gap['reason']): void {
    const last = this.#rows.at(-1);
    this.isChanged = true;
    const one = { reason, count: 1, fromSeq: seq, toSeq: seq, from: time, to: time };
    const isNext = last !== undefined && (last.run === run || last.lost.toSeq + 1 === seq);
    if (isNext && !last.isPulled && last.lost.reason === reason && last.lost.toSeq < seq) {
      last.lost = merged(last.lost, one);
      return;
    }
    this.add(one, run);
  }

  add(lost: LostItems, run = -1): void {
    const isKnown = this.#rows.some((row) => row.lost.fromSeq === lost.fromSeq && row.lost.toSeq >= lost.toSeq);
    if (isKnown) return;
    this.isChanged = true;
    const at = this.#rows.findLastIndex((row) => row.lost.toSeq <= lost.toSeq) + 1;
    this.#rows.splice(at, 0, { lost, run, isPulled: false });
    if (this.#rows.length > MOST_GAPS) this.#mergeOldest();
  }

  /** Those before this position that were not given yet, as one. */
  take(before: number): Gap | undefined {
    let found: LostItems | undefined;
    for (const row of this.#rows) {
      if (row.isPulled) continue;
      if (row.lost.toSeq >= before) break;
      row.isPulled = true;
      found = found === undefined ? row.lost : merged(found, row.lost);
    }
    if (found === undefined) return undefined;
    const { reason, count, toSeq, from, to } = found;
    return { kind: 'gap', position: toSeq, reason, ...(count === 0 ? {} : { count }), from, to };
  }

  /** They were given, and told. */
  acknowledge(position: number): void {
    const left = this.#rows.filter(({ isPulled, lost }) => !isPulled || lost.toSeq > position);
    if (left.length === this.#rows.length) return;
    this.#rows = left;
    this.isChanged = true;
  }

  rewind(): void {
    for (const row of this.#rows) row.isPulled = false;
  }

  #mergeOldest(): void {
    const [first, second, ...rest] = this.#rows;
    if (first === undefined || second === undefined) return;
    const isPulled = first.isPulled && second.isPulled;
    this.#rows = [{ lost: merged(first.lost, second.lost), run: second.run, isPulled }, ...rest];
  }
}

function merged(one: LostItems, other: LostItems): LostItems {
  return {
    reason: one.count === 0 ? other.reason : one.reason,
    count: one.count + other.count,
    fromSeq: Math.min(one.fromSeq, other.fromSeq),
    toSeq: Math.max(one.toSeq, other.toSeq),
    from: Math.min(one.from, other.from),
    to: Math.max(one.to, other.to),
  };
}
