import type { DatabaseSync } from 'node:sqlite';
import { batchOf, grouped, type NewRow, rowsIn } from './batch.ts';
import { Damage } from './damage.ts';
import type { HistoryDisk } from './disk.ts';
import { Meters } from './meters.ts';
import { factsOf, NOBODY, PointBook, type PointEntry } from './point-book.ts';
import { inOrder, type Row } from './row.ts';
import { encodeRows } from './row-codec.ts';
import { openSqlite } from './sqlite.ts';
import type { Slot } from './stored.ts';
import { HistoryTables } from './tables.ts';
import type { Turn } from './turn.ts';
import { Wal, type Written } from './wal.ts';

export interface StorePlace {
  readonly path: string;
  readonly disk: HistoryDisk;
  readonly written: Written;
}

const PAGE = 4_096;

/**
 * An open database: a journal of what came since the last slot, whose rows are in memory too, and slots with the rows of
 * each point in one block. So a minute costs one or two pages, and a week of a point is read in some dozens of rows.
 */
export class HistoryStore {
  readonly tables: HistoryTables;
  readonly book: PointBook;
  readonly meters: Meters;
  readonly wal: Wal;
  readonly slots: Slot[];
  /** Rows in no block. */
  openRows = 0;
  /** Wall time of the newest row of them all. */
  newest = 0;
  readonly #db: DatabaseSync;
  #lastBatch = 0;
  #lastSlot: number;

  private constructor(db: DatabaseSync, tables: HistoryTables, wal: Wal) {
    this.#db = db;
    this.tables = tables;
    this.wal = wal;
    this.meters = new Meters(tables);
    this.book = new PointBook(tables.points());
    this.slots = tables.slots();
    this.#lastSlot = Math.max(0, ...this.slots.map(({ id }) => id));
    this.newest = Math.max(0, ...this.slots.map(({ last }) => last));
  }

  /** Throws Damage or errors of SQLite and of the disk; nothing is open then. */
  static async open(place: StorePlace, turn: Turn): Promise<HistoryStore> {
    const db = openSqlite(place.path);
    let wal: Wal | undefined;
    try {
      const tables = new HistoryTables(db);
      wal = await Wal.open(db, place, place.written);
      const store = new HistoryStore(db, tables, wal);
      await store.#replay(turn);
      return store;
    } catch (error) {
      if (wal === undefined) db.close();
      else await wal.close(() => db.close());
      throw error;
    }
  }

  get bytes(): number {
    return (this.#pragma('page_count') - this.#pragma('freelist_count')) * PAGE;
  }

  /** In memory; `commit` puts it on the disk. False: there are too many points. */
  add({ point, row }: NewRow): boolean {
    const entry = this.book.entry(point);
    if (entry === undefined) return false;
    this.#take(entry, row);
    return true;
  }

  /** Says that nobody was there since the newest row; undefined when there is none. */
  markOfAbsence(): NewRow | undefined {
    if (this.newest === 0) return undefined;
    return { point: NOBODY, row: { time: this.newest + 1, value: undefined, quality: 'stale' } };
  }

  /** Writes rows that were added, in one transaction. */
  commit(rows: readonly NewRow[]): void {
    const groups = grouped(rows, this.book);
    const fresh = [...groups.keys()].filter(({ isStored }) => !isStored);
    const batch = batchOf(this.#lastBatch + 1, groups);
    this.tables.transaction(() => {
      for (const { id, point } of fresh) this.tables.putPoint({ id, facts: factsOf(point) });
      this.tables.putBatch(batch);
    });
    for (const entry of fresh) entry.isStored = true;
    this.#lastBatch = batch.id;
  }

  /** Makes a slot of all rows in memory; each of them was committed. */
  async seal(turn: Turn, now: number): Promise<void> {
    const entries = [...this.book.entries].filter(({ open }) => open.length > 0);
    for (const entry of entries) {
      entry.sealed = inOrder(entry.open);
      entry.open = [];
    }
    const sealed = this.openRows;
    try {
      this.slots.push(await this.#write(entries, turn, now));
      this.openRows -= sealed;
    } catch (error) {
      this.tables.rollback();
      for (const entry of entries) entry.open = [...entry.sealed, ...entry.open];
      throw error;
    } finally {
      for (const entry of entries) entry.sealed = [];
    }
  }

  /** Takes the oldest slot away. */
  dropOldest(): void {
    const [oldest] = this.slots;
    if (oldest === undefined) return;
    this.tables.transaction(() => this.tables.dropSlot(oldest.id));
    this.slots.shift();
  }

  /** Gives pages that nobody uses back to the file system, some at a time. */
  shrink(): void {
    const free = this.#pragma('freelist_count');
    if (free > 256 && free * 2 > this.#pragma('page_count')) this.#db.exec('PRAGMA incremental_vacuum(64)');
  }

  /** What is written is on the disk, and the log is empty. */
  async close(): Promise<void> {
    try {
      this.tables.rollback();
      // From here on SQLite syncs by itself: the process may end before this does, and then the database is closed for it.
      this.#db.exec('PRAGMA synchronous = FULL');
      await this.wal.checkpoint();
    } finally {
      await this.wal.close(() => this.#db.close());
    }
  }

  async #write(entries: readonly PointEntry[], turn: Turn, now: number): Promise<Slot> {
    const id = this.#lastSlot + 1;
    const firsts = entries.map(({ sealed }) => sealed[0]?.time ?? now);
    const lasts = entries.map(({ sealed }) => sealed.at(-1)?.time ?? now);
    const slot = { id, first: Math.min(...firsts), last: Math.max(...lasts) };
    this.tables.begin();
    for (const [index, entry] of entries.entries()) {
      const base = firsts[index] ?? now;
      this.tables.putBlock({ slot: id, point: entry.id, base, data: encodeRows(entry.sealed, base) });
      if (turn.isOver) await turn.pass();
    }
    this.tables.dropBatches(this.#lastBatch);
    this.tables.putSlot(slot);
    this.meters.save(now);
    this.tables.commit();
    this.meters.saved();
    this.#lastSlot = id;
    return slot;
  }

  async #replay(turn: Turn): Promise<void> {
    for (let batch = this.tables.batchAfter(0); batch !== undefined; batch = this.tables.batchAfter(batch.id)) {
      for (const [id, rows] of rowsIn(batch)) {
        const entry = this.book.withId(id);
        if (entry === undefined) throw new Damage('a batch of the history names a point that is not there');
        for (const row of rows) this.#take(entry, row);
      }
      this.#lastBatch = batch.id;
      if (turn.isOver) await turn.pass();
    }
  }

  #take(entry: PointEntry, row: Row): void {
    entry.open.push(row);
    entry.saw(row.time, row.time);
    this.openRows += 1;
    this.newest = Math.max(this.newest, row.time);
    this.meters.add(entry.id, entry.point, row);
  }

  #pragma(name: 'freelist_count' | 'page_count'): number {
    return Number(this.#db.prepare(`PRAGMA ${name}`).get()?.[name] ?? 0);
  }
}
