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

test('whatever blocks a power cut leaves, what was synced is there and nothing else is', async () => {
  const random = makeRandom(7);
  const path = join(folder, 'h.db');
  const files = [path, `${path}-wal`];
  const durable = new Map<string, Buffer>();
  const current = (file: string) => (existsSync(file) ? readFileSync(file) : NOTHING);
  const images: { readonly files: readonly Buffer[]; readonly synced: number }[] = [];
  let [added, synced] = [0, 0];
  /** Images are taken just before a sync takes effect. */
  const disk: HistoryDisk = {
    ...systemDisk,
    hold: async (file) => ({
      ...(await systemDisk.hold(file)),
      sync: async () => {
        for (let count = 0; count < IMAGES; count += 1) {
          images.push({
            files: files.map((one) => cutFile(durable.get(one) ?? NOTHING, current(one), random)),
            synced,
          });
        }
        durable.set(file, current(file));
      },
    }),
  };
  const clock = makeFakeClock();
  const start = clock.now();
  for (let life = 0; life < 6; life += 1) {
    const history = openHistory({ path, clock, log: makeFakeLog().log, disk, slotRows: 40 });
    await history.ready;
    for (let minute = 0; minute < 12; minute += 1) {
      for (const point of POINTS) history.add({ point, value: added, quality: 'good' });
      added += 1;
      await clock.advance(1_000);
      await history.flush();
      synced = added;
    }
    // Closing brings the log into the database: three syncs, in the order that counts.
    await history.close();
    durable.delete(`${path}-wal`);
  }
  let lived = 0;
  for (const one of images) {
    for (const [index, bytes] of one.files.entries())
      writeFileSync(join(image, ['h.db', 'h.db-wal'][index] ?? ''), bytes);
    const { log, lines } = makeFakeLog();
    const history = openHistory({ path: join(image, 'h.db'), clock: makeFakeClock(start + 9e6), log });
    await history.ready;
    for (const { name } of POINTS) {
      const values: unknown[] = [];
      for await (const { value } of history.readings([name], 0, 4e12)) if (value !== undefined) values.push(value);
      expect(values).toEqual(Array.from({ length: values.length }, (_, index) => index));
      expect(values.length).toBeGreaterThanOrEqual(one.synced);
    }
    expect(lines.filter(({ level }) => level !== 'debug')).toEqual([]);
    await history.close();
    for (const name of ['h.db', 'h.db-wal']) rmSync(join(image, name), { force: true });
    lived += 1;
  }
  expect(lived).toBeGreaterThan(300);
}, 60_000);
