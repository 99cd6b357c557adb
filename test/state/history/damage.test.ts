import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { systemDisk } from '../../../src/state/history/disk.ts';
import type { HistoryPoint } from '../../../src/state/history/history.ts';
import { openHistory } from '../../../src/state/history/open-history.ts';
import { makeFakeClock } from '../../fakes/clock.ts';
import { makeFakeLog } from '../../fakes/log.ts';

const POINTS: readonly HistoryPoint[] = ['load', 'memory', 'name'].map((name) => ({
  name: `kitchen.board.${name}`,
  type: name === 'name' ? 'text' : 'number',
}));
const START = 1_763_800_000_000;
/** Not slowed by a disk: what is tested here is what the bytes say. */
const disk = {
  ...systemDisk,
  move: async (from: string, to: string) => {
    if (existsSync(from)) renameSync(from, to);
  },
  syncFolder: async () => undefined,
  hold: async (path: string) => ({ ...(await systemDisk.hold(path)), sync: () => Promise.resolve() }),
};

/** Thousands of small files: in memory where that can be had. */
const PLACE = existsSync('/dev/shm') ? '/dev/shm' : tmpdir();

let sound: string;
let work: string;
let file: Buffer;
const written = new Set<string>();

/** A small database with slots, a journal, and everything in the file itself. */
beforeAll(async () => {
  sound = mkdtempSync(join(PLACE, 'hanbus-sound-'));
  work = mkdtempSync(join(PLACE, 'hanbus-damaged-'));
  const clock = makeFakeClock(START);
  const history = openHistory({ path: join(sound, 'h.db'), clock, log: makeFakeLog().log, disk, slotRows: 30 });
  await history.ready;
  for (let minute = 0; minute < 60; minute += 1) {
    for (const point of POINTS) {
      const value = point.type === 'text' ? `run ${minute}` : Math.sin(minute * 77) * 1e5;
      history.add({ point, value, quality: 'good' });
      written.add(JSON.stringify([point.name, clock.now(), value]));
    }
    if (minute % 5 === 4) await history.flush();
    await clock.advance(60_000);
  }
  await history.close();
  file = readFileSync(join(sound, 'h.db'));
});

afterAll(() => {
  for (const folder of [sound, work]) rmSync(folder, { recursive: true });
});

/** Opens what is in the folder, reads all, and writes: never a reading that was not written. How many came back. */
async function use(): Promise<{ readings: number; codes: unknown[] }> {
  const clock = makeFakeClock(START + 86_400_000);
  const { log, lines } = makeFakeLog();
  const history = openHistory({ path: join(work, 'h.db'), clock, log, disk });
  await history.ready;
  let readings = 0;
  const read = async () => {
    readings = 0;
    for await (const { point, time, value } of history.readings(
      history.known().map(({ name }) => name),
      0,
      4e12,
    )) {
      if (value === undefined || time >= START + 86_400_000) continue;
      expect(written).toContain(JSON.stringify([point, time, value]));
      readings += 1;
    }
  };
  await read().catch(read);
  history.add({ point: { name: 'kitchen.new.one', type: 'number' }, value: 1, quality: 'good' });
  await history.flush();
  expect(await history.lastBefore('kitchen.new.one', 4e12)).toMatchObject({ value: 1 });
  expect(history.problems()).toEqual([]);
  await history.close();
  return { readings, codes: lines.map(({ fields }) => fields.code).filter((code) => code !== undefined) };
}

function put(bytes: Buffer): void {
  for (const name of readdirSync(work)) rmSync(join(work, name));
  writeFileSync(join(work, 'h.db'), bytes);
}

test('a sound file gives everything', async () => {
  put(file);
  expect(await use()).toEqual({ readings: written.size, codes: [] });
});

test('cut at every 64th byte: it starts, lies never, and takes new readings', async () => {
  let [told, kept, times] = [0, 0, 0];
  for (let size = 0; size < file.length; size += 64) {
    put(file.subarray(0, size));
    const { readings, codes } = await use();
    times += 1;
    kept += readings;
    if (codes.includes('HB383')) told += 1;
    if (codes.includes('HB383') && size > 0) expect(existsSync(join(work, 'h.db.bad'))).toBe(true);
  }
  // An empty file is a new database; everything else is told.
  expect(told).toBe(times - 1);
  expect(kept / times / written.size).toBeGreaterThan(0.15);
}, 60_000);

test('bent at every 64th byte: it starts, lies never, and takes new readings', async () => {
  let [kept, times] = [0, 0];
  for (let at = 7; at < file.length; at += 64) {
    const bent = Buffer.from(file);
    bent[at] = (bent[at] ?? 0) ^ 0xff;
    put(bent);
    const { readings, codes } = await use();
    times += 1;
    kept += readings;
    if (readings < written.size) expect(codes, String(at)).toContain('HB383');
  }
  expect(kept / times / written.size).toBeGreaterThan(0.8);
}, 60_000);

test('a second damage sets aside again, and one file is kept', async () => {
  put(file);
  for (let round = 0; round < 3; round += 1) {
    const bytes = readFileSync(join(work, 'h.db'));
    bytes.fill(0xaa, 100, 140);
    writeFileSync(join(work, 'h.db'), bytes);
    await use();
  }
  expect(readdirSync(work).sort()).toEqual(['h.db', 'h.db.bad']);
});

test('cut off while it was being rebuilt, it goes on at the next start', async () => {
  put(file);
  cpSync(join(work, 'h.db'), join(work, 'h.db.bad'));
  writeFileSync(join(work, 'h.db.new'), file.subarray(0, 5_000));
  rmSync(join(work, 'h.db'));
  expect((await use()).readings).toBe(written.size);
});

test('a log of changes that is bent or cut at every 64th byte loses its end and nothing else', async () => {
  const clock = makeFakeClock(START + 7_200_000);
  put(file);
  const history = openHistory({ path: join(work, 'h.db'), clock, log: makeFakeLog().log, disk });
  await history.ready;
  for (let minute = 0; minute < 1; minute += 1) {
    for (const point of POINTS.slice(0, 2)) {
      history.add({ point, value: minute, quality: 'good' });
      written.add(JSON.stringify([point.name, clock.now(), minute]));
    }
    await history.flush();
    await clock.advance(60_000);
  }
  const [main, wal] = ['h.db', 'h.db-wal'].map((name) => readFileSync(join(work, name)));
  await history.close();
  if (main === undefined || wal === undefined) throw new Error('there is no log');
  expect(wal.length).toBeGreaterThan(4_000);
  const least = written.size - 2;
  for (let at = 5; at < wal.length; at += 64) {
    for (const bent of at % 512 === 5 ? [wal.subarray(0, at), flipped(wal, at)] : [flipped(wal, at)]) {
      put(main);
      writeFileSync(join(work, 'h.db-wal'), bent);
      expect((await use()).readings).toBeGreaterThanOrEqual(least);
    }
  }
}, 60_000);

function flipped(bytes: Buffer, at: number): Buffer {
  const bent = Buffer.from(bytes);
  bent[at] = (bent[at] ?? 0) ^ 0xff;
  return bent;
}
