import { reasonOf } from '../../kit/errors.ts';
import type { Log } from '../../kit/log.ts';
import { Damage } from './damage.ts';
import { salvage } from './salvage.ts';
import { isDamagedFile, openSqlite } from './sqlite.ts';
import { HistoryStore, type StorePlace } from './store.ts';
import { HistoryTables } from './tables.ts';
import type { Turn } from './turn.ts';
import { Wal } from './wal.ts';

export interface OpenStore extends StorePlace {
  readonly log: Log;
  readonly turn: Turn;
}

const PAGE = 4_096;
const PARTS = ['', '-wal'];

/**
 * Opens the store. A damaged one is set aside as `<path>.bad`, and what can be read of it is taken over. Throws when the
 * disk refuses; what was begun then goes on at the next try.
 */
export async function openStore(options: OpenStore): Promise<HistoryStore> {
  const { path, disk, turn } = options;
  await disk.prepare(path);
  const isHalfDone = (await disk.size(path)) === undefined && (await disk.size(`${path}.bad`)) !== undefined;
  if (isHalfDone) await rebuild(options);
  try {
    await refuseStump(options);
    return await HistoryStore.open(options, turn);
  } catch (error) {
    if (!isDamagedFile(error)) throw error;
    return await replaceStore(options, error);
  }
}

/** What SQLite would take for a new database, or for one with an empty last page. A log may bring the rest. */
async function refuseStump({ path, disk }: OpenStore): Promise<void> {
  const size = (await disk.size(path)) ?? 0;
  const isCut = size % PAGE !== 0 && ((await disk.size(`${path}-wal`)) ?? 0) === 0;
  if (isCut || (size > 0 && size < PAGE)) throw new Damage('the end of the database is missing');
}

/** Sets a damaged store aside, which is closed, and opens a new one with what could be read. */
export async function replaceStore(options: OpenStore, error: unknown): Promise<HistoryStore> {
  const { path, disk, log, turn } = options;
  for (const part of PARTS) await disk.remove(`${path}.bad${part}`);
  // The log first: with the database gone and its log still there, the start would take it for a new one.
  for (const part of PARTS.toReversed()) await disk.move(`${path}${part}`, `${path}.bad${part}`);
  const { rows, lost } = await rebuild(options);
  const fix = 'nothing to do; if it comes again, change the card';
  log.warn('the history is damaged: it was set aside, and what could be read was taken over', {
    ...{ code: 'HB383', path: `${path}.bad`, readings: rows, unreadable: lost, reason: reasonOf(error), fix },
  });
  return await HistoryStore.open(options, turn);
}

/** Makes the store anew from the damaged one; it gets its name when it is whole. */
async function rebuild({ path, disk, turn, written }: OpenStore) {
  const fresh = `${path}.new`;
  for (const part of PARTS) await disk.remove(`${fresh}${part}`);
  const db = openSqlite(fresh);
  let result = { rows: 0, lost: 0 };
  let wal: Wal | undefined;
  try {
    const tables = new HistoryTables(db);
    wal = await Wal.open(db, { path: fresh, disk }, written);
    await disk.pad(`${path}.bad`);
    result = await fromBad(`${path}.bad`, tables, turn);
    await wal.checkpoint();
  } finally {
    if (wal === undefined) db.close();
    else await wal.close(() => db.close());
  }
  await disk.move(fresh, path);
  return result;
}

async function fromBad(path: string, tables: HistoryTables, turn: Turn) {
  let bad: ReturnType<typeof openSqlite>;
  try {
    bad = openSqlite(path);
  } catch (error) {
    if (isDamagedFile(error)) return { rows: 0, lost: 1 };
    throw error;
  }
  try {
    return await salvage(bad, tables, turn);
  } finally {
    bad.close();
  }
}
