import { expect, test } from 'vitest';
import { FakeDisk } from './fake-disk.ts';
import { contentOn, FOLDER, openOn } from './harness.ts';

const SEGMENT = `${FOLDER}/0000000001.log`;

async function closedDisk(): Promise<{ disk: FakeDisk; bytes: Buffer }> {
  const disk = new FakeDisk();
  const { table } = await openOn(disk);
  for (const key of ['a', 'b', 'c']) {
    table.put(key, Buffer.from(`value ${key}`));
    await table.sync();
  }
  await table.close();
  return { disk, bytes: await disk.files.read(SEGMENT) };
}

test('whatever was cut off the end of a table that was closed is missed', async () => {
  const { bytes } = await closedDisk();
  for (let length = 0; length < bytes.length; length += 1) {
    const { disk } = await closedDisk();
    await (await disk.files.reopen(SEGMENT, length)).close();
    const { table, codes } = await openOn(disk);
    expect([length, codes()]).toEqual([length, ['HB128']]);
    await table.close();
  }
});

test('what is added after a start is not missed, however it ends', async () => {
  const { disk } = await closedDisk();
  const { table, codes } = await openOn(disk);
  expect([...table.entries()]).toHaveLength(3);
  table.put('d', Buffer.from('later'));
  await table.sync();
  const left = disk.afterKill();
  expect(left.paths).toEqual([SEGMENT]);
  expect((await contentOn(left)).size).toBe(4);
  expect(codes()).toEqual([]);
});
