import { mkdir, rename, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, expect, it } from 'vitest';
import { type House, makeHouse } from './scheme-house.ts';

const text = (seconds: number) => `publish: {every: ${seconds}s}\n`;

let house: House;

afterEach(() => house.remove());

/** Time goes on until the node runs a text. */
const runs = (wanted: string) =>
  expect
    .poll(async () => {
      await house.clock.advance(100);
      return house.runs.at(-1);
    })
    .toBe(wanted);

async function watched(main?: string): Promise<void> {
  house = await makeHouse(main);
  house.watch();
}

it('takes what was saved by hand, each time as a version', async () => {
  await watched(text(1));
  await house.put('hanbus.yaml', text(2));
  await runs(text(2));
  await house.put('hanbus.yaml', text(3));
  await runs(text(3));
  expect(house.loop.history.versions.map(({ source }) => source)).toEqual(['file', 'file', 'file']);
});

it('a hundred edits in a row end with the last one, taken together where they came together', async () => {
  await watched(text(1));
  for (let seconds = 2; seconds <= 101; seconds += 1) {
    await house.put('hanbus.yaml', text(seconds));
    if (seconds % 10 === 0) await house.clock.advance(50);
  }
  await runs(text(101));
  expect(house.runs.length).toBeLessThan(50);
  expect(house.loop.history.versions.length).toBeLessThanOrEqual(20);
});

it('sees what was saved while it was reading', async () => {
  await watched(text(1));
  await house.put('hanbus.yaml', text(2));
  const reading = house.loop.look();
  await house.put('hanbus.yaml', text(3));
  await reading;
  await runs(text(3));
});

it('follows a link to where the text is', async () => {
  house = await makeHouse(text(1));
  await mkdir(join(house.folder, 'git'));
  await rename(house.main, join(house.folder, 'git', 'house.yaml'));
  await symlink(join('git', 'house.yaml'), house.main);
  house.watch();
  await expect
    .poll(async () => {
      await writeFile(join(house.folder, 'git', 'house.yaml'), text(2));
      await house.clock.advance(400);
      return house.runs.at(-1);
    })
    .toBe(text(2));
});

it('sees the first file that an include with a star can read', async () => {
  house = await makeHouse('include: [rooms/*.yaml]\n');
  await mkdir(join(house.folder, 'rooms'));
  house.watch();
  await expect
    .poll(async () => {
      await house.put('rooms/hall.yaml', text(6));
      await house.clock.advance(400);
      return house.loop.current.scheme.publish.every;
    })
    .toBe('6s');
});

it('watches the folder of a file that is included from now on', async () => {
  await watched(text(1));
  await mkdir(join(house.folder, 'rooms'));
  await house.put('rooms/hall.yaml', text(5));
  const main = 'include: [rooms/hall.yaml]\n';
  await house.put('hanbus.yaml', main);
  await runs(main);
  await expect
    .poll(async () => {
      await house.put('rooms/hall.yaml', text(6));
      await house.clock.advance(400);
      return house.loop.current.scheme.publish.every;
    })
    .toBe('6s');
});
