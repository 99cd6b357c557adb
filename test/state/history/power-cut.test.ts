import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type HistoryDisk, systemDisk } from '../../../src/state/history/disk.ts';
import type { HistoryPoint } from '../../../src/state/history/history.ts';
import { openHistory } from '../../../src/state/history/open-history.ts';
import { makeFakeClock } from '../../fakes/clock.ts';
import { makeFakeLog } from '../../fakes/log.ts';

const PLACE = existsSync('/dev/shm') ? '/dev/shm' : tmpdir();
const BLOCK = 4_096;
const NOTHING = Buffer.alloc(0);
const POINTS: readonly HistoryPoint[] = ['a', 'b', 'c'].map((name) => ({ name: `k.d.${name}`, type: 'number' }));
const NOISE: HistoryPoint = { name: 'k.d.noise', type: 'text' };
/** Images of each moment. */
const IMAGES = 4;

let folder: string;
let image: string;

beforeAll(() => {
  folder = mkdtempSync(join(PLACE, 'hanbus-power-'));
  image = mkdtempSync(join(PLACE, 'hanbus-image-'));
});

afterAll(() => {
  for (const path of [folder, image]) rmSync(path, { recursive: true });
});

/** The same numbers at each run. */
function makeRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

/** What a disk holds after a cut: of what was not synced, any blocks, and any of the two lengths. */
function cutFile(durable: Buffer, current: Buffer, random: () => number): Buffer {
  const size = random() < 0.5 ? durable.length : current.length;
  const bytes = Buffer.alloc(size);
  for (let at = 0; at < size; at += BLOCK) {
    const from = random() < 0.5 ? durable : current;
    const source = at < from.length ? from : at < current.length ? current : durable;
    source.copy(bytes, at, at, Math.min(at + BLOCK, size));
  }
  return bytes;
}

/** Opens an image: how many of each point came back, which must be the first of those that were added. */
async function livesOn(files: readonly Buffer[], now: number): Promise<number> {
  for (const [index, bytes] of files.entries()) writeFileSync(join(image, ['h.db', 'h.db-wal'][index] ?? ''), bytes);
  const { log, lines } = makeFakeLog();
  const history = openHistory({ path: join(image, 'h.db'), clock: makeFakeClock(now), log });
  await history.ready;
  const counts: number[] = [];
  for (const { name } of POINTS) {
    const values: unknown[] = [];
    for await (const { value } of history.readings([name], 0, 4e12)) if (value !== undefined) values.push(value);
    expect(values).toEqual(Array.from({ length: values.length }, (_, index) => index));
    counts.push(values.length);
  }
  expect(lines.filter(({ level }) => level !== 'debug')).toEqual([]);
  await history.close();
  for (const name of ['h.db', 'h.db-wal']) rmSync(join(image, name), { force: true });
  return Math.min(...counts);
}

test('whatever blocks a power cut leaves, what was synced is there and nothing else is', async () => {
  const random = makeRandom(7);
  const clock = makeFakeClock();
  const path = join(folder, 'h.db');
  const files = [path, `${path}-wal`];
  const durable = new Map<string, Buffer>();
  const current = (file: string) => (existsSync(file) ? readFileSync(file) : NOTHING);
  let [added, synced, images] = [0, 0, 0];
  const failures: unknown[] = [];
  /** The power goes just before a sync takes effect. */
  const disk: HistoryDisk = {
    ...systemDisk,
    hold: async (file) => ({
      ...(await systemDisk.hold(file)),
      sync: async () => {
        for (let count = 0; count < IMAGES; count += 1) {
          const cut = files.map((one) => cutFile(durable.get(one) ?? NOTHING, current(one), random));
          // An error here would be one of the disk, which the history takes in its stride.
          const kept = await livesOn(cut, clock.now()).catch((error: unknown) => failures.push(error) - 1_000);
          if (kept < synced) failures.push(`${kept} of ${synced} came back`);
          images += 1;
        }
        durable.set(file, current(file));
      },
    }),
  };
  for (let life = 0; life < 5; life += 1) {
    const history = openHistory({ path, clock, log: makeFakeLog().log, disk, slotRows: 40 });
    await history.ready;
    // One life writes so much that its log is emptied and begun again, in the midst of everything.
    const noise = life === 2 ? 'x'.repeat(1_000) : '';
    for (let minute = 0; minute < (life === 2 ? 20 : 8); minute += 1) {
      for (const point of POINTS) history.add({ point, value: added, quality: 'good' });
      for (let row = 0; row < 120; row += 1) {
        if (noise !== '') history.add({ point: NOISE, value: `${noise}${random()}`.slice(-1_000), quality: 'good' });
      }
      added += 1;
      await clock.advance(1_000);
      await history.flush();
      synced = added;
    }
    // Closing brings the log into the database: three syncs, in the order that counts.
    await history.close();
    durable.delete(`${path}-wal`);
  }
  expect(failures).toEqual([]);
  expect(images).toBeGreaterThan(200);
}, 60_000);
