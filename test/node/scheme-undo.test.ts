import { chmod, mkdir, readdir, readFile, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { machineDisk } from '../../src/node/scheme-disk.ts';
import { wayBack } from '../../src/node/scheme-undo.ts';
import { type House, makeHouse } from './scheme-house.ts';

const text = (seconds: number) => `publish: {every: ${seconds}s}\n`;

let house: House;

afterEach(() => house.remove());

async function edit(seconds: number): Promise<void> {
  await house.put('hanbus.yaml', text(seconds));
  await house.loop.look();
}

const undo = (to?: number) =>
  house.loop.change(async () => {
    const { texts, version } = await wayBack(house.loop, to);
    const by = { source: 'undo', who: 'ann', of: version.number } as const;
    return { texts, etag: undefined, by, waitMs: 0, isDry: false };
  });

const versions = () => join(house.folder, 'data', 'versions');

describe('undo', () => {
  it('goes back one, and forth again', async () => {
    house = await makeHouse(text(1));
    await edit(2);
    await edit(3);
    await undo();
    expect(await house.text()).toBe(text(2));
    await undo();
    expect(await house.text()).toBe(text(3));
    await undo(1);
    expect(await house.text()).toBe(text(1));
    expect(house.loop.history.versions.map(({ source, of }) => of ?? source)).toEqual([
      'file',
      'file',
      'file',
      2,
      3,
      1,
    ]);
  });

  it('passes over what was tried and not kept', async () => {
    house = await makeHouse(text(1));
    await edit(2);
    await house.apply(text(3));
    await house.loop.takeBack('a test');
    await undo();
    expect(await house.text()).toBe(text(1));
  });

  it('of a broken text brings back the one that runs', async () => {
    house = await makeHouse(text(1));
    await edit(2);
    await house.put('hanbus.yaml', 'publish: {every: 60}\n');
    await house.loop.look();
    await undo();
    expect(await house.text()).toBe(text(2));
    expect(house.loop.current.isOlder).toBe(false);
  });

  it('goes back to no file at all', async () => {
    house = await makeHouse(undefined);
    await edit(2);
    await undo();
    expect(await house.text()).toBeUndefined();
  });

  it('removes a file that the older version did not have only where its includes would read it', async () => {
    house = await makeHouse('include: [rooms/*.yaml]\n');
    await mkdir(join(house.folder, 'rooms'));
    await house.put('rooms/hall.yaml', text(5));
    await house.put('extra.yaml', 'node: hall\n');
    await house.put('hanbus.yaml', 'include: [rooms/*.yaml, extra.yaml]\n');
    await house.loop.look();
    expect(house.loop.current.scheme.publish.every).toBe('5s');
    await undo(1);
    expect(await house.text('rooms/hall.yaml')).toBeUndefined();
    expect(await house.text('extra.yaml')).toBe('node: hall\n');
    await undo();
    expect(await house.text('rooms/hall.yaml')).toBe(text(5));
  });

  it('has nothing to go back to in a new home, nor to a version that is not there', async () => {
    house = await makeHouse(text(1));
    await expect(undo()).rejects.toMatchObject({ code: 'HB396' });
    await expect(undo(17)).rejects.toMatchObject({ code: 'HB396' });
  });
});

describe('versions', () => {
  it('are on the disk with their texts, for the owner alone, without values of secrets', async () => {
    house = await makeHouse('broker: {users: {ann: {password: $ANN, role: viewer}}}\n', {
      environment: { ANN: 'a-very-secret-word' },
    });
    expect(house.loop.current.isOlder).toBe(false);
    const [name = ''] = await readdir(versions());
    const stored = await readFile(join(versions(), name), 'utf8');
    expect(stored).toContain('$ANN');
    expect(stored).not.toContain('a-very-secret-word');
  });

  it('are twenty at most, and count on', async () => {
    house = await makeHouse(text(1));
    for (let seconds = 2; seconds <= 25; seconds += 1) await edit(seconds);
    expect(house.loop.history.versions.map(({ number }) => number)).toEqual(
      Array.from({ length: 20 }, (_, index) => index + 6),
    );
    expect(await readdir(versions())).toHaveLength(20);
    expect(house.loop.written()).toMatchObject({ times: 25 });
  });

  it('have 1 MB at most together, but for the newest two', async () => {
    house = await makeHouse(text(1));
    for (let seconds = 2; seconds <= 5; seconds += 1) {
      await house.put('hanbus.yaml', `${text(seconds)}# ${'x'.repeat(600_000)}\n`);
      await house.loop.look();
    }
    expect(house.loop.history.versions.map(({ number }) => number)).toEqual([4, 5]);
  });

  it('survive a restart, and one that is damaged is put aside without the others', async () => {
    house = await makeHouse(text(1));
    await edit(2);
    await edit(3);
    await house.stop();
    await truncate(join(versions(), '000003.json'), 100);
    await writeFile(join(versions(), '000001.json'), '{"hanbus":"document/1"}');
    await house.start();
    expect(house.lines.map(({ fields }) => fields.code).filter((code) => code === 'HB127')).toHaveLength(2);
    // What runs is known again, under a number that was never given.
    expect(house.loop.history.versions.map(({ number }) => number)).toEqual([2, 4]);
    expect((await readdir(versions())).filter((name) => name.endsWith('.bad'))).toHaveLength(2);
    await undo();
    expect(await house.text()).toBe(text(2));
  });
});

it('starts with any file of the state damaged at any place', async () => {
  house = await makeHouse(text(1));
  await edit(2);
  await house.apply(text(3));
  await house.stop();
  const files = await readdir(join(house.folder, 'data'), { recursive: true, withFileTypes: true });
  const paths = files.filter((file) => file.isFile()).map(({ parentPath, name }) => join(parentPath, name));
  const whole = new Map(await Promise.all(paths.map(async (path) => [path, await readFile(path)] as const)));
  expect(whole.size).toBeGreaterThan(4);
  for (const [path, bytes] of whole) {
    for (let at = 0; at < bytes.length; at += 64) {
      const flipped = Buffer.from(bytes);
      flipped[at] = (flipped[at] ?? 0) ^ 0xff;
      for (const damaged of [flipped, bytes.subarray(0, at)]) {
        for (const [other, right] of whole) await writeFile(other, other === path ? damaged : right);
        await house.put('hanbus.yaml', text(3));
        await house.start();
        expect(house.loop.keeper.running.texts[house.main]).toBe(await house.text());
        await house.stop();
      }
    }
  }
});

describe('a trial over a restart', () => {
  it('goes on with the time that was left when the node was stopped in order', async () => {
    house = await makeHouse(text(1));
    await house.apply(text(2));
    await house.clock.advance(20_000);
    await house.stop();
    house.clock.jump(86_400_000);
    await house.start();
    expect(await house.text()).toBe(text(2));
    expect(house.loop.trials.leftMs).toBe(40_000);
    await house.clock.advance(40_000);
    await house.loop.look();
    expect(await house.text()).toBe(text(1));
    expect(house.runs.at(-1)).toBe(text(1));
  });

  it('ends when the node ended by itself: the one before runs', async () => {
    house = await makeHouse(text(1));
    const { etag } = await house.apply(text(2));
    await house.start();
    expect(await house.text()).toBe(text(1));
    expect(house.loop.current.scheme.publish.every).toBe('1s');
    await expect(house.loop.confirm(etag, '')).rejects.toThrow('the node ended while it was on trial');
    await house.start();
    expect(house.loop.trials.trial).toBeUndefined();
  });

  it('runs the one before from memory while its file cannot be written', async () => {
    house = await makeHouse(text(1));
    await house.apply(text(2));
    await chmod(house.main, 0o444);
    await house.start();
    expect(house.loop.current.scheme.publish.every).toBe('1s');
    expect(house.loop.current.problems).toMatchObject([{ code: 'HB393' }]);
    await chmod(house.main, 0o644);
    await house.clock.advance(60_000);
    await house.loop.look();
    expect(await house.text()).toBe(text(1));
    expect(house.loop.current.problems).toEqual([]);
  });

  it('starts when nothing of it can be read', async () => {
    house = await makeHouse(text(1));
    await house.apply(text(2));
    const denied = () => Promise.reject(new Error('permission denied'));
    await house.start({ disk: { ...machineDisk, text: denied, names: denied } });
    expect(house.loop.current.scheme.publish.every).toBe('1s');
    expect(house.loop.current.problems.map(({ code }) => code)).toContain('HB393');
  });

  it('is over when a person edited the file while the node was down', async () => {
    house = await makeHouse(text(1));
    await house.apply(text(2));
    await house.put('hanbus.yaml', text(3));
    await house.start();
    expect(await house.text()).toBe(text(3));
    expect(house.loop.current.scheme.publish.every).toBe('3s');
    expect(house.loop.trials.ended).toMatchObject({ outcome: 'edited' });
  });

  it('does not come back when it was confirmed and the newest state file is damaged', async () => {
    house = await makeHouse(text(1));
    const { etag } = await house.apply(text(2));
    await house.loop.confirm(etag, '');
    await truncate(join(house.folder, 'data', 'trial.json'), 10);
    await house.start();
    expect(await house.text()).toBe(text(2));
  });
});
