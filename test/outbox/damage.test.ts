import { expect, test } from 'vitest';
import { settle } from '../fakes/clock.ts';
import { FakeDisk } from '../state/log/fake-disk.ts';
import { checkLedger, drain, FOLDER, item, openOn, shown, textsOf } from './harness.ts';

const EVERY = 64;
const COUNT = 40;

/** Several files with items for two readers, one of which has read a part. */
async function filled(): Promise<FakeDisk> {
  const disk = new FakeDisk();
  const { outbox } = await openOn(disk);
  const [one] = [outbox.reader('one'), outbox.reader('two')];
  for (let n = 0; n < COUNT; n += 1) {
    await outbox.add(item(n, { topic: `t${n % 3}`, payload: Buffer.from(`${n} ${'x'.repeat((n * 37) % 90)}`) }));
  }
  for (const { position } of await one.pull(10)) one.ack(position);
  await outbox.close();
  return disk;
}

/** Numbers of items, and how many the gaps say are lost. */
async function contentOf(
  disk: FakeDisk,
  reader: string,
): Promise<{ numbers: number[]; lost: number; told: unknown[] }> {
  const { outbox, codes } = await openOn(disk);
  const all = await drain(outbox.reader(reader));
  checkLedger(outbox);
  const numbers = all.filter(({ kind }) => kind === 'item').map((one) => Number.parseInt(shown(one), 10));
  const lost = all.reduce((sum, one) => sum + (one.kind === 'gap' ? (one.count ?? 0) : 0), 0);
  await outbox.add(item('works'));
  await settle(300);
  await outbox.close();
  return { numbers, lost, told: codes() };
}

test('a bad byte at every 64th place of every file: what can be read is delivered, the rest is told', async () => {
  const disk = await filled();
  const logs = disk.paths.filter((path) => path.endsWith('.log'));
  expect(logs.length).toBeGreaterThan(4);
  let lostInAll = 0;
  for (const path of logs) {
    for (let at = 0; at < disk.bytes(path).length; at += EVERY) {
      const hurt = disk.afterKill();
      hurt.damage(path, at);
      const place = `${path} ${at}`;
      const { numbers, lost, told } = await contentOf(hurt, 'two');
      expect(numbers, place).toEqual([...new Set(numbers)].sort((one, other) => one - other));
      expect(numbers.length, place).toBeGreaterThanOrEqual(COUNT - 1);
      // Of a middle file it is known exactly; a bad last byte of the last one looks like a tear.
      if (path !== logs.at(-1)) expect(lost, place).toBe(COUNT - numbers.length);
      const isSetAside = hurt.paths.includes(`${path}.bad`);
      if (numbers.length < COUNT && path !== logs.at(-1)) expect(isSetAside, place).toBe(true);
      if (isSetAside) expect(told, place).toEqual(['HB128']);
      lostInAll += lost;
      const after = await contentOf(hurt, 'two');
      expect(after.told, place).toEqual([]);
      expect(after.numbers, place).toEqual([Number.NaN]);
    }
  }
  expect(lostInAll).toBeGreaterThan(10);
});

test('a file cut at every 64th byte opens, and what is before the cut is there', async () => {
  const disk = await filled();
  for (const path of disk.paths.filter((each) => each.endsWith('.log'))) {
    for (let length = 0; length < disk.bytes(path).length; length += EVERY) {
      const hurt = disk.afterKill();
      await (await hurt.files.reopen(path, length)).close();
      const { numbers } = await contentOf(hurt, 'two');
      expect(numbers, `${path} ${length}`).toEqual([...new Set(numbers)].sort((one, other) => one - other));
      expect((await contentOf(hurt, 'two')).told).toEqual([]);
    }
  }
});

test('a middle file that is gone costs its items only', async () => {
  const disk = await filled();
  const path = disk.paths.filter((each) => each.endsWith('.log'))[2] ?? '';
  await disk.files.remove(path);
  const { numbers } = await contentOf(disk, 'two');
  expect(numbers.length).toBeGreaterThan(30);
  expect(numbers.length).toBeLessThan(COUNT);
});

test('items that cannot be read any more while the node runs are a gap', async () => {
  const disk = new FakeDisk();
  const { outbox, codes } = await openOn(disk, { cacheBytes: 0 });
  const reader = outbox.reader('one');
  for (let n = 0; n < 20; n += 1) await outbox.add(item(n));
  const path = `${FOLDER}/0000000001.log`;
  const at = disk.bytes(path).indexOf(Buffer.from('3', 'latin1'), 400);
  disk.damage(path, at);
  const texts = await textsOf(reader, { bite: 100 });
  expect(texts.filter((text) => text.startsWith('gap'))).toEqual(['gap 1 damage']);
  expect(texts).toHaveLength(20);
  expect(codes()).toEqual(['HB128']);
  checkLedger(outbox);
});

test('when the names of the readers are lost, what waits goes to the next ones', async () => {
  const disk = new FakeDisk();
  const { outbox } = await openOn(disk, { segmentBytes: 100_000 });
  outbox.reader('one');
  for (let n = 0; n < 5; n += 1) await outbox.add(item(n));
  const path = `${FOLDER}/0000000001.log`;
  const bytes = disk.bytes(path);
  for (let at = bytes.indexOf('"readers"'); at >= 0; at = bytes.indexOf('"readers"', at + 1)) disk.damage(path, at);
  const hurt = disk.afterKill();
  const second = await openOn(hurt);
  await settle(300);
  const third = await openOn(hurt.afterKill());
  const texts = await textsOf(third.outbox.reader('other'));
  expect(texts.filter((text) => !text.startsWith('gap'))).toEqual(['0', '1', '2', '3', '4']);
  await third.outbox.add(item('5'));
  expect(third.outbox.status.readers['?5']?.accepted).toBe(5);
  expect(second.codes()).toEqual(['HB128']);
});

test('what a newer hanbus wrote is not touched', async () => {
  const disk = await filled();
  const { crc32 } = await import('node:zlib');
  const bytes = disk.bytes(`${FOLDER}/0000000002.log`);
  for (const from of [0, 32]) {
    bytes.writeUInt16LE(2, from + 4);
    bytes.writeUInt32LE(crc32(bytes.subarray(from, from + 28)), from + 28);
  }
  await expect(openOn(disk)).rejects.toMatchObject({ code: 'HB129' });
});
