import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type HistoryDisk, systemDisk } from '../../../src/state/history/disk.ts';
import type { History, HistoryPoint } from '../../../src/state/history/history.ts';
import { openHistory } from '../../../src/state/history/open-history.ts';
import { type FakeClock, makeFakeClock } from '../../fakes/clock.ts';
import { makeFakeLog } from '../../fakes/log.ts';

const LOAD: HistoryPoint = { name: 'kitchen.board.load', type: 'number' };

let folder: string;
let clock: FakeClock;
let fake: ReturnType<typeof makeFakeLog>;
let opened: History[];
/** What the disk says to a sync, and how much is free. */
let trouble: { sync?: Error; free?: number };

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'hanbus-trouble-'));
  clock = makeFakeClock();
  fake = makeFakeLog();
  opened = [];
  trouble = {};
});

afterEach(async () => {
  for (const history of opened) await history.close();
  rmSync(folder, { recursive: true });
});

const disk: HistoryDisk = {
  ...systemDisk,
  free: async (path) => trouble.free ?? (await systemDisk.free(path)),
  hold: async (path) => {
    const file = await systemDisk.hold(path);
    return { ...file, sync: () => (trouble.sync === undefined ? file.sync() : Promise.reject(trouble.sync)) };
  },
};

function open(name = 'history.db'): History {
  const history = openHistory({ path: join(folder, name), clock, log: fake.log, disk });
  opened.push(history);
  return history;
}

const codes = () => fake.lines.filter(({ level }) => level === 'warn').map(({ fields }) => fields.code);

async function minutes(history: History, count: number): Promise<void> {
  for (let minute = 0; minute < count; minute += 1) {
    history.add({ point: LOAD, value: minute, quality: 'good' });
    await clock.advance(60_000);
    await history.flush();
  }
}

async function values(history: History): Promise<unknown[]> {
  const found: unknown[] = [];
  for await (const { value } of history.readings([LOAD.name], 0, 4e12)) if (value !== undefined) found.push(value);
  return found;
}

test.each(['ENOSPC: no space left on device', 'EIO: i/o error', 'EROFS: read-only file system'])(
  '%s: told once, readings wait, and it comes back with them',
  async (message) => {
    const history = open();
    await minutes(history, 2);
    trouble.sync = new Error(message);
    await minutes(history, 5);
    expect(codes()).toEqual(['HB381']);
    expect(history.problems()).toMatchObject([{ code: 'HB381', message: expect.stringContaining(message) }]);
    await expect(values(history)).rejects.toMatchObject({ code: 'HB381' });
    delete trouble.sync;
    await minutes(history, 2);
    expect(history.problems()).toEqual([]);
    expect(await values(history)).toEqual([0, 1, 0, 1, 2, 3, 4, 0, 1]);
    expect(codes()).toEqual(['HB381']);
  },
);

test('less than 100 MB free: off, and back when there is more', async () => {
  trouble.free = 99_000_000;
  const history = open();
  await history.ready;
  await minutes(history, 3);
  expect(codes()).toEqual(['HB382']);
  trouble.free = 101_000_000;
  await minutes(history, 1);
  expect(await values(history)).toEqual([0, 1, 2, 0]);
  trouble.free = 0;
  await minutes(history, 1);
  expect(codes()).toEqual(['HB382', 'HB382']);
});

test('a folder that cannot be made: off, and memory stays bounded', async () => {
  writeFileSync(join(folder, 'file'), '');
  const history = open('file/history.db');
  await history.ready;
  for (let at = 0; at < 50_000; at += 1) history.add({ point: LOAD, value: at, quality: 'good' });
  expect(history.counts.waiting).toBeLessThanOrEqual(20_000);
  expect(history.counts.dropped).toBeGreaterThanOrEqual(30_000);
  expect(codes()).toEqual(['HB381']);
  await expect(history.query({ point: LOAD.name, from: 0, to: 1, buckets: 1 })).rejects.toMatchObject({
    code: 'HB381',
  });
});

test('two on one file: the second is off, the first goes on', async () => {
  const first = open();
  await minutes(first, 1);
  const second = open();
  await second.ready;
  expect(second.problems()).toMatchObject([{ code: 'HB381', message: expect.stringContaining('locked') }]);
  await minutes(first, 1);
  expect(first.problems()).toEqual([]);
});

test('a file of a newer hanbus is left as it is', async () => {
  const first = open();
  await minutes(first, 1);
  await first.close();
  const { DatabaseSync } = process.getBuiltinModule('node:sqlite');
  const db = new DatabaseSync(join(folder, 'history.db'));
  db.exec('PRAGMA user_version = 99');
  db.close();
  const second = open();
  await second.ready;
  expect(second.problems()).toMatchObject([{ code: 'HB129' }]);
});

test('a text is cut, a long structure is not kept, a flood is written before the minute is over', async () => {
  const history = open();
  await history.ready;
  const text: HistoryPoint = { name: 'kitchen.a.text', type: 'text' };
  history.add({ point: text, value: 'x'.repeat(5_000), quality: 'good' });
  history.add({ point: text, value: { list: Array.from({ length: 1_000 }, () => 1) }, quality: 'good' });
  expect((await history.lastBefore(text.name, 4e12))?.value).toBe('x'.repeat(1_000));
  expect(history.counts.dropped).toBe(1);
  for (let at = 0; at < 15_000; at += 1) history.add({ point: LOAD, value: at, quality: 'good' });
  await history.lastBefore(text.name, 4e12);
  await expect.poll(() => history.counts.waiting).toBe(0);
});

test('nothing is taken after the close, and closing twice is well', async () => {
  const history = open();
  await minutes(history, 1);
  await history.close();
  await history.close();
  history.add({ point: LOAD, value: 7, quality: 'good' });
  expect(history.counts.taken).toBe(1);
  await expect(values(history)).rejects.toMatchObject({ code: 'HB381' });
  expect(clock.pending).toBe(0);
});
