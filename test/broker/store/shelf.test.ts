import { expect, test } from 'vitest';
import { NotStored } from '../../../src/state/log/not-stored.ts';
import { openTable } from '../../../src/state/log/table.ts';
import { makeFakeClock } from '../../fakes/clock.ts';
import { makeFakeLog } from '../../fakes/log.ts';
import { cut, FakeDisk } from '../../state/log/fake-disk.ts';
import { seeded } from '../../state/log/harness.ts';
import { FakeSession, foundOn, messageOf, openShelfOn, PATH, textsOf } from './shelf-bench.ts';

test('a session with its messages is there after kill -9, a second after it changed', async () => {
  const disk = new FakeDisk();
  const { shelf, pass } = await openShelfOn(disk);
  const session = new FakeSession('tv/1');
  session.ids = [7, 9];
  const kept = shelf.keep(session);
  kept.receivedChanged();
  session.take(messageOf('a/1', 'one'));
  session.take(messageOf('a/2', 'two'), { qos: 2, id: 5, isReleased: true, retain: true, ids: [3, 4] });
  kept.queueChanged();
  await pass(1_000);
  const { sessions, codes } = await foundOn(disk);
  expect(codes).toEqual([]);
  expect(sessions).toEqual([{ clientId: 'tv/1', facts: session.own, received: [7, 9], waiting: [...session.queue] }]);
});

test('a message that is acknowledged soon is never written', async () => {
  const disk = new FakeDisk();
  const { shelf, pass } = await openShelfOn(disk);
  const session = new FakeSession('x');
  const kept = shelf.keep(session);
  await pass(1_000);
  const before = shelf.counts.written.bytes;
  for (let n = 0; n < 200; n += 1) {
    session.take(messageOf('a/1', `${n}`), { id: n + 1 });
    kept.queueChanged();
    await pass(60);
    session.queue = [];
    kept.queueChanged();
  }
  await pass(2_000);
  expect(shelf.counts.written.bytes).toBe(before);
  expect(shelf.counts.sessions).toBe(0);
});

test('what was acknowledged is gone a second later, the rest keeps its order', async () => {
  const disk = new FakeDisk();
  const { shelf, pass } = await openShelfOn(disk);
  const session = new FakeSession('x');
  const kept = shelf.keep(session);
  for (let n = 0; n < 12; n += 1) session.take(messageOf('a/1', `${n}`));
  kept.queueChanged();
  await pass(1_000);
  session.queue = session.queue.filter((_waiting, place) => place % 3 !== 0);
  session.take(messageOf('a/1', 'new'));
  kept.queueChanged();
  await pass(1_000);
  expect(textsOf(await foundOn(disk))).toEqual({ x: ['1', '2', '4', '5', '7', '8', '10', '11', 'new'] });
});

test('a message that was put back before others is before them after a restart too', async () => {
  const disk = new FakeDisk();
  const { shelf, pass } = await openShelfOn(disk);
  const session = new FakeSession('x');
  const kept = shelf.keep(session);
  for (const text of ['1', '2', '3']) session.take(messageOf('a', text));
  kept.queueChanged();
  await pass(1_000);
  session.queue.reverse();
  kept.queueChanged();
  await pass(1_000);
  expect(textsOf(await foundOn(disk))).toEqual({ x: ['3', '2', '1'] });
});

test('packet identifiers are kept when the message stays with them', async () => {
  const disk = new FakeDisk();
  const { shelf, pass } = await openShelfOn(disk);
  const session = new FakeSession('x');
  const kept = shelf.keep(session);
  session.take(messageOf('a', '1'), { qos: 2 });
  kept.queueChanged();
  await pass(1_000);
  session.queue = session.queue.map((waiting) => ({ ...waiting, id: 11, isReleased: true }));
  kept.queueChanged();
  await pass(1_000);
  const { sessions } = await foundOn(disk);
  expect(sessions[0]?.waiting).toMatchObject([{ id: 11, isReleased: true }]);
});

test('a large message of many sessions is on the disk once, until the last of them has it no more', async () => {
  const disk = new FakeDisk();
  const { shelf, pass } = await openShelfOn(disk);
  const sessions = Array.from({ length: 20 }, (_, n) => new FakeSession(`client ${n}`));
  const all = sessions.map((session) => ({ session, kept: shelf.keep(session) }));
  await pass(1_000);
  const before = shelf.counts.written.bytes;
  const large = messageOf('a/large', 'x'.repeat(10_000));
  for (const { session, kept } of all) {
    session.take(large);
    session.take(large); // by two subscriptions, one of them shared
    kept.queueChanged();
  }
  await pass(1_000);
  expect(shelf.counts.written.bytes - before).toBeLessThan(14_000);
  const found = await foundOn(disk);
  const messages = new Set(found.sessions.flatMap(({ waiting }) => waiting.map(({ message }) => message)));
  expect(messages.size).toBe(1);
  expect(found.sessions.map(({ waiting }) => waiting.length)).toEqual(Array(20).fill(2));
  for (const { session, kept } of all) {
    session.queue = [];
    kept.queueChanged();
  }
  await pass(1_000);
  await shelf.close();
  const { log } = makeFakeLog();
  const table = await openTable({ path: PATH, files: disk.files, clock: makeFakeClock(), log });
  expect([...table.entries()].map(([key]) => key).filter((key) => !key.startsWith('s/'))).toEqual([]);
});

test('a session that ends with its connection leaves nothing, and costs nothing', async () => {
  const disk = new FakeDisk();
  const { shelf, pass } = await openShelfOn(disk);
  const session = new FakeSession('x');
  session.own = { ...session.own, expiryMs: 0 };
  const kept = shelf.keep(session);
  for (let n = 0; n < 50; n += 1) {
    session.take(messageOf('a', `${n}`));
    kept.queueChanged(n % 2 === 0);
    kept.receivedChanged();
    await pass(100);
  }
  expect(disk.paths).toEqual([]);
  session.own = { ...session.own, expiryMs: 60_000 };
  kept.factsChanged();
  await pass(1_000);
  expect(textsOf(await foundOn(disk)).x).toHaveLength(50);
  session.own = { ...session.own, expiryMs: 0 };
  kept.factsChanged();
  await pass(1_000);
  expect((await foundOn(disk)).sessions).toEqual([]);
});

test('a session that begins anew has nothing of the one before', async () => {
  const disk = new FakeDisk();
  const { shelf, pass } = await openShelfOn(disk);
  const old = new FakeSession('x');
  const kept = shelf.keep(old);
  old.take(messageOf('a', 'old'));
  old.ids = [1];
  kept.queueChanged();
  kept.receivedChanged();
  await pass(1_000);
  kept.end();
  const fresh = new FakeSession('x');
  fresh.take(messageOf('a', 'fresh'));
  shelf.keep(fresh).queueChanged();
  await pass(1_000);
  const found = await foundOn(disk);
  expect(textsOf(found)).toEqual({ x: ['fresh'] });
  expect(found.sessions[0]?.received).toEqual([]);
});

test('after a restart a session goes on: nothing is written again, and what is acknowledged goes', async () => {
  const disk = new FakeDisk();
  const first = await openShelfOn(disk);
  for (const clientId of ['x', 'y']) {
    const session = new FakeSession(clientId);
    session.take(messageOf('a', 'small'));
    session.take(messageOf('a', 'L'.repeat(5_000)));
    first.shelf.keep(session).queueChanged();
  }
  await first.shelf.close();
  const { shelf, pass } = await openShelfOn(disk);
  const stored = shelf.load();
  const loaded = stored.sessions.find(({ clientId }) => clientId === 'x');
  const session = new FakeSession('x');
  session.own = loaded?.facts ?? session.own;
  session.queue = [...(loaded?.waiting ?? [])];
  const kept = shelf.keep(session);
  await pass(2_000);
  expect(shelf.counts.written.bytes).toBe(0);
  session.queue.shift();
  session.take(messageOf('a', 'later'));
  kept.queueChanged();
  shelf.dropOthers();
  await pass(1_000);
  expect(textsOf(await foundOn(disk))).toEqual({ x: ['L'.repeat(5_000), 'later'] });
});

test('of a retained topic the newest value is written, after 15 s', async () => {
  const disk = new FakeDisk();
  const { shelf, retained, pass } = await openShelfOn(disk);
  for (let n = 0; n < 140; n += 1) {
    retained.set('z/1', { ...messageOf('z/1', `${n}`), retain: true });
    shelf.markRetained('z/1', 3);
    await pass(100);
  }
  expect(shelf.counts.written.times).toBe(0);
  await pass(1_500);
  expect((await foundOn(disk)).retained).toEqual([retained.get('z/1')]);
  expect(shelf.counts.written.times).toBe(1);
  retained.delete('z/1');
  shelf.markRetained('z/1', 0);
  await pass(15_500);
  expect((await foundOn(disk)).retained).toEqual([]);
});

test('many retained bytes are written early, but not more often than each second', async () => {
  const disk = new FakeDisk();
  const { shelf, retained, pass } = await openShelfOn(disk);
  const mark = (n: number): void => {
    retained.set(`z/${n}`, { ...messageOf(`z/${n}`, 'x'.repeat(1_000)), retain: true });
    shelf.markRetained(`z/${n}`, 1_000);
  };
  await pass(2_000);
  for (let n = 0; n < 40; n += 1) mark(n);
  await pass(300);
  expect((await foundOn(disk)).retained).toHaveLength(40);
  for (let n = 40; n < 2_000; n += 1) mark(n);
  expect(shelf.counts.retained).toBe(1_960);
  await pass(500);
  expect((await foundOn(disk)).retained).toHaveLength(40);
  await pass(1_000);
  expect((await foundOn(disk)).retained).toHaveLength(2_000);
});

test('topics of this node and of the broker are not kept', async () => {
  const disk = new FakeDisk();
  const { shelf, retained } = await openShelfOn(disk, { node: 'hall' });
  const topics = ['hanbus/hall/a/b', 'hanbus/kitchen/$state', '$SYS/broker/uptime', 'hanbus/halls/x', 'hanbus/hall'];
  for (const topic of topics) {
    retained.set(topic, { ...messageOf(topic), retain: true });
    shelf.markRetained(topic, 10);
  }
  await shelf.close();
  const kitchen = await openShelfOn(disk); // the node has another name now
  expect(
    kitchen.shelf
      .load()
      .retained.map(({ topic }) => topic)
      .sort(),
  ).toEqual(['hanbus/hall', 'hanbus/halls/x']);
});

test('what is settled survives a power cut at once; what is not durable does not wait', async () => {
  const disk = new FakeDisk();
  const { shelf, retained } = await openShelfOn(disk);
  const session = new FakeSession('x');
  const kept = shelf.keep(session);
  const idle = new FakeSession('y');
  idle.take(messageOf('a', 'lazy'));
  shelf.keep(idle).queueChanged();
  session.take(messageOf('a', 'durable'));
  kept.queueChanged(true);
  retained.set('z/durable', { ...messageOf('z/durable', '1'), retain: true });
  retained.set('z/lazy', { ...messageOf('z/lazy', '1'), retain: true });
  shelf.markRetained('z/lazy', 1);
  shelf.markRetained('z/durable', 1, true);
  await shelf.settle();
  const found = await foundOn(cut(disk.moment(), seeded(3)));
  expect(textsOf(found)).toEqual({ x: ['durable'] });
  expect(found.retained.map(({ topic }) => topic)).toEqual(['z/durable']);
});

test('more than may be in memory is settled too, part by part', async () => {
  const disk = new FakeDisk();
  const { shelf } = await openShelfOn(disk);
  const session = new FakeSession('x');
  for (let n = 0; n < 100; n += 1) session.take(messageOf('a', `${n} ${'x'.repeat(100_000)}`));
  shelf.keep(session).queueChanged(true);
  await shelf.settle();
  expect((await foundOn(cut(disk.moment(), seeded(3)))).sessions[0]?.waiting).toHaveLength(100);
  await shelf.close();
  session.take(messageOf('a', 'late'));
  shelf.keep(session).queueChanged(true);
  await expect(shelf.settle()).rejects.toBeInstanceOf(NotStored);
});

test('callers that settle at once share one sync', async () => {
  const disk = new FakeDisk();
  const { shelf, retained } = await openShelfOn(disk);
  const waits: Promise<void>[] = [];
  for (let n = 0; n < 100; n += 1) {
    retained.set(`z/${n}`, { ...messageOf(`z/${n}`), retain: true });
    shelf.markRetained(`z/${n}`, 2, true);
    waits.push(shelf.settle());
  }
  await Promise.all(waits);
  expect(shelf.counts.written.syncs).toBe(1);
  await shelf.settle();
  expect(shelf.counts.written.syncs).toBe(1);
});

test.each([4_194_304, 2_000])(
  'a full disk: settle says no, and all is kept when there is room (%d bytes)',
  async (most) => {
    const disk = new FakeDisk();
    const { shelf, retained, pass, codes } = await openShelfOn(disk);
    const session = new FakeSession('x');
    const kept = shelf.keep(session);
    disk.onOperation = (operation) => (operation === 'write' ? { code: 'ENOSPC' } : undefined);
    for (let bytes = 0; bytes < most; bytes += 100_000) session.take(messageOf('a', `${bytes} ${'x'.repeat(100_000)}`));
    kept.queueChanged(true);
    retained.set('z/1', { ...messageOf('z/1'), retain: true });
    shelf.markRetained('z/1', 2, true);
    await expect(shelf.settle()).rejects.toBeInstanceOf(NotStored);
    await pass(20_000);
    expect(shelf.counts.writable).toBe(false);
    await expect(shelf.settle()).rejects.toBeInstanceOf(NotStored);
    disk.onOperation = () => undefined;
    await pass(12_000);
    await shelf.settle();
    expect(codes()).toEqual(['HB122']);
    const found = await foundOn(disk);
    expect(found.sessions[0]?.waiting).toHaveLength(session.queue.length);
    expect(found.retained).toHaveLength(1);
  },
);

test('closing writes all that changed, and may be done on a disk that refuses', async () => {
  const disk = new FakeDisk();
  const { shelf, retained } = await openShelfOn(disk);
  const session = new FakeSession('x');
  shelf.keep(session);
  for (let n = 0; n < 60; n += 1) session.take(messageOf('a', `${n} ${'x'.repeat(100_000)}`));
  retained.set('z/1', { ...messageOf('z/1'), retain: true });
  shelf.markRetained('z/1', 2);
  await shelf.close();
  const found = await foundOn(disk);
  expect(found.sessions[0]?.waiting).toHaveLength(60);
  expect(found.retained).toHaveLength(1);
  disk.onOperation = (operation) => (operation === 'read' || operation === 'list' ? undefined : { code: 'EROFS' });
  const second = await openShelfOn(disk);
  expect(second.shelf.load().sessions).toHaveLength(1);
  second.shelf.dropOthers();
  await second.shelf.close();
});

test('damaged records cost themselves and are told once; the others are used', async () => {
  const disk = new FakeDisk();
  const first = await openShelfOn(disk);
  for (const clientId of ['x', 'y']) {
    const session = new FakeSession(clientId);
    session.take(messageOf('a', '1'));
    session.take(messageOf('a', 'L'.repeat(1_000)));
    first.shelf.keep(session).queueChanged();
  }
  await first.shelf.close();
  const { log } = makeFakeLog();
  const table = await openTable({ path: PATH, files: disk.files, clock: makeFakeClock(), log });
  const keys = [...table.entries()].map(([key]) => key).sort();
  table.put('s/x', Buffer.from([1, 77]));
  table.put('zzz', Buffer.from([1]));
  table.delete(keys.find((key) => key.startsWith('m/')) ?? '');
  await table.close();
  const { shelf, codes, pass } = await openShelfOn(disk);
  expect(textsOf(shelf.load())).toEqual({ y: ['1', 'L'.repeat(1_000)] });
  expect(codes()).toEqual(['HB128']);
  await pass(1_000);
  await shelf.close();
  const again = await openShelfOn(disk);
  expect(textsOf(again.shelf.load())).toEqual({ y: ['1', 'L'.repeat(1_000)] });
  expect(again.codes()).toEqual([]);
});
