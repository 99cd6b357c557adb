import { expect, test } from 'vitest';
import { NotStored } from '../../../src/state/log/not-stored.ts';
import type { Table } from '../../../src/state/log/table.ts';
import { settle } from '../../fakes/clock.ts';
import { cut, FakeDisk, type Fault, type Operation } from './fake-disk.ts';
import { contentOf, contentOn, openOn, seeded } from './harness.ts';

const CODES = ['EIO', 'ENOSPC', 'EROFS'];
const WRITING: readonly Operation[] = ['create', 'move', 'remove', 'reopen', 'sync', 'sync-folder', 'write', 'lock'];

const put = (table: Table, key: string, value: string): boolean => table.put(key, Buffer.from(value));

/** From the operation with this number on all writing fails, `count` times. */
function failFrom(disk: FakeDisk, first: number, { count, code }: { count: number; code: string }): void {
  let left = count;
  disk.onOperation = (operation): Fault | undefined => {
    if (disk.operations < first || left === 0 || !WRITING.includes(operation)) return undefined;
    left -= 1;
    return { code };
  };
}

/** Changes with a sync each; what was promised to be on the disk. */
async function work(table: Table, promised: Map<string, string>): Promise<void> {
  for (let n = 0; n < 60; n += 1) {
    const [key, value] = [`key ${n % 9}`, `${n} ${'x'.repeat((n * 37) % 100)}`];
    if (!put(table, key, value)) continue;
    await table.sync().then(
      () => promised.set(key, value),
      (error: unknown) => expect(error).toBeInstanceOf(NotStored),
    );
  }
}

/** The value of each key is the promised one or a later one: the number in front only grows. */
function expectKept(found: ReadonlyMap<string, string>, promised: ReadonlyMap<string, string>): void {
  for (const [key, value] of promised) {
    expect(Number.parseInt(found.get(key) ?? '-1', 10), key).toBeGreaterThanOrEqual(Number.parseInt(value, 10));
  }
}

test.each(CODES)('%s once, at any point: no promise is broken, and nobody notices', async (code) => {
  for (let first = 1; first < 200; first += 1) {
    const disk = new FakeDisk();
    failFrom(disk, first, { count: 1, code });
    const { table, codes, clock } = await openOn(disk);
    contentOf(table);
    const promised = new Map<string, string>();
    await work(table, promised);
    expect(promised.size).toBe(9);
    expect(table.writable).toBe(true);
    expectKept(await contentOn(cut(disk.moment(), seeded(first))), promised);
    expect(codes().filter((told) => told !== 'HB122')).toEqual([]);
    await clock.advance(1_000);
    await table.close();
  }
});

test.each(CODES)(
  '%s for long, from any point: those who wait are told, and all is well after the repair',
  async (code) => {
    for (let first = 1; first < 200; first += 3) {
      const disk = new FakeDisk();
      failFrom(disk, first, { count: Number.POSITIVE_INFINITY, code });
      const { table, codes, clock } = await openOn(disk);
      contentOf(table);
      const promised = new Map<string, string>();
      await work(table, promised);
      expectKept(contentOf((await openOn(cut(disk.moment(), seeded(first)))).table), promised);
      disk.onOperation = () => undefined;
      await clock.advance(10_000);
      await settle(300);
      expect(table.writable).toBe(true);
      put(table, 'last', '1');
      await table.sync();
      await table.close();
      const found = await contentOn(cut(disk.moment(), seeded(first)));
      for (let n = 0; n < 9; n += 1)
        expect(Number.parseInt(found.get(`key ${n}`) ?? '', 10)).toBe(n + (n < 6 ? 54 : 45));
      expect(codes().length).toBeLessThanOrEqual(2);
    }
  },
);

test('a short write is gone on with', async () => {
  const disk = new FakeDisk();
  disk.onOperation = (operation) => (operation === 'write' ? { short: 7 } : undefined);
  const { table, codes } = await openOn(disk);
  const promised = new Map<string, string>();
  await work(table, promised);
  expectKept(await contentOn(cut(disk.moment(), seeded(1))), promised);
  expect(codes()).toEqual([]);
});

test('a disk that takes no byte is full: sync rejects, and is tried again with patience', async () => {
  const disk = new FakeDisk();
  const { table, clock, lines, codes } = await openOn(disk);
  contentOf(table);
  put(table, 'a', '1');
  await table.sync();
  disk.onOperation = (operation) => (operation === 'write' ? { short: 0 } : undefined);
  put(table, 'a', '2');
  await expect(table.sync()).rejects.toMatchObject({ name: 'NotStored', code: 'HB122' });
  await expect(table.flush()).rejects.toBeInstanceOf(NotStored);
  expect(table.writable).toBe(false);
  await clock.advance(600_000);
  expect(codes()).toEqual(['HB122']);
  expect(disk.operations).toBeLessThan(1_000);
  disk.onOperation = () => undefined;
  await clock.advance(8_000);
  expect(table.writable).toBe(true);
  expect(lines.at(-1)?.text).toBe('state is kept on disk again');
  await table.sync();
  expect(await contentOn(cut(disk.moment(), seeded(1)))).toEqual(new Map([['a', '2']]));
});

test('what failed to sync is not synced again in the same file', async () => {
  const disk = new FakeDisk();
  const { table } = await openOn(disk, { segmentBytes: 100_000 });
  put(table, 'a', '1');
  await table.sync();
  put(table, 'b', '2');
  const synced: string[] = [];
  disk.onOperation = (operation, path) => {
    if (operation !== 'sync') return undefined;
    synced.push(path);
    return synced.length === 1 ? { code: 'EIO' } : undefined;
  };
  await table.sync();
  const [failed, ...others] = synced;
  expect(others.length).toBeGreaterThan(0);
  expect(others).not.toContain(failed);
  expect(await contentOn(cut(disk.moment(), seeded(1)))).toEqual(
    new Map([
      ['a', '1'],
      ['b', '2'],
    ]),
  );
});

test('memory is bounded while the disk refuses, and refused changes may be said again later', async () => {
  const disk = new FakeDisk();
  disk.onOperation = (operation) => (operation === 'create' ? { code: 'ENOSPC' } : undefined);
  const { table, clock } = await openOn(disk, { pendingBytes: 5_000 });
  let refused = 0;
  for (let n = 0; n < 1_000; n += 1) if (!put(table, `key ${n}`, 'x'.repeat(50))) refused += 1;
  expect(refused).toBeGreaterThan(900);
  expect(table.pendingBytes).toBeLessThan(5_100);
  disk.onOperation = () => undefined;
  await clock.advance(10_000);
  await table.sync();
  expect(put(table, 'key 999', 'again')).toBe(true);
  await table.close();
  expect((await contentOn(disk)).get('key 999')).toBe('again');
});

test('closing while the disk refuses tries once more, and ends', async () => {
  const disk = new FakeDisk();
  disk.onOperation = (operation) => (operation === 'write' ? { code: 'EIO' } : undefined);
  const { table, clock } = await openOn(disk);
  put(table, 'a', '1');
  await expect(table.sync()).rejects.toBeInstanceOf(NotStored);
  await table.close();
  expect(clock.pending).toBe(0);
  const second = await openOn(disk);
  put(second.table, 'a', '2');
  await expect(second.table.sync()).rejects.toBeInstanceOf(NotStored);
  disk.onOperation = () => undefined;
  await second.table.close();
  expect(await contentOn(disk)).toEqual(new Map([['a', '2']]));
});

test('a folder whose names cannot be read is not written over', async () => {
  const disk = new FakeDisk();
  const first = await openOn(disk);
  put(first.table, 'a', '1');
  await first.table.close();
  disk.onOperation = (operation) => (operation === 'list' ? { code: 'EACCES' } : undefined);
  const { table, clock, codes } = await openOn(disk);
  expect(contentOf(table)).toEqual(new Map());
  put(table, 'a', '2');
  await expect(table.sync()).rejects.toBeInstanceOf(NotStored);
  disk.onOperation = () => undefined;
  await clock.advance(60_000);
  await settle();
  expect(table.writable).toBe(false);
  expect(codes()).toEqual(['HB122']);
  await table.close();
  expect(await contentOn(disk)).toEqual(new Map([['a', '1']]));
});
