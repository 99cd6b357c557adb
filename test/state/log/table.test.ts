import { expect, test } from 'vitest';
import { settle } from '../../fakes/clock.ts';
import { FakeDisk } from './fake-disk.ts';
import { contentOf, contentOn, FOLDER, openOn } from './harness.ts';

const text = (value: string): Buffer => Buffer.from(value);

test('a new table is empty, makes no file, and what was put is there after a restart', async () => {
  const disk = new FakeDisk();
  const { table, codes } = await openOn(disk);
  expect(contentOf(table)).toEqual(new Map());
  expect(disk.paths).toEqual([]);
  expect(table.put('r/a', text('1'))).toBe(true);
  table.put('r/ü/€', text(''));
  table.put('r/a', text('2'));
  table.put('r/gone', text('x'));
  expect(table.delete('r/gone')).toBe(true);
  expect(table.size).toBe(2);
  await table.close();
  expect(await contentOn(disk)).toEqual(
    new Map([
      ['r/a', '2'],
      ['r/ü/€', ''],
    ]),
  );
  expect(codes()).toEqual([]);
});

test('many changes are one write, and callers share a sync', async () => {
  const disk = new FakeDisk();
  const { table } = await openOn(disk, { segmentBytes: 1_000_000 });
  const syncs: Promise<void>[] = [];
  for (let n = 0; n < 1_000; n += 1) {
    table.put(`k${n}`, text('value'));
    syncs.push(table.sync());
  }
  await Promise.all(syncs);
  expect(table.written).toMatchObject({ times: 1, syncs: 1 });
  expect(table.pendingBytes).toBe(0);
});

test('callers that come while a sync runs share the next one', async () => {
  const disk = new FakeDisk();
  const { table } = await openOn(disk);
  table.put('a', text('1'));
  const first = table.sync();
  let later: Promise<void>[] = [];
  disk.onOperation = (operation) => {
    if (operation !== 'sync' || table.written.times === 0 || later.length > 0) return undefined;
    table.put('b', text('2'));
    later = [table.sync(), table.sync(), table.sync()];
    return undefined;
  };
  await first;
  await Promise.all(later);
  expect(later).toHaveLength(3);
  expect(table.written.syncs).toBe(2);
});

test('unasked, changes go to the operating system after 200 ms and to the disk after 15 s', async () => {
  const disk = new FakeDisk();
  const { table, clock } = await openOn(disk);
  table.put('a', text('1'));
  await clock.advance(199);
  expect(table.written.times).toBe(0);
  await clock.advance(1);
  expect(table.written).toMatchObject({ times: 1, syncs: 0 });
  expect(await contentOn(disk.afterKill())).toEqual(new Map([['a', '1']]));
  expect(table.pendingBytes).toBeGreaterThan(0);
  await clock.advance(15_000);
  expect(table.written.syncs).toBe(1);
  expect(table.pendingBytes).toBe(0);
});

test('flush hands everything to the operating system', async () => {
  const disk = new FakeDisk();
  const { table } = await openOn(disk);
  table.put('a', text('1'));
  await table.flush();
  expect(await contentOn(disk.afterKill())).toEqual(new Map([['a', '1']]));
  await table.flush();
  expect(table.written.times).toBe(1);
});

test('deleting what is not there costs nothing', async () => {
  const disk = new FakeDisk();
  const { table } = await openOn(disk);
  expect(table.delete('nobody')).toBe(true);
  await table.sync();
  expect(disk.paths).toEqual([]);
});

test('what waits for the disk is bounded: more is refused, and taken again when there is room', async () => {
  const disk = new FakeDisk();
  const { table } = await openOn(disk, { pendingBytes: 1_000, segmentBytes: 100_000 });
  let taken = 0;
  while (table.put(`k${taken}`, text('x'.repeat(100)))) taken += 1;
  expect(taken).toBeGreaterThan(5);
  expect(table.pendingBytes).toBeLessThanOrEqual(1_000);
  let deleted = 0;
  while (table.delete(`k${deleted}`)) deleted += 1;
  expect(deleted).toBeLessThan(taken);
  expect(table.size).toBe(taken - deleted);
  await table.sync();
  expect(table.isFull).toBe(false);
  expect(table.delete(`k${deleted}`)).toBe(true);
  await table.sync();
  expect(table.put('large', Buffer.alloc(50_000))).toBe(true); // one alone is never too large
  expect(table.isFull).toBe(true);
  await table.close();
  expect(table.put('late', text('1'))).toBe(false);
  expect((await contentOn(disk)).size).toBe(taken - deleted);
});

test('garbage is cleared away in the background, and nothing that is needed goes with it', async () => {
  const disk = new FakeDisk();
  const { table, codes } = await openOn(disk);
  contentOf(table);
  table.put('old', text('stays'));
  for (let n = 0; n < 500; n += 1) {
    table.put(`k${n % 5}`, text(`value ${n}`));
    if (n % 7 === 0) await table.sync();
  }
  await table.sync();
  await settle(500);
  const bytes = disk.paths.reduce((sum, path) => sum + disk.bytes(path).length, 0);
  expect(bytes).toBeLessThan(2_000);
  await table.close();
  const expected = [495, 496, 497, 498, 499].map((n): [string, string] => [`k${n % 5}`, `value ${n}`]);
  expect(await contentOn(disk)).toEqual(new Map([['old', 'stays'], ...expected]));
  expect(codes()).toEqual([]);
});

test('the last segment is gone on with after a restart', async () => {
  const disk = new FakeDisk();
  for (let n = 0; n < 5; n += 1) {
    const { table } = await openOn(disk, { segmentBytes: 100_000 });
    table.put(`k${n}`, text('1'));
    await table.close();
  }
  expect(disk.paths).toEqual([`${FOLDER}/0000000001.log`, `${FOLDER}/end`]);
  expect((await contentOn(disk)).size).toBe(5);
});

test('closing is idempotent', async () => {
  const { table } = await openOn(new FakeDisk());
  table.put('a', text('1'));
  await Promise.all([table.close(), table.close()]);
  await table.close();
  await table.sync();
});

test('an unread table is not tidied up, so what it had is still there to read', async () => {
  const disk = new FakeDisk();
  const first = await openOn(disk);
  for (let n = 0; n < 100; n += 1) first.table.put(`k${n % 10}`, text(`v${n}`));
  await first.table.close();
  const { table } = await openOn(disk);
  table.put('new', text('1'));
  await table.sync();
  await settle(200);
  expect(contentOf(table).size).toBe(10);
});
