import type { DatabaseSync } from 'node:sqlite';
import type { HeldFile, HistoryDisk } from './disk.ts';

/** The log is written into the database when it has so many bytes: seldom, as each page then goes once for many changes. */
const LARGE = 1_048_576;
const PAGE = 4_096;

/** What went to the disk. */
export interface Written {
  times: number;
  bytes: number;
  syncs: number;
}

/**
 * Syncs the write-ahead log of a database on other threads, in the order that a power cut needs: the log, then what is
 * copied from it, then the empty log. SQLite itself would do the same, and the event loop would wait for the card.
 */
export class Wal {
  readonly #db: DatabaseSync;
  readonly #log: HeldFile;
  readonly #main: HeldFile;
  readonly #written: Written;
  #size = 0;

  private constructor(db: DatabaseSync, files: { readonly main: HeldFile; readonly log: HeldFile }, written: Written) {
    this.#db = db;
    this.#log = files.log;
    this.#main = files.main;
    this.#written = written;
  }

  static async open(db: DatabaseSync, place: { path: string; disk: HistoryDisk }, written: Written): Promise<Wal> {
    const { path, disk } = place;
    const main = await disk.hold(path);
    try {
      const wal = new Wal(db, { main, log: await disk.hold(`${path}-wal`) }, written);
      wal.#size = await wal.#log.size();
      // A new database is one page that says there is a log: without it on the disk, SQLite throws the log away.
      await wal.#synced(main);
      await disk.syncFolder(path);
      return wal;
    } catch (error) {
      await main.close();
      throw error;
    }
  }

  get isLarge(): boolean {
    return this.#size >= LARGE;
  }

  /** Resolves when every transaction so far is on the disk. */
  async sync(): Promise<void> {
    const size = await this.#log.size();
    this.#written.times += 1;
    this.#written.bytes += Math.max(0, size - this.#size);
    this.#size = size;
    await this.#synced(this.#log);
  }

  /** Brings the log into the database and empties it. No transaction may begin before it is done. */
  async checkpoint(): Promise<void> {
    await this.sync();
    const pages = Math.min(this.#checkpoint('PASSIVE'), Math.ceil((await this.#main.size()) / PAGE));
    this.#written.bytes += pages * PAGE;
    await this.#synced(this.#main);
    this.#checkpoint('TRUNCATE');
    await this.#synced(this.#log);
    this.#size = 0;
  }

  /** The files are held until the database was closed. */
  async close(closeDatabase: () => void): Promise<void> {
    try {
      closeDatabase();
    } finally {
      await Promise.all([this.#log.close(), this.#main.close()]);
    }
  }

  async #synced(file: HeldFile): Promise<void> {
    this.#written.syncs += 1;
    await file.sync();
  }

  /** Pages that were in the log. */
  #checkpoint(mode: 'PASSIVE' | 'TRUNCATE'): number {
    const { busy, log } = this.#db.prepare(`PRAGMA wal_checkpoint(${mode})`).get() ?? {};
    if (busy !== 0) throw new Error('the write-ahead log is in use by another process');
    return typeof log === 'number' ? Math.max(0, log) : 0;
  }
}
