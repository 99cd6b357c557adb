import { chmod, lstat, mkdir, rename, stat, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, expect, it } from 'vitest';
import { machineDisk, type SchemeDisk } from '../../src/node/scheme-disk.ts';
import { type House, makeHouse } from './scheme-house.ts';

const OLD = 'node: kitchen # as it was\n';
const NEW = 'node: kitchen\npublish: {every: 30s}\n';
const NEWER = 'node: kitchen\npublish: {every: 20s}\n';
const BROKEN = 'node: kitchen\npublish: {every: 60}\ndevises: {}\n';

let house: House;

afterEach(() => house.remove());

/** Lets the node do what its timers asked for. */
async function wait(ms: number): Promise<void> {
  await house.clock.advance(ms);
  await house.loop.look();
}

const codes = (problems: readonly { readonly code: string }[]) => problems.map(({ code }) => code);

it('takes nothing of a scheme with errors, and tells all of them', async () => {
  house = await makeHouse(OLD);
  const changed = await house.apply(BROKEN);
  expect(changed.ok).toBe(false);
  expect(codes(changed.problems)).toEqual(['HB210', 'HB204']);
  expect(await house.text()).toBe(OLD);
  expect(house.runs).toEqual([]);
  expect(house.loop.history.versions).toHaveLength(1);
});

it('writes and runs a good one, and keeps it when it is confirmed', async () => {
  house = await makeHouse(OLD);
  const { ok, etag, waitMs } = await house.apply(NEW);
  expect({ ok, waitMs }).toEqual({ ok: true, waitMs: 60_000 });
  expect(await house.text()).toBe(NEW);
  expect(house.runs).toEqual([NEW]);
  await wait(59_000);
  expect(await house.loop.confirm(etag, 'ann')).toMatchObject({ outcome: 'confirmed' });
  await wait(600_000);
  expect(await house.text()).toBe(NEW);
  expect(house.loop.history.kept.map(({ source, who }) => [source, who])).toEqual([
    ['file', ''],
    ['apply', 'ann'],
  ]);
});

it('goes back by itself when nobody confirms, and says so', async () => {
  house = await makeHouse(OLD);
  const { etag } = await house.apply(NEW);
  expect(codes(house.loop.notes())).toEqual(['HB395']);
  await wait(59_999);
  expect(await house.text()).toBe(NEW);
  await wait(1);
  expect(await house.text()).toBe(OLD);
  expect(house.runs).toEqual([NEW, OLD]);
  expect(codes(house.loop.notes())).toEqual(['HB394']);
  await expect(house.loop.confirm(etag, '')).rejects.toThrow(/HB391|nobody confirmed it within 1min/);
  expect(house.loop.history.versions.map(({ takenBack }) => takenBack)).toEqual([undefined, true]);
});

it('keeps one at once when that is asked for', async () => {
  house = await makeHouse(OLD);
  expect((await house.apply(NEW, { waitMs: 0 })).waitMs).toBeUndefined();
  await wait(600_000);
  expect(await house.text()).toBe(NEW);
});

it('changes nothing in a dry run', async () => {
  house = await makeHouse(OLD);
  const { ok, files, scheme } = await house.apply(NEW, { isDry: true });
  expect({ ok, files, every: scheme?.publish.every }).toEqual({ ok: true, files: [house.main], every: '30s' });
  expect(await house.text()).toBe(OLD);
});

it('refuses the second of two editors, who hears of the first', async () => {
  house = await makeHouse(OLD);
  const { etag } = house.loop.keeper.newest;
  await house.apply(NEW, { etag, waitMs: 0 });
  await house.clock.advance(120_000);
  const second = await house.apply(NEWER, { etag });
  expect(second.ok).toBe(false);
  expect(second.problems).toMatchObject([
    { code: 'HB390', message: 'the scheme was changed since you read it: version 2, applied by ann, 2min ago' },
  ]);
  expect(await house.text()).toBe(NEW);
});

it('also when the first one edited by hand, even a broken text that does not run', async () => {
  house = await makeHouse(OLD);
  const { etag } = house.loop.keeper.newest;
  await house.put('hanbus.yaml', BROKEN);
  const second = await house.apply(NEWER, { etag });
  expect(second.problems).toMatchObject([{ code: 'HB390', message: expect.stringContaining('by hand') }]);
  expect(await house.text()).toBe(BROKEN);
});

it('lets nobody apply over a scheme that waits for its confirmation', async () => {
  house = await makeHouse(OLD);
  await house.apply(NEW);
  const second = await house.apply(NEWER);
  expect(codes(second.problems)).toEqual(['HB395']);
  expect(await house.text()).toBe(NEW);
});

it('never overwrites what a person saved while the scheme was on trial', async () => {
  house = await makeHouse(OLD);
  await house.apply(NEW);
  await house.put('hanbus.yaml', NEWER);
  await wait(1_000);
  expect(house.runs).toEqual([NEW, NEWER]);
  await wait(600_000);
  expect(await house.text()).toBe(NEWER);
  expect(house.loop.trials.ended).toMatchObject({ outcome: 'edited' });
});

it('takes back only the files that it changed: what a person did to another stays', async () => {
  house = await makeHouse('include: [room.yaml]\n');
  await house.put('room.yaml', OLD);
  await house.loop.look();
  const main = 'include: [room.yaml]\npublish: {every: 30s}\n';
  const room = join(house.folder, 'room.yaml');
  await house.apply('', { texts: { [house.main]: main, [room]: OLD } });
  await house.put('room.yaml', 'node: hall\n');
  await wait(60_000);
  expect(await house.text()).toBe('include: [room.yaml]\n');
  expect(await house.text('room.yaml')).toBe('node: hall\n');
  expect(house.loop.current.scheme.node.name).toBe('hall');
});

it('not even what was saved in the very moment of going back, broken or not', async () => {
  house = await makeHouse(OLD);
  await house.apply(NEW);
  await house.clock.advance(59_999);
  await house.put('hanbus.yaml', BROKEN);
  await wait(1);
  expect(await house.text()).toBe(BROKEN);
  expect(house.loop.current.isOlder).toBe(true);
  expect(house.loop.keeper.running.texts[house.main]).toBe(NEW);
});

it('runs the old one on when the new one cannot be started, and brings its files back', async () => {
  house = await makeHouse(OLD);
  house.refuses = /30s/;
  const changed = await house.apply(NEW);
  expect({ ok: changed.ok, codes: codes(changed.problems) }).toEqual({ ok: false, codes: ['HB392'] });
  expect(await house.text()).toBe(OLD);
  expect(house.runs).toEqual([OLD]);
  expect(house.loop.trials.trial).toBeUndefined();
  expect(house.loop.current.isOlder).toBe(false);
});

it('the last good one runs again too, where the file before was broken', async () => {
  house = await makeHouse(OLD);
  await house.put('hanbus.yaml', BROKEN);
  await house.loop.look();
  house.refuses = /30s/;
  expect(codes((await house.apply(NEW)).problems)).toEqual(['HB392']);
  expect(house.runs).toEqual([OLD]);
  expect(await house.text()).toBe(BROKEN);
  expect(house.loop.current.isOlder).toBe(true);
});

it('a hand edit that cannot be started stays in the file, the one before runs', async () => {
  house = await makeHouse(OLD);
  house.refuses = /30s/;
  await house.put('hanbus.yaml', NEW);
  await house.loop.look();
  expect(await house.text()).toBe(NEW);
  expect(house.loop.keeper.running.texts[house.main]).toBe(OLD);
  expect(codes(house.loop.current.problems)).toEqual(['HB392']);
});

it('repairs a broken file, and keeps the broken text for a look', async () => {
  house = await makeHouse(OLD);
  await house.put('hanbus.yaml', BROKEN);
  await house.loop.look();
  expect((await house.apply(NEW, { waitMs: 0 })).ok).toBe(true);
  const broken = house.loop.history.versions.find((one) => one.broken);
  expect(await house.loop.history.texts(broken?.number ?? 0)).toEqual({ 'hanbus.yaml': BROKEN });
});

it('makes the first file of a node that had none, and takes it away again', async () => {
  house = await makeHouse(undefined);
  expect((await house.apply(NEW)).ok).toBe(true);
  expect(await house.text()).toBe(NEW);
  await wait(60_000);
  expect(await house.text()).toBeUndefined();
  expect(house.loop.current.scheme.publish).toEqual({});
});

it('keeps mode and link of a file', async () => {
  house = await makeHouse(OLD);
  await mkdir(join(house.folder, 'git'));
  await rename(house.main, join(house.folder, 'git', 'house.yaml'));
  await symlink(join('git', 'house.yaml'), house.main);
  await chmod(join(house.folder, 'git', 'house.yaml'), 0o640);
  await house.apply(NEW, { waitMs: 0 });
  expect((await lstat(house.main)).isSymbolicLink()).toBe(true);
  expect(await house.text('git/house.yaml')).toBe(NEW);
  expect((await stat(house.main)).mode & 0o777).toBe(0o640);
});

it('does not write a read-only file', async () => {
  house = await makeHouse(OLD);
  await chmod(house.main, 0o444);
  const changed = await house.apply(NEW);
  expect(codes(changed.problems)).toEqual(['HB393']);
  expect(await house.text()).toBe(OLD);
  expect(house.runs).toEqual([]);
});

it('does not write over what it cannot read', async () => {
  const text = (path: string) =>
    path.endsWith('hanbus.yaml') ? Promise.reject(new Error('permission denied')) : machineDisk.text(path);
  house = await makeHouse(OLD, { disk: { ...machineDisk, text } });
  await expect(house.apply(NEW)).rejects.toMatchObject({ code: 'HB393' });
  expect(await house.text()).toBe(OLD);
});

it('writes several files or none', async () => {
  house = await makeHouse(OLD);
  await house.put('locked.yaml', 'devices: {}\n');
  await chmod(join(house.folder, 'locked.yaml'), 0o444);
  const main = `${NEW}include: [rooms/day.yaml, locked.yaml]\n`;
  const texts = {
    [house.main]: main,
    [join(house.folder, 'rooms', 'day.yaml')]: 'devices: {}\n',
    [join(house.folder, 'locked.yaml')]: 'rules: {}\n',
  };
  expect(codes((await house.apply('', { texts })).problems)).toContain('HB393');
  expect(await house.text()).toBe(OLD);
  expect(await house.text('rooms/day.yaml')).toBeUndefined();
  const { [join(house.folder, 'locked.yaml')]: _locked, ...open } = texts;
  expect((await house.apply('', { texts: open })).ok).toBe(true);
  expect(await house.text('rooms/day.yaml')).toBe('devices: {}\n');
  await wait(60_000);
  expect(await house.text('rooms/day.yaml')).toBeUndefined();
  expect(await house.text()).toBe(OLD);
});

it('comes back in memory when its files cannot be written, and on the disk as soon as they can', async () => {
  house = await makeHouse(OLD);
  const { etag } = await house.apply(NEW);
  await chmod(house.main, 0o444);
  await wait(60_000);
  expect(await house.text()).toBe(NEW);
  expect(house.runs).toEqual([NEW, OLD]);
  expect(codes(house.loop.current.problems)).toEqual(['HB393']);
  await expect(house.loop.confirm(etag, 'ann')).rejects.toMatchObject({ code: 'HB391' });
  await chmod(house.main, 0o644);
  await wait(60_000);
  expect(await house.text()).toBe(OLD);
  expect(codes(house.loop.current.problems)).toEqual([]);
});

it('writes in place where a file cannot be replaced, and repairs what a power cut tore', async () => {
  const busy = Object.assign(new Error('it is mounted'), { code: 'EBUSY' });
  const isMounted = (path: string) => path.endsWith('hanbus.yaml');
  const disk: SchemeDisk = {
    ...machineDisk,
    rename: (from, to) => (isMounted(to) ? Promise.reject(busy) : machineDisk.rename(from, to)),
  };
  house = await makeHouse(OLD, { disk });
  await house.apply(NEW);
  expect(await house.text()).toBe(NEW);
  await wait(60_000);
  expect(await house.text()).toBe(OLD);
  await house.remove();

  const torn: SchemeDisk = {
    ...disk,
    overwrite: async (path, text) => {
      await machineDisk.overwrite(path, text.slice(0, 20));
      throw Object.assign(new Error('the power fails'), { code: 'EIO' });
    },
  };
  house = await makeHouse(OLD, { disk: torn });
  await house.apply(NEW, { waitMs: 0 });
  expect(await house.text()).not.toBe(OLD);
  await house.start({ disk });
  expect(await house.text()).toBe(OLD);
});

it('refuses a secret in a text that is sent, and keeps it out of the history', async () => {
  house = await makeHouse(OLD);
  const changed = await house.apply('broker: {engine: {url: mqtt://h, user: a, password: hunter22}}\n');
  expect(codes(changed.problems)).toContain('HB397');
  expect(JSON.stringify(changed.problems)).not.toContain('hunter22');
  expect(house.loop.history.versions).toHaveLength(1);
});
