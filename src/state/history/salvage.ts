import type { DatabaseSync } from 'node:sqlite';
import { batchOf, rowsIn } from './batch.ts';
import { PointBook, type PointEntry } from './point-book.ts';
import type { Row } from './row.ts';
import { decodeRows } from './row-codec.ts';
import { blockOf, type Fields, pointOf, type Slot, batchOf as storedBatch, totalOf } from './stored.ts';
import type { HistoryTables } from './tables.ts';
import type { Turn } from './turn.ts';

/** What could be read of a damaged database. */
export interface Salvaged {
  rows: number;
  /** Rows of tables that could not. */
  lost: number;
}

const TABLES = {
  point: { key: 'id', order: 'id' },
  block: { key: 'slot', order: 'slot DIR, point' },
  journal: { key: 'id', order: 'id' },
  total: { key: 'point', order: 'point DIR, day' },
} as const;

/** Copies what is whole out of a damaged database: each table from its beginning and from its end, to the damage. */
export async function salvage(from: DatabaseSync, to: HistoryTables, turn: Turn): Promise<Salvaged> {
  const result: Salvaged = { rows: 0, lost: 0 };
  const work = new Salvage(from, to, result);
  to.begin();
  try {
    work.points();
    for (const step of [work.blocks(), work.batches(), work.totals()]) {
      for (const _ of step) if (turn.isOver) await turn.pass();
    }
    work.slots();
    to.commit();
  } catch (error) {
    to.rollback();
    throw error;
  }
  return result;
}

class Salvage {
  readonly #from: DatabaseSync;
  readonly #to: HistoryTables;
  readonly #result: Salvaged;
  readonly #slots = new Map<number, Slot>();
  #book = new PointBook([]);

  constructor(from: DatabaseSync, to: HistoryTables, result: Salvaged) {
    this.#from = from;
    this.#to = to;
    this.#result = result;
  }

  points(): void {
    const points = [...this.#whole('point', pointOf)];
    for (const point of points) this.#to.putPoint(point);
    this.#book = new PointBook(points);
  }

  *blocks(): Generator<void> {
    for (const block of this.#whole('block', blockOf)) {
      yield;
      const rows = this.#book.withId(block.point) === undefined ? [] : decodeRows(block.data, block.base);
      const [first, last] = [rows[0]?.time, rows.at(-1)?.time];
      if (first === undefined || last === undefined) continue;
      this.#to.putBlock(block);
      this.#result.rows += rows.length;
      const slot = this.#slots.get(block.slot) ?? { id: block.slot, first, last };
      this.#slots.set(block.slot, { ...slot, first: Math.min(first, slot.first), last: Math.max(last, slot.last) });
    }
  }

  *batches(): Generator<void> {
    for (const batch of this.#whole('journal', storedBatch)) {
      yield;
      const groups = new Map<PointEntry, readonly Row[]>();
      for (const [id, rows] of rowsIn(batch)) {
        const entry = this.#book.withId(id);
        if (entry === undefined) continue;
        groups.set(entry, rows);
        this.#result.rows += rows.length;
      }
      this.#to.putBatch(batchOf(batch.id, groups));
    }
  }

  *totals(): Generator<void> {
    for (const total of this.#whole('total', totalOf)) {
      yield;
      this.#to.putTotal(total);
    }
  }

  slots(): void {
    for (const slot of this.#slots.values()) this.#to.putSlot(slot);
  }

  /** The rows that are what was written, each once. */
  *#whole<T>(table: keyof typeof TABLES, parse: (fields: Fields) => T): Generator<T> {
    const seen = new Set<string>();
    for (const fields of this.#readable(table)) {
      const key = JSON.stringify([fields.id, fields.slot, fields.point, fields.day]);
      if (seen.has(key)) continue;
      seen.add(key);
      const row = this.#parsed(fields, parse);
      if (row !== undefined) yield row;
    }
  }

  #parsed<T>(fields: Fields, parse: (fields: Fields) => T): T | undefined {
    try {
      return parse(fields);
    } catch {
      // Counted: it is damage, and what was written is not known.
      this.#result.lost += 1;
      return undefined;
    }
  }

  *#readable(table: keyof typeof TABLES): Generator<Fields> {
    for (const direction of ['ASC', 'DESC']) {
      const order = `${TABLES[table].order.replace('DIR', direction)} ${direction}`;
      try {
        yield* this.#from.prepare(`SELECT * FROM ${table} ORDER BY ${order}`).iterate();
        return;
      } catch {
        // Counted: the rows before it were given, those after it come from the other end.
        this.#result.lost += 1;
      }
    }
  }
}
