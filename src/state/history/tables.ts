import type { DatabaseSync, SQLInputValue, StatementSync } from 'node:sqlite';
import { Damage } from './damage.ts';
import { FORM } from './sqlite.ts';
import {
  batchOf,
  blockOf,
  type Fields,
  pointOf,
  type Slot,
  type StoredBatch,
  type StoredBlock,
  type StoredPoint,
  type StoredTotal,
  slotOf,
  sumOf,
  totalOf,
} from './stored.ts';

/** Every row carries a checksum: SQLite has none, and a flipped bit would come back as a value. */
const SCHEMA: Readonly<Record<string, string>> = {
  point: 'CREATE TABLE point (id INTEGER PRIMARY KEY, facts TEXT NOT NULL, sum INTEGER NOT NULL)',
  journal: `CREATE TABLE journal (id INTEGER PRIMARY KEY, base INTEGER NOT NULL, data BLOB NOT NULL,
    sum INTEGER NOT NULL)`,
  slot: 'CREATE TABLE slot (id INTEGER PRIMARY KEY, first INTEGER NOT NULL, last INTEGER NOT NULL, sum INTEGER NOT NULL)',
  block: `CREATE TABLE block (slot INTEGER NOT NULL, point INTEGER NOT NULL, base INTEGER NOT NULL,
    data BLOB NOT NULL, sum INTEGER NOT NULL, PRIMARY KEY (slot, point)) WITHOUT ROWID`,
  total: `CREATE TABLE total (point INTEGER NOT NULL, day INTEGER NOT NULL, increase REAL NOT NULL,
    last REAL NOT NULL, sum INTEGER NOT NULL, PRIMARY KEY (point, day)) WITHOUT ROWID`,
};

/** Makes the tables in a new database. Throws Damage when they are not what they were made as. */
function makeTables(db: DatabaseSync): void {
  const made = db.prepare('SELECT name, sql FROM sqlite_schema').all();
  if (made.length === 0) db.exec(`BEGIN; ${Object.values(SCHEMA).join(';')}; COMMIT`);
  else if (made.length !== Object.keys(SCHEMA).length || made.some(({ name, sql }) => SCHEMA[String(name)] !== sql))
    throw new Damage('the tables of the history have another form');
  // Also so that the write-ahead log is there.
  db.exec(`PRAGMA user_version = ${FORM}`);
}

/** The tables of the history: what goes in, comes out whole or as Damage. */
export class HistoryTables {
  readonly #db: DatabaseSync;
  readonly #statements = new Map<string, StatementSync>();

  /** Makes the tables where there are none. Throws Damage when they have another form. */
  constructor(db: DatabaseSync) {
    this.#db = db;
    makeTables(db);
  }

  /** All or nothing. */
  transaction(work: () => void): void {
    this.begin();
    try {
      work();
      this.commit();
    } catch (error) {
      this.rollback();
      throw error;
    }
  }

  begin(): void {
    this.#db.exec('BEGIN');
  }

  commit(): void {
    this.#db.exec('COMMIT');
  }

  rollback(): void {
    if (this.#db.isTransaction) this.#db.exec('ROLLBACK');
  }

  points(): StoredPoint[] {
    return this.#all('SELECT id, facts, sum FROM point ORDER BY id').map(pointOf);
  }

  putPoint({ id, facts }: StoredPoint): void {
    this.#run('INSERT OR REPLACE INTO point VALUES (?, ?, ?)', [id, facts, sumOf([id, facts])]);
  }

  /** Undefined: there is none after `id`. */
  batchAfter(id: number): StoredBatch | undefined {
    const row = this.#get('SELECT id, base, data, sum FROM journal WHERE id > ? ORDER BY id LIMIT 1', [id]);
    return row === undefined ? undefined : batchOf(row);
  }

  putBatch({ id, base, data }: StoredBatch): void {
    this.#run('INSERT INTO journal VALUES (?, ?, ?, ?)', [id, base, data, sumOf([id, base], data)]);
  }

  dropBatches(upTo: number): void {
    this.#run('DELETE FROM journal WHERE id <= ?', [upTo]);
  }

  slots(): Slot[] {
    return this.#all('SELECT id, first, last, sum FROM slot ORDER BY id').map(slotOf);
  }

  putSlot({ id, first, last }: Slot): void {
    this.#run('INSERT OR REPLACE INTO slot VALUES (?, ?, ?, ?)', [id, first, last, sumOf([id, first, last])]);
  }

  dropSlot(id: number): void {
    this.#run('DELETE FROM block WHERE slot = ?', [id]);
    this.#run('DELETE FROM slot WHERE id = ?', [id]);
  }

  block(slot: number, point: number): StoredBlock | undefined {
    const sql = 'SELECT slot, point, base, data, sum FROM block WHERE slot = ? AND point = ?';
    const row = this.#get(sql, [slot, point]);
    return row === undefined ? undefined : blockOf(row);
  }

  /** The numbers of the points in a slot. */
  pointsIn(slot: number): number[] {
    return this.#all('SELECT point FROM block WHERE slot = ?', [slot]).map(({ point }) => Number(point));
  }

  putBlock({ slot, point, base, data }: StoredBlock): void {
    const sum = sumOf([slot, point, base], data);
    this.#run('INSERT OR REPLACE INTO block VALUES (?, ?, ?, ?, ?)', [slot, point, base, data, sum]);
  }

  dropBlock(slot: number, point: number): void {
    this.#run('DELETE FROM block WHERE slot = ? AND point = ?', [slot, point]);
  }

  totals(point: number, since: number): StoredTotal[] {
    const sql = 'SELECT point, day, increase, last, sum FROM total WHERE point = ? AND day >= ? ORDER BY day';
    return this.#all(sql, [point, since]).map(totalOf);
  }

  lastTotal(point: number): StoredTotal | undefined {
    const sql = 'SELECT point, day, increase, last, sum FROM total WHERE point = ? ORDER BY day DESC LIMIT 1';
    const row = this.#get(sql, [point]);
    return row === undefined ? undefined : totalOf(row);
  }

  putTotal({ point, day, increase, last }: StoredTotal): void {
    const sum = sumOf([point, day, increase, last]);
    this.#run('INSERT OR REPLACE INTO total VALUES (?, ?, ?, ?, ?)', [point, day, increase, last, sum]);
  }

  dropTotalsBefore(day: number): void {
    this.#run('DELETE FROM total WHERE day < ?', [day]);
  }

  #all(sql: string, values: readonly SQLInputValue[] = []): Fields[] {
    return this.#prepared(sql).all(...values);
  }

  #get(sql: string, values: readonly SQLInputValue[]): Fields | undefined {
    return this.#prepared(sql).get(...values);
  }

  #run(sql: string, values: readonly SQLInputValue[]): void {
    this.#prepared(sql).run(...values);
  }

  #prepared(sql: string): StatementSync {
    let statement = this.#statements.get(sql);
    if (statement === undefined) {
      statement = this.#db.prepare(sql);
      this.#statements.set(sql, statement);
    }
    return statement;
  }
}
