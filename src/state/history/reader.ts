import { convertUnit } from '../../schemes/units.ts';
import { Damage } from './damage.ts';
import { NOBODY, type PointEntry } from './point-book.ts';
import { firstAt, inOrder, merged, type Row } from './row.ts';
import { decodeRows } from './row-codec.ts';
import type { HistoryStore } from './store.ts';
import type { Turn } from './turn.ts';

/** Rows in a piece of the time: of a slot, or those in memory. */
interface Piece {
  readonly first: number;
  readonly rows: () => readonly Row[];
}

/** Reads rows of a point out of slots and memory, piece by piece, in the order of time. */
export class HistoryReader {
  readonly #store: HistoryStore;
  readonly #turn: Turn;
  readonly #onDamage: (slot: number, point: number) => void;

  /** `onDamage` hears of a block that cannot be read; it is passed over. */
  constructor(store: HistoryStore, turn: Turn, onDamage: (slot: number, point: number) => void) {
    this.#store = store;
    this.#turn = turn;
    this.#onDamage = onDamage;
  }

  /** Rows with from <= time < to, in runs; and where nobody was there, rows without a value. */
  async *rows(name: string, from: number, to: number): AsyncGenerator<readonly Row[]> {
    const pieces = [...this.#store.book.named(name), ...this.#store.book.named(NOBODY.name)]
      .flatMap((entry) => this.#pieces(entry, from, to))
      .sort((a, b) => a.first - b.first);
    let held: readonly Row[] = [];
    for (const { first, rows } of pieces) {
      const ready = firstAt(held, first);
      if (ready > 0) yield held.slice(0, ready);
      const more = rows();
      const begin = firstAt(more, from);
      held = merged(held.slice(ready), more.slice(begin, firstAt(more, to)));
      if (this.#turn.isOver) await this.#turn.pass();
    }
    if (held.length > 0) yield held;
  }

  /** The last row before `time`; of an absence too. */
  async before(name: string, time: number): Promise<Row | undefined> {
    let best: Row | undefined;
    for (const entry of [...this.#store.book.named(name), ...this.#store.book.named(NOBODY.name)]) {
      best = later(best, await this.#lastOf(entry, time));
    }
    return best;
  }

  /** The unit in which a name is shown: that of its newest entry. */
  unitOf(name: string): string | undefined {
    return this.#store.book.named(name).at(-1)?.point.unit;
  }

  async #lastOf(entry: PointEntry, time: number): Promise<Row | undefined> {
    const unit = this.unitOf(entry.point.name);
    const lastIn = (rows: readonly Row[]) => converted(rows.slice(0, firstAt(rows, time)).slice(-1), entry, unit)[0];
    let best = later(lastIn(entry.sealed), lastIn(inOrder(entry.open)));
    for (const { id, first, last } of this.#store.slots.toReversed()) {
      if (first >= time || last <= (best?.time ?? Number.NEGATIVE_INFINITY)) continue;
      best = later(lastIn(this.#block(id, entry)), best);
      if (this.#turn.isOver) await this.#turn.pass();
    }
    return best;
  }

  #pieces(entry: PointEntry, from: number, to: number): Piece[] {
    const unit = this.unitOf(entry.point.name);
    const inUnit = (rows: readonly Row[]) => converted(rows, entry, unit);
    const slots = this.#store.slots.filter(({ first, last }) => first < to && last >= from);
    const stored = slots.map(({ id, first }) => ({ first, rows: () => inUnit(this.#block(id, entry)) }));
    // Taken now: they may be in a slot when they are read.
    const memory = [entry.sealed, inOrder(entry.open)].filter((rows) => rows.length > 0);
    return [...stored, ...memory.map((rows) => ({ first: rows[0]?.time ?? 0, rows: () => inUnit([...rows]) }))];
  }

  #block(slot: number, { id }: PointEntry): readonly Row[] {
    try {
      const block = this.#store.tables.block(slot, id);
      return block === undefined ? [] : decodeRows(block.data, block.base);
    } catch (error) {
      if (!(error instanceof Damage)) throw error;
      this.#onDamage(slot, id);
      return [];
    }
  }
}

function later(a: Row | undefined, b: Row | undefined): Row | undefined {
  if (a === undefined || b === undefined) return a ?? b;
  return a.time > b.time ? a : b;
}

/** Rows in another unit of the same dimension; none when it is of another one. */
function converted(rows: readonly Row[], { point }: PointEntry, unit: string | undefined): readonly Row[] {
  if (point.unit === unit || point.name === NOBODY.name) return rows;
  return rows.flatMap((row): readonly Row[] => {
    if (typeof row.value !== 'number') return row.value === undefined ? [row] : [];
    const value = convertUnit(row.value, point.unit ?? '', unit ?? '');
    return value === undefined ? [] : [{ ...row, value }];
  });
}
