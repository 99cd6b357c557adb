import { expect, test } from 'vitest';
import { settle } from '../fakes/clock.ts';
import { FakeDisk } from '../state/log/fake-disk.ts';
import { checkLedger, drain, item, openOn, START, shown, textsOf } from './harness.ts';

test('sync items are delivered in order, and acknowledged ones do not come again', async () => {
  const disk = new FakeDisk();
  const { outbox } = await openOn(disk);
  const reader = outbox.reader('cloud');
  for (let n = 0; n < 50; n += 1) await outbox.add(item(n));
  const first = await reader.pull(20);
  expect(first.map(shown)).toEqual(Array.from({ length: 20 }, (_, n) => String(n)));
  reader.ack(first[9]?.position ?? 0);
  checkLedger(outbox);
  await outbox.close();

  const again = await openOn(disk);
  const texts = await textsOf(again.outbox.reader('cloud'));
  expect(texts).toEqual(Array.from({ length: 40 }, (_, n) => String(n + 10)));
  expect(again.outbox.status.readers.cloud).toMatchObject({ accepted: 40, delivered: 40, queued: 0 });
  expect(again.codes()).toEqual([]);
  await again.outbox.close();
  const third = await openOn(disk);
  expect(await textsOf(third.outbox.reader('cloud'))).toEqual([]);
});

test('a sync item is there after a hard stop as soon as it is accepted, and what may be lost is told', async () => {
  const disk = new FakeDisk();
  const { outbox } = await openOn(disk);
  outbox.reader('cloud');
  await outbox.add(item(1));
  await outbox.add(item(2, { class: 'lazy' }));
  const again = await openOn(disk.afterKill());
  expect(await textsOf(again.outbox.reader('cloud'))).toEqual(['1', 'gap ? cut']);
});

test('lazy items that are delivered within 15 s never touch the disk', async () => {
  const disk = new FakeDisk();
  const { outbox, clock } = await openOn(disk);
  const reader = outbox.reader('cloud');
  await settle(200);
  const before = outbox.status.written.items;
  for (let n = 0; n < 100; n += 1) {
    await outbox.add(item(n, { class: 'lazy' }));
    for (const { position } of await reader.pull(10)) reader.ack(position);
    await clock.advance(100);
  }
  await clock.advance(20_000);
  expect(outbox.status.written.items).toBe(before);
  expect(outbox.status.readers.cloud).toMatchObject({ accepted: 100, delivered: 100, queued: 0 });
});

test('lazy items that wait are on the disk after 15 s, or at 32 KB', async () => {
  const disk = new FakeDisk();
  const { outbox, clock } = await openOn(disk);
  outbox.reader('cloud');
  for (let n = 0; n < 10; n += 1) await outbox.add(item(n, { class: 'lazy' }));
  await clock.advance(14_000);
  expect(outbox.status.written.items).toBe(0);
  await clock.advance(1_000);
  await settle(100);
  expect(outbox.status.written.items).toBe(10);
  expect(outbox.status.memoryBytes).toBe(0);
  await outbox.add(item('x'.repeat(33_000), { class: 'lazy' }));
  await settle(100);
  expect(outbox.status.written.items).toBe(11);
  const again = await openOn(disk.afterKill());
  expect(await textsOf(again.outbox.reader('cloud'))).toHaveLength(12);
});

test('two readers at different speed: files go when both have passed', async () => {
  const disk = new FakeDisk();
  const { outbox } = await openOn(disk);
  const [fast, slow] = [outbox.reader('fast'), outbox.reader('slow')];
  for (let n = 0; n < 100; n += 1) await outbox.add(item(n));
  expect(await textsOf(fast)).toHaveLength(100);
  const full = outbox.status.diskBytes;
  expect(full).toBeGreaterThan(5_000);
  expect(await textsOf(slow)).toHaveLength(100);
  await settle(300);
  expect(outbox.status.diskBytes).toBeLessThan(2_000);
  checkLedger(outbox);
  expect(disk.paths.filter((path) => path.endsWith('.log'))).toHaveLength(1);
});

test('a reader gets what its filter wants, also what came before it was open', async () => {
  const disk = new FakeDisk();
  const wanted = { filter: (topic: string) => topic === 'a' };
  const { outbox } = await openOn(disk);
  const first = outbox.reader('cloud', wanted);
  for (const topic of ['a', 'b', 'a']) await outbox.add(item(topic, { topic }));
  expect(outbox.status.unclaimed).toBe(1);
  expect(await textsOf(first, { ack: false })).toEqual(['a', 'a']);
  await outbox.close();
  const again = await openOn(disk);
  await again.outbox.add(item('b2', { topic: 'b' }));
  const reader = again.outbox.reader('cloud', wanted);
  expect(again.outbox.status.readers.cloud).toMatchObject({ accepted: 2, queued: 2 });
  expect(await textsOf(reader)).toEqual(['a', 'a']);
  checkLedger(again.outbox);
});

test('time to live: not delivered after it, counted', async () => {
  const { outbox, clock } = await openOn(new FakeDisk());
  const reader = outbox.reader('cloud');
  await outbox.add(item('short', { ttlMs: 1_000, time: START }));
  await outbox.add(item('long', { ttlMs: 60_000, time: START, class: 'lazy' }));
  await outbox.add(item('clock not set', { ttlMs: 1_000, time: 5_000 }));
  await clock.advance(1_000);
  expect(await textsOf(reader)).toEqual(['long', 'clock not set']);
  expect(outbox.status.readers.cloud).toMatchObject({ accepted: 3, delivered: 2, expired: 1 });
  checkLedger(outbox);
});

test('keep latest and last N: newer ones take the place of older ones that nobody has in his hands', async () => {
  const { outbox } = await openOn(new FakeDisk());
  const reader = outbox.reader('cloud');
  for (let n = 0; n < 10; n += 1) {
    for (const kind of ['lazy', 'sync'] as const) {
      await outbox.add(item(n, { topic: `${kind}/latest`, keep: 'latest', class: kind }));
      await outbox.add(item(n, { topic: `${kind}/last`, keep: { last: 3 }, class: kind }));
    }
  }
  const all = (await drain(reader, { ack: false })).flatMap((one) =>
    one.kind === 'item' ? [`${one.topic} ${shown(one)}`] : [],
  );
  expect(all.sort()).toEqual(
    ['last 7', 'last 8', 'last 9', 'latest 9'].flatMap((text) => [`lazy/${text}`, `sync/${text}`]).sort(),
  );
  await outbox.add(item('new', { topic: 'lazy/latest', keep: 'latest' }));
  reader.rewind();
  expect((await textsOf(reader)).slice(-2)).toEqual(['9', 'new']);
  checkLedger(outbox);
});

test('what a reader has in his hands is not taken out of them by a newer one', async () => {
  const { outbox } = await openOn(new FakeDisk());
  const reader = outbox.reader('cloud');
  await outbox.add(item(1, { keep: 'latest' }));
  const [first] = await reader.pull(1);
  await outbox.add(item(2, { keep: 'latest' }));
  await outbox.add(item(3, { keep: 'latest' }));
  reader.ack(first?.position ?? 0);
  expect(await textsOf(reader)).toEqual(['3']);
  expect(outbox.status.readers.cloud).toMatchObject({ accepted: 3, delivered: 2, dropped: { superseded: 1 } });
  await outbox.add(item(4, { keep: 'latest' }));
  await reader.pull(1);
  reader.rewind();
  await outbox.add(item(5, { keep: 'latest' }));
  expect(await textsOf(reader)).toEqual(['5']);
  checkLedger(outbox);
});

test('full: the oldest lazy ones go, a gap says how many and of when, and sync ones are refused at last', async () => {
  const { outbox } = await openOn(new FakeDisk(), { limits: { records: 10 } });
  const reader = outbox.reader('cloud');
  await outbox.add(item(0));
  for (let n = 1; n < 25; n += 1) await outbox.add(item(n, { class: 'lazy' }));
  await outbox.add(item(25));
  const all = await drain(reader, { ack: false });
  expect(all.map(shown)).toEqual(['0', 'gap 16 full', '17', '18', '19', '20', '21', '22', '23', '24', '25']);
  expect(all[1]).toMatchObject({ count: 16, from: START + 100, to: START + 1_600 });
  reader.rewind();
  for (let n = 26; n < 34; n += 1) await outbox.add(item(n));
  await expect(outbox.add(item(34))).rejects.toMatchObject({ code: 'HB372' });
  await outbox.add(item(35, { class: 'lazy' }));
  checkLedger(outbox);
  expect(await textsOf(reader)).toEqual([
    '0',
    'gap 24 full',
    '25',
    ...Array.from({ length: 8 }, (_, n) => String(n + 26)),
    'gap 1 full',
  ]);
  expect(outbox.status.readers.cloud).toMatchObject({ queued: 0, dropped: { full: 25 } });
});

test('gaps are there after a restart, and gone when acknowledged', async () => {
  const disk = new FakeDisk();
  const options = { limits: { records: 10 } };
  const { outbox } = await openOn(disk, options);
  outbox.reader('cloud');
  for (let n = 0; n < 30; n += 1) await outbox.add(item(n, { class: 'lazy' }));
  await outbox.close();
  const second = await openOn(disk, options);
  const reader = second.outbox.reader('cloud');
  const all = await drain(reader);
  expect(all.map(shown)).toEqual(['gap 20 full', ...Array.from({ length: 10 }, (_, n) => String(n + 20))]);
  await second.outbox.close();
  const third = await openOn(disk, options);
  expect(await textsOf(third.outbox.reader('cloud'))).toEqual([]);
});

test('alarms have room of their own', async () => {
  const { outbox } = await openOn(new FakeDisk(), { limits: { records: 5, alarmBytes: 4_000 } });
  const reader = outbox.reader('cloud');
  for (let n = 0; n < 5; n += 1) await outbox.add(item(n));
  await expect(outbox.add(item(5))).rejects.toMatchObject({ code: 'HB372' });
  for (let n = 0; n < 20; n += 1) await outbox.add(item(`fire ${n}`, { priority: 'alarm' }));
  expect((await textsOf(reader)).slice(-1)).toEqual(['fire 19']);
});

test('what is older than seven days goes, with a gap; a clock that was not set counts for nothing', async () => {
  const { outbox, clock } = await openOn(new FakeDisk());
  const reader = outbox.reader('cloud');
  await outbox.add(item('old'));
  await outbox.add(item('unset', { time: 1_000 }));
  await clock.advance(6 * 86_400_000);
  await outbox.add(item('new', { time: clock.now() }));
  await clock.advance(2 * 86_400_000);
  expect(await textsOf(reader)).toEqual(['gap 1 age', 'unset', 'new']);
  checkLedger(outbox);
});

test('a reader that is forgotten holds nothing any more', async () => {
  const disk = new FakeDisk();
  const { outbox } = await openOn(disk);
  outbox.reader('gone');
  for (let n = 0; n < 50; n += 1) await outbox.add(item(n));
  outbox.forget('gone');
  await settle(300);
  expect(outbox.status).toMatchObject({ records: 0, bytes: 0, readers: {} });
  await outbox.close();
  const again = await openOn(disk);
  expect(again.outbox.status.readers).toEqual({});
});

test('onMore tells once that there is something', async () => {
  const { outbox } = await openOn(new FakeDisk());
  let told = 0;
  const reader = outbox.reader('cloud', {
    onMore: () => {
      told += 1;
    },
  });
  await outbox.add(item(1));
  await outbox.add(item(2));
  expect(told).toBe(1);
  expect(await textsOf(reader)).toEqual(['1', '2']);
  await outbox.add(item(3, { class: 'lazy' }));
  await settle();
  expect(told).toBe(2);
});

test('too large an item, too many readers, a reader twice, a closed outbox are refused', async () => {
  const { outbox } = await openOn(new FakeDisk());
  await expect(outbox.add(item('x'.repeat(1_100_000)))).rejects.toMatchObject({ code: 'HB373' });
  for (let n = 0; n < 31; n += 1) outbox.reader(`r${n}`);
  expect(() => outbox.reader('one more')).toThrow('as many readers');
  expect(() => outbox.reader('r1')).toThrow('already');
  expect(() => outbox.reader('?1')).toThrow('name');
  await outbox.close();
  await expect(outbox.add(item(1))).rejects.toMatchObject({ code: 'HB370' });
  expect(outbox.status.refused).toEqual({ HB373: 1, HB370: 1 });
});

test('what is kept of nearly empty files is brought together, so that the disk is bounded', async () => {
  const disk = new FakeDisk();
  const { outbox } = await openOn(disk, { limits: { bytes: 20_000 }, cacheBytes: 500 });
  const reader = outbox.reader('cloud');
  await outbox.add(item('first'));
  for (let n = 0; n < 2_000; n += 1) await outbox.add(item(`${n} ${'x'.repeat(50)}`, { keep: 'latest' }));
  await settle(300);
  expect(outbox.status.diskBytes).toBeLessThan(8_000);
  expect((await textsOf(reader, { ack: false })).map((text) => text.slice(0, 5))).toEqual(['first', '1999 ']);
  const again = await openOn(disk.afterKill());
  expect((await textsOf(again.outbox.reader('cloud'))).map((text) => text.slice(0, 5))).toEqual([
    'first',
    '1999 ',
    'gap ?',
  ]);
});
