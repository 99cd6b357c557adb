import { closeSync, openSync } from 'node:fs';
import type { DatabaseSync } from 'node:sqlite';
import { HanbusError } from '../../kit/errors.ts';
import { Damage } from './damage.ts';

/** The form that this version writes; a newer one is left alone. */
export const FORM = 1;

const CORRUPT = 11;
const NO_DATABASE = 26;
const PLAIN_ERROR = 1;

/** Rows that came back wrong, or a structure that SQLite cannot follow; not a disk that is full or refuses. */
export function isDamage(error: unknown): boolean {
  const code = sqliteCode(error);
  return error instanceof Damage || code === CORRUPT || code === NO_DATABASE;
}

/** While a file is opened, an ordinary error too is damage: a table that has another name, say. */
export function isDamagedFile(error: unknown): boolean {
  return isDamage(error) || sqliteCode(error) === PLAIN_ERROR;
}

/** The kind of an error of SQLite: 13 a full disk, 8 read-only ... */
function sqliteCode(error: unknown): number | undefined {
  if (!(error instanceof Error) || !('errcode' in error) || typeof error.errcode !== 'number') return undefined;
  return error.errcode % 256;
}

/** Opens or makes a database. Throws HB386 when this Node has no SQLite, HB129 when a newer hanbus wrote the file. */
export function openSqlite(path: string): DatabaseSync {
  // Loading it costs 3 MB, so only who has a history pays.
  const sqlite = process.getBuiltinModule('node:sqlite') as typeof import('node:sqlite') | undefined;
  if (sqlite === undefined) {
    const fix = 'use Node 22.13 or newer; npm start in a checkout brings the right one';
    throw new HanbusError('HB386', `Node ${process.versions.node} has no SQLite`, { fix });
  }
  // Nobody else's business; SQLite gives the log the mode of the file.
  closeSync(openSync(path, 'a', 0o600));
  const db = new sqlite.DatabaseSync(path);
  try {
    prepare(db, path);
    return db;
  } catch (error) {
    db.close();
    throw error;
  }
}

/**
 * SQLite itself never waits for the disk: `wal.ts` syncs in the order that a write-ahead log needs, on other threads.
 * Exclusive: no file of shared memory, and a second process is refused.
 */
function prepare(db: DatabaseSync, path: string): void {
  db.exec('PRAGMA auto_vacuum = INCREMENTAL; PRAGMA locking_mode = EXCLUSIVE; PRAGMA busy_timeout = 0');
  const form = db.prepare('PRAGMA user_version').get()?.user_version;
  if (typeof form === 'number' && form > FORM) {
    const fix = `install the newer hanbus again, or move ${path} away`;
    throw new HanbusError('HB129', `${path} was written by a newer hanbus`, { fix });
  }
  const mode = db.prepare('PRAGMA journal_mode = WAL').get()?.journal_mode;
  if (mode !== 'wal') throw new Error(`the file system cannot keep a write-ahead log (${String(mode)})`);
  db.exec('PRAGMA synchronous = OFF; PRAGMA wal_autocheckpoint = 0; PRAGMA temp_store = MEMORY');
  db.exec('PRAGMA cache_size = -1024');
}
