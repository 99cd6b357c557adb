import type { Clock } from '../kit/clock.ts';
import type { Value } from '../schemes/reading.ts';
import type { Journal } from './journal.ts';
import type { FinalState } from './pending.ts';

/** One line of the trail: who wanted what, and what became of it. */
export interface TrailRow {
  readonly id: string;
  /** `device.point` */
  readonly point: string;
  readonly value: Value | null;
  readonly by: string;
  readonly origin: string;
  /** Wall ms. */
  at: number;
  readonly st: FinalState;
  readonly code?: string;
  readonly why?: string;
  /** From its arrival to its outcome. */
  ms: number;
  /** Like ones in a row, this one included. */
  times: number;
}

export const TRAIL_ROWS = 1_000;
/** Like commands within this time are one row. */
const LIKE_MS = 60_000;
/** Rows go to the disk together, so a busy rule does not wear it out. */
const WRITE_MS = 30_000;
/** Rows written at one time; of more the newest are kept. */
const WRITE_ROWS = 100;

interface Kept {
  readonly row: TrailRow;
  readonly slot: number;
}

interface How {
  /** What makes two rows alike. */
  readonly key: string;
  readonly isKept: boolean;
}

/** The last commands, bounded, kept over restarts; what came in the last half minute may be lost by a power cut. */
export class Trail {
  readonly #journal: Journal;
  readonly #clock: Clock;
  /** Oldest first. */
  readonly #rows: Kept[];
  readonly #latest = new Map<string, Kept>();
  readonly #unwritten = new Set<Kept>();
  #slot: number;
  #cancel: (() => void) | undefined;

  constructor(journal: Journal, clock: Clock) {
    this.#journal = journal;
    this.#clock = clock;
    this.#rows = [...journal.found.trail]
      .flatMap(([slot, row]): Kept[] => (isRow(row) ? [{ row, slot }] : []))
      .sort((a, b) => a.row.at - b.row.at);
    journal.found.trail.clear();
    this.#slot = (this.#rows.at(-1)?.slot ?? -1) + 1;
  }

  /** `isKept`: it goes to the disk too; a refusal does not, or a stranger could wear it out. */
  add(row: TrailRow, isKept = true): void {
    const key = `${row.point}|${row.by}|${row.origin}|${row.st}|${row.code ?? ''}`;
    const like = this.#latest.get(key);
    if (like !== undefined && this.#rows.at(-1) === like && row.at - like.row.at < LIKE_MS && row.at >= like.row.at) {
      this.#replace(like, { ...row, times: like.row.times + 1 }, { key, isKept });
      return;
    }
    const kept = { row, slot: this.#slot % TRAIL_ROWS };
    this.#slot += 1;
    this.#rows.push(kept);
    if (this.#rows.length > TRAIL_ROWS) this.#rows.shift();
    this.#remember(kept, { key, isKept });
  }

  /** Newest first. */
  list(point: string | undefined, limit: number): TrailRow[] {
    const rows = this.#rows.map(({ row }) => row).filter((row) => point === undefined || row.point === point);
    return rows.toReversed().slice(0, limit);
  }

  /** Hands everything to the journal. */
  flush(): void {
    this.#cancel?.();
    this.#cancel = undefined;
    const fresh = [...this.#unwritten].slice(-WRITE_ROWS);
    this.#unwritten.clear();
    for (const { slot, row } of fresh) this.#journal.keepTrail(slot, row);
  }

  #replace(like: Kept, row: TrailRow, how: How): void {
    const kept = { row, slot: like.slot };
    this.#rows[this.#rows.length - 1] = kept;
    this.#unwritten.delete(like);
    this.#remember(kept, how);
  }

  #remember(kept: Kept, { key, isKept }: How): void {
    if (this.#latest.size >= TRAIL_ROWS) this.#latest.clear();
    this.#latest.set(key, kept);
    if (!isKept) return;
    this.#unwritten.add(kept);
    if (this.#unwritten.size > TRAIL_ROWS) this.flush();
    this.#cancel ??= this.#clock.after(WRITE_MS, () => this.flush());
  }
}

function isRow(row: unknown): row is TrailRow {
  if (typeof row !== 'object' || row === null) return false;
  const all = new Map<string, unknown>(Object.entries(row));
  const texts = ['id', 'point', 'by', 'origin', 'st'].every((key) => typeof all.get(key) === 'string');
  return texts && ['at', 'ms', 'times'].every((key) => typeof all.get(key) === 'number') && all.has('value');
}
