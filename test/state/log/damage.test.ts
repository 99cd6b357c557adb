import { beforeAll, expect, test } from 'vitest';
import { settle } from '../../fakes/clock.ts';
import { FakeDisk } from './fake-disk.ts';
import { contentOf, contentOn, FOLDER, openOn } from './harness.ts';

const path = (id: number): string => `${FOLDER}/${String(id).padStart(10, '0')}.log`;

/** Three segments: 40 keys with their newest value, one older value each, and a few that were deleted. */
async function makeDisk(): Promise<FakeDisk> {
  const disk = new FakeDisk();
  const { table } = await openOn(disk, { segmentBytes: 1_500 });
  for (const round of ['old', 'new']) {
    for (let n = 0; n < 40; n += 1) {
      table.put(`key ${n}`, Buffer.from(`${round} ${n}`));
      if (n % 4 === 0) table.delete(`key ${n}`);
      if (n % 3 === 0) await table.sync();
    }
  }
  await table.close();
  return disk;
}

let intact: FakeDisk;
let content: Map<string, string>;

beforeAll(async () => {
  intact = await makeDisk();
  content = await contentOn(intact.afterKill());
  expect(intact.paths.length).toBeGreaterThan(2);
  expect(content.size).toBe(30);
});

/** Entries that differ from the intact ones: at most those of the damaged records may be older or missing. */
function differences(found: ReadonlyMap<string, string>): string[] {
  const keys = new Set([...content.keys(), ...found.keys()]);
  return [...keys].filter((key) => found.get(key) !== content.get(key));
}

test('a bad byte anywhere costs the record that it is in, is told once, and mends itself', async () => {
  for (const name of intact.paths.filter((path) => path.endsWith('.log'))) {
    for (let at = 0; at < intact.bytes(name).length; at += 13) {
      const disk = intact.afterKill();
      disk.damage(name, at);
      const { table, codes } = await openOn(disk, { segmentBytes: 1_500 });
      const found = contentOf(table);
      const lost = differences(found);
      const isLastOne = name === intact.paths.filter((path) => path.endsWith('.log')).at(-1);
      expect(lost.length, `${name} at ${at}: ${lost.join()}`).toBeLessThanOrEqual(isLastOne ? 4 : 1);
      for (const key of lost)
        expect([undefined, key.replace('key', 'old'), key.replace('key', 'new')]).toContain(found.get(key));
      const told = codes().length;
      table.put('more', Buffer.from('1'));
      await table.sync();
      await settle(300);
      await table.close();
      const again = await openOn(disk);
      expect(contentOf(again.table)).toEqual(new Map([...found, ['more', '1']]));
      expect(again.codes()).toEqual([]);
      expect(disk.paths.filter((file) => file.endsWith('.bad'))).toHaveLength(told);
    }
  }
});

test('a deletion in a damaged segment stays one when that segment has been put aside', async () => {
  const disk = new FakeDisk();
  const { table } = await openOn(disk, { segmentBytes: 300 });
  table.put('key', Buffer.from('x'.repeat(250)));
  await table.sync();
  table.delete('key');
  table.put('filler', Buffer.from('y'.repeat(200)));
  await table.sync();
  table.put('end', Buffer.from('z'.repeat(250)));
  await table.close();
  expect(disk.paths.filter((file) => file.endsWith('.log'))).toHaveLength(3);
  disk.damage(path(2), disk.bytes(path(2)).length - 1);
  const second = await openOn(disk, { floorBytes: 100_000 });
  expect([...contentOf(second.table).keys()]).toEqual(['end']);
  second.table.put('more', Buffer.from('1'));
  await second.table.sync();
  await settle(300);
  await second.table.close();
  expect(disk.paths).toContain(`${path(2)}.bad`);
  expect([...(await contentOn(disk)).keys()]).toEqual(['end', 'more']);
});

test('a segment that cannot be read is put aside, not removed', async () => {
  const disk = intact.afterKill();
  disk.onOperation = (operation, name) => (operation === 'read' && name === path(2) ? { code: 'EIO' } : undefined);
  const { table, codes, lines } = await openOn(disk);
  const found = contentOf(table);
  expect(found.size).toBeGreaterThan(10);
  expect(codes()).toEqual(['HB128']);
  expect(lines[0]?.fields.reason).toContain('EIO');
  table.put('more', Buffer.from('1'));
  await table.sync();
  await settle(300);
  await table.close();
  expect(disk.paths).toContain(`${path(2)}.bad`);
});

test('a head with both copies bad: the records are used, as the other segments know the salt', async () => {
  const disk = intact.afterKill();
  for (const at of [10, 42]) disk.damage(path(2), at);
  const { table, codes } = await openOn(disk);
  expect(contentOf(table)).toEqual(content);
  expect(codes()).toEqual(['HB128']);
});

test('bytes inside a value that look like a record are not taken for one', async () => {
  const forged = new FakeDisk();
  const other = await openOn(forged);
  other.table.put('evil', Buffer.from('1'));
  await other.table.close();
  const record = forged.bytes(path(1)).subarray(64);
  const disk = new FakeDisk();
  const { table } = await openOn(disk, { segmentBytes: 500 });
  table.put('a', Buffer.concat([Buffer.alloc(40), record]));
  await table.sync();
  table.put('b', Buffer.alloc(400));
  await table.close();
  disk.damage(path(1), 64 + 18 + 3);
  expect([...(await contentOn(disk)).keys()]).toEqual(['b']);
});

test('a newer form is refused with HB129 and not touched', async () => {
  const disk = intact.afterKill();
  const { crc32 } = await import('node:zlib');
  for (const from of [0, 32]) {
    const block = disk.bytes(path(3)).subarray(from, from + 32);
    block.writeUInt16LE(9, 4);
    block.writeUInt32LE(crc32(block.subarray(0, 28)), 28);
  }
  const before = disk.paths;
  await expect(openOn(disk)).rejects.toMatchObject({ code: 'HB129' });
  expect(disk.paths).toEqual(before);
  await expect(openOn(disk), 'the lock was given back').rejects.toMatchObject({ code: 'HB129' });
});

test('a table that is open is refused to a second one with HB125', async () => {
  const disk = new FakeDisk();
  const { table } = await openOn(disk);
  await expect(openOn(disk)).rejects.toMatchObject({ code: 'HB125' });
  await table.close();
  await (await openOn(disk)).table.close();
});
