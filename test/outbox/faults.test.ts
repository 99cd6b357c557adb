import { expect, test } from 'vitest';
import { NotAccepted } from '../../src/outbox/not-accepted.ts';
import type { Outbox, OutboxStatus } from '../../src/outbox/outbox.ts';
import { makeFakeClock, settle } from '../fakes/clock.ts';
import { cut, FakeDisk, type Fault, type Operation } from '../state/log/fake-disk.ts';
import { seeded } from '../state/log/harness.ts';
import { checkLedger, item, openOn, outboxFiles, START, textsOf } from './harness.ts';

const CODES = ['EIO', 'ENOSPC', 'EROFS'];
const POINTS = 200;
const WRITING: readonly Operation[] = [
  'create',
  'grow',
  'lock',
  'move',
  'remove',
  'reopen',
  'sync',
  'sync-folder',
  'write',
];

/** From the operation with this number on all writing fails, `count` times. */
function failFrom(disk: FakeDisk, first: number, { count, fault }: { count: number; fault: Fault }): void {
  let left = count;
  disk.onOperation = (operation): Fault | undefined => {
    const isHit = 'short' in fault ? operation === 'write' : WRITING.includes(operation);
    if (disk.operations < first || left === 0 || !isHit) return undefined;
    left -= 1;
    return fault;
  };
}

/** Items one by one; which were accepted. */
async function work(outbox: Outbox, count = 60): Promise<string[]> {
  const accepted: string[] = [];
  for (let n = 0; n < count; n += 1) {
    await outbox.add(item(n, { topic: `t${n % 4}`, payload: Buffer.from(`${n} ${'x'.repeat((n * 37) % 100)}`) })).then(
      () => accepted.push(String(n)),
      (error: unknown) => expect(error).toBeInstanceOf(NotAccepted),
    );
  }
  return accepted;
}

const numbers = async (disk: FakeDisk): Promise<string[]> => {
  const { outbox } = await openOn(disk);
  const texts = await textsOf(outbox.reader('cloud'));
  checkLedger(outbox);
  return texts.filter((text) => !text.startsWith('gap')).map((text) => text.split(' ')[0] ?? '');
};

const FAULTS: readonly (readonly [string, Fault])[] = [
  ...CODES.map((code) => [code, { code }] as const),
  ['a short write', { short: 3 }],
  ['no byte written', { short: 0 }],
];

test.each(FAULTS)('%s once, at each of 200 points: nobody notices', async (_name, fault) => {
  for (let first = 1; first <= POINTS; first += 1) {
    const disk = new FakeDisk();
    failFrom(disk, first, { count: 1, fault });
    const { outbox, codes } = await openOn(disk);
    outbox.reader('cloud');
    const accepted = await work(outbox, 40);
    expect(accepted, `point ${first}`).toHaveLength(40);
    checkLedger(outbox);
    expect(outbox.status.state).toBe('ok');
    expect(codes().filter((code) => code !== 'HB371')).toEqual([]);
    expect(await numbers(cut(disk.moment(), seeded(first)))).toEqual(accepted);
  }
});

test.each(CODES)(
  '%s for long, from each of 200 points: no false promise, told once, well again after the repair',
  async (code) => {
    for (let first = 1; first <= POINTS; first += 1) {
      const disk = new FakeDisk();
      failFrom(disk, first, { count: Number.POSITIVE_INFINITY, fault: { code } });
      const { outbox, codes, clock } = await openOn(disk);
      const reader = outbox.reader('cloud');
      const accepted = await work(outbox, 40);
      await outbox.add(item('lazy', { class: 'lazy' }));
      checkLedger(outbox);
      expect(outbox.status.readers.cloud?.queued).toBe(accepted.length + 1);
      const kept = await numbers(cut(disk.moment(), seeded(first)));
      expect(
        accepted.filter((number) => !kept.includes(number)),
        `point ${first}`,
      ).toEqual([]);
      disk.onOperation = () => undefined;
      await clock.advance(10_000);
      await settle(300);
      expect(outbox.status.state, `point ${first}`).toBe('ok');
      await outbox.add(item('after'));
      expect(codes().filter((told) => told !== 'HB371')).toEqual([]);
      expect(codes().length).toBeLessThanOrEqual(1);
      expect((await textsOf(reader, { ack: false })).map((text) => text.split(' ')[0])).toEqual([
        ...accepted,
        'lazy',
        'after',
      ]);
      await outbox.close();
      expect(await numbers(disk)).toEqual([...accepted, 'lazy', 'after']);
    }
  },
);

test('while the disk refuses, sync is refused at once, lazy lives in bounded memory, and the loss is told', async () => {
  const disk = new FakeDisk();
  const states: string[] = [];
  const limits = { memoryBytes: 2_000, alarmBytes: 0 };
  const onState = ({ state }: OutboxStatus): void => void states.push(state);
  const { outbox, clock, codes } = await openOn(disk, { limits, onState });
  const reader = outbox.reader('cloud');
  await outbox.add(item('before'));
  failFrom(disk, 0, { count: Number.POSITIVE_INFINITY, fault: { code: 'EIO' } });
  await expect(outbox.add(item('x'))).rejects.toMatchObject({ code: 'HB370', name: 'NotAccepted' });
  for (let n = 0; n < 200; n += 1) await outbox.add(item(n, { class: 'lazy' }));
  expect(outbox.status).toMatchObject({ state: 'failed', why: 'EIO: the disk refuses' });
  expect(outbox.status.memoryBytes).toBeLessThanOrEqual(2_000);
  await clock.advance(600_000);
  expect(codes()).toEqual(['HB371']);
  disk.onOperation = () => undefined;
  await clock.advance(10_000);
  await settle(200);
  expect(states).toEqual(['failed', 'ok']);
  checkLedger(outbox);
  const lost = outbox.status.readers.cloud?.dropped.full ?? 0;
  const texts = await textsOf(reader);
  expect(texts.slice(0, 3)).toEqual(['before', `gap ${lost} full`, String(lost)]);
  expect(texts.at(-1)).toBe('199');
});

test('lazy items that could not be written are written after the repair', async () => {
  const disk = new FakeDisk();
  const { outbox, clock } = await openOn(disk);
  outbox.reader('cloud');
  for (let n = 0; n < 5; n += 1) await outbox.add(item(n, { class: 'lazy' }));
  await settle(200);
  disk.onOperation = (operation) => (operation === 'write' ? { code: 'EIO' } : undefined);
  await clock.advance(15_000);
  await settle(200);
  expect(outbox.status.state).toBe('failed');
  expect(outbox.status.memoryBytes).toBeGreaterThan(0);
  disk.onOperation = () => undefined;
  await clock.advance(10_000);
  await settle(200);
  expect(outbox.status).toMatchObject({ state: 'ok', memoryBytes: 0 });
  expect(await numbers(disk.afterKill())).toEqual(['0', '1', '2', '3', '4']);
});

test('what was found in a damaged file is safe before the file is put aside, whatever the disk does', async () => {
  for (let first = 1; first <= 60; first += 1) {
    const disk = new FakeDisk();
    const { outbox } = await openOn(disk);
    outbox.reader('cloud');
    const accepted = await work(outbox, 30);
    await outbox.close();
    const path = disk.paths.filter((each) => each.endsWith('.log'))[1] ?? '';
    disk.damage(path, disk.bytes(path).indexOf('xxx'));
    failFrom(disk, disk.operations + first, { count: 2, fault: { code: 'EIO' } });
    const second = await openOn(disk);
    second.outbox.reader('cloud');
    await second.clock.advance(10_000);
    await settle(300);
    const found = await numbers(disk.afterKill());
    expect(found.length, `point ${first}`).toBeGreaterThanOrEqual(29);
    expect(accepted).toEqual(expect.arrayContaining(found));
  }
});

test('what failed to sync is not synced again in the same file', async () => {
  const disk = new FakeDisk();
  const { outbox } = await openOn(disk, { segmentBytes: 100_000 });
  outbox.reader('cloud');
  await outbox.add(item(1));
  const synced: string[] = [];
  disk.onOperation = (operation, path) => {
    if (operation !== 'sync') return undefined;
    synced.push(path);
    return synced.length === 1 ? { code: 'EIO' } : undefined;
  };
  await outbox.add(item(2));
  const [failed, ...others] = synced;
  expect(others.length).toBeGreaterThan(0);
  expect(others).not.toContain(failed);
  expect(await numbers(cut(disk.moment(), seeded(1)))).toEqual(['1', '2']);
});

test('on a full disk alarms go into the room that was kept for them', async () => {
  const disk = new FakeDisk();
  const options = { limits: { alarmBytes: 4_000 } };
  const { outbox, clock } = await openOn(disk, options);
  outbox.reader('cloud');
  await outbox.add(item('0'));
  await settle(500);
  expect(disk.paths.filter((path) => path.endsWith('.spare'))).toHaveLength(4);
  disk.onOperation = fullDisk();
  await expect(outbox.add(item('normal'))).rejects.toMatchObject({ code: 'HB370' });
  for (let n = 0; n < 20; n += 1) await outbox.add(item(`fire ${n}`, { priority: 'alarm' }));
  await expect(outbox.add(item('normal'))).rejects.toMatchObject({ code: 'HB370' });
  await clock.advance(10_000);
  expect(outbox.status.state, 'the room for alarms is no room for others').toBe('failed');
  await expect(outbox.add(item('normal'))).rejects.toMatchObject({ code: 'HB370' });
  checkLedger(outbox);
  const after = await openOn(cut(disk.moment(), seeded(1)), options);
  const texts = await textsOf(after.outbox.reader('cloud'));
  expect(texts.filter((text) => !text.startsWith('gap'))).toEqual([
    '0',
    ...Array.from({ length: 20 }, (_, n) => `fire ${n}`),
  ]);
  disk.onOperation = () => undefined;
  await clock.advance(10_000);
  await settle(500);
  await outbox.add(item('normal'));
  expect(disk.paths.filter((path) => path.endsWith('.spare'))).toHaveLength(4);
});

/** No new block can be had; only files that were made of spares can be written. */
function fullDisk(): (operation: Operation, path: string) => Fault | undefined {
  const adopted = new Set<string>();
  let isAdopting = false;
  return (operation, path) => {
    if (operation === 'move' && path.endsWith('.spare')) isAdopting = true;
    if (operation === 'reopen' && isAdopting) {
      adopted.add(path);
      isAdopting = false;
    }
    // Overwriting what is there needs no room.
    return operation === 'write' && !adopted.has(path) ? { code: 'ENOSPC' } : undefined;
  };
}

test('a nearly full disk: told once, lazy items stay in memory below 50 MB, sync goes on', async () => {
  const disk = new FakeDisk();
  let free = 80_000_000;
  const clock = makeFakeClock(START);
  const files = outboxFiles(disk, () => free);
  const { outbox, codes } = await openOn(disk, { files, clock });
  outbox.reader('cloud');
  expect(outbox.status.room).toBe('low');
  free = 40_000_000;
  await clock.advance(30_000);
  expect(outbox.status.room).toBe('scarce');
  await outbox.add(item('lazy', { class: 'lazy' }));
  await clock.advance(60_000);
  await outbox.add(item('sync'));
  expect(outbox.status.written.items).toBe(1);
  free = 200_000_000;
  await clock.advance(60_000);
  await settle(100);
  expect(outbox.status).toMatchObject({ room: 'ok', memoryBytes: 0 });
  expect(outbox.status.written.items).toBe(2);
  expect(codes()).toEqual(['HB375', 'HB375']);
});

test('a folder whose names cannot be read is not written over', async () => {
  const disk = new FakeDisk();
  const first = await openOn(disk);
  first.outbox.reader('cloud');
  await first.outbox.add(item('1'));
  await first.outbox.close();
  disk.onOperation = (operation) => (operation === 'list' ? { code: 'EACCES' } : undefined);
  const { outbox, clock, codes } = await openOn(disk);
  outbox.reader('cloud');
  await expect(outbox.add(item('2'))).rejects.toBeInstanceOf(NotAccepted);
  disk.onOperation = () => undefined;
  await clock.advance(60_000);
  expect(outbox.status.state).toBe('failed');
  expect(codes()).toEqual(['HB371']);
  await outbox.close();
  expect(await numbers(disk)).toEqual(['1']);
});

test('closing while the disk refuses ends, and leaves no timer', async () => {
  const disk = new FakeDisk();
  const { outbox, clock } = await openOn(disk);
  outbox.reader('cloud');
  await settle(100);
  disk.onOperation = (operation) => (operation === 'write' ? { code: 'EIO' } : undefined);
  await expect(outbox.add(item('1'))).rejects.toBeInstanceOf(NotAccepted);
  await outbox.add(item('2', { class: 'lazy' }));
  await outbox.close();
  expect(clock.pending).toBe(0);
});

test('a second process is kept out', async () => {
  const disk = new FakeDisk();
  await openOn(disk);
  await expect(openOn(disk)).rejects.toMatchObject({ code: 'HB125' });
});
