import { DatabaseSync } from 'node:sqlite';
import { deviceBytes, itemOf, perSecond } from './load.ts';

/** A database of the same records, each in a transaction of its own that is on the disk. */
export function sqliteOneByOne(path: string, count: number): { perS: number; bytes: number } {
  const database = new DatabaseSync(path);
  database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL');
  database.exec('CREATE TABLE record (seq INTEGER PRIMARY KEY, topic TEXT, time INTEGER, payload BLOB)');
  const insert = database.prepare('INSERT INTO record (topic, time, payload) VALUES (?, ?, ?)');
  const before = deviceBytes();
  const begin = performance.now();
  for (let index = 0; index < count; index += 1) {
    const { topic, time, payload } = itemOf(index, 'sync');
    insert.run(topic, time, payload);
  }
  const perS = perSecond(count, begin);
  const bytes = (deviceBytes() - before) / count;
  database.close();
  return { perS, bytes };
}
