import { existsSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { History, HistoryPoint } from '../../../src/state/history/history.ts';
import type { HistoryOptions } from '../../../src/state/history/history-options.ts';
import { openHistory } from '../../../src/state/history/open-history.ts';
import { type FakeClock, makeFakeClock } from '../../fakes/clock.ts';
import { makeFakeLog } from '../../fakes/log.ts';

const AIR: HistoryPoint = { name: 'kitchen.air.temperature', type: 'number', unit: '°C' };
const PUMP: HistoryPoint = { name: 'kitchen.pump.state', type: 'boolean' };
const METER: HistoryPoint = { name: 'kitchen.power.energy', type: 'number', unit: 'kWh', counter: 'total_increasing' };

let folder: string;
let clock: FakeClock;
let fake: ReturnType<typeof makeFakeLog>;
let opened: History[];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'hanbus-history-'));
  clock = makeFakeClock();
  fake = makeFakeLog();
  opened = [];
});

afterEach(async () => {
  await Promise.all(opened.map((history) => history.close()));
  rmSync(folder, { recursive: true });
});

async function open(options: Partial<HistoryOptions> = {}): Promise<History> {
  const history = openHistory({ path: join(folder, 'history.db'), clock, log: fake.log, ...options });
  opened.push(history);
  await history.ready;
  return history;
}

function note(history: History, point: HistoryPoint, value: number | string | boolean | undefined): void {
  history.add({ point, value, quality: value === undefined ? 'bad' : 'good' });
}

async function everything(history: History, point = AIR.name) {
  const readings: [number, unknown][] = [];
  for await (const { time, value } of history.readings([point], 0, 4e12)) readings.push([time, value]);
  return readings;
}

test('what was added is there at once, after a minute on the disk, and after a restart', async () => {
  const first = await open();
  const start = clock.now();
  for (let minute = 0; minute < 10; minute += 1) {
    note(first, AIR, 20 + minute / 10);
    await clock.advance(60_000);
  }
  const expected = Array.from({ length: 10 }, (_, minute) => [start + minute * 60_000, 20 + minute / 10]);
  expect(await everything(first)).toEqual(expected);
  await first.flush();
  expect(first.counts.waiting).toBe(0);
  await first.close();
  const second = await open();
  expect((await everything(second)).filter(([, value]) => value !== undefined)).toEqual(expected);
  expect(fake.lines).toEqual([]);
  expect(statSync(join(folder, 'history.db')).mode % 0o1000).toBe(0o600);
});

test('it can be opened later: nothing that came before is lost, and a question or the end opens it at once', async () => {
  const options = { path: join(folder, 'history.db'), clock, log: fake.log, openAfterMs: 1_000 };
  const late = openHistory(options);
  note(late, AIR, 1);
  await clock.advance(900);
  expect(existsSync(options.path)).toBe(false);
  await clock.advance(200);
  await late.ready;
  expect(existsSync(options.path)).toBe(true);
  await late.close();
  const short = openHistory(options);
  note(short, AIR, 2);
  await short.close();
  const asked = openHistory(options);
  note(asked, AIR, 3);
  const values = (await everything(asked)).map(([, value]) => value);
  expect(values.filter((value) => value !== undefined)).toEqual([1, 2, 3]);
  await asked.close();
  expect(clock.pending).toBe(0);
});

test('a value holds until the next one, and not while the node was away', async () => {
  const history = await open();
  const start = clock.now();
  note(history, AIR, 10);
  await clock.advance(30_000);
  note(history, AIR, 20);
  await clock.advance(90_000);
  const series = await history.query({ point: AIR.name, from: start, to: start + 120_000, buckets: 2 });
  expect(series?.buckets).toEqual([
    { from: start, count: 2, avg: 15, min: 10, max: 20, last: 20 },
    { from: start + 60_000, count: 0, avg: 20, min: 20, max: 20, last: 20 },
  ]);
  await history.close();
  await clock.advance(60_000);
  const again = await open();
  await clock.advance(60_000);
  const later = await again.query({ point: AIR.name, from: start + 120_000, to: start + 240_000, buckets: 1 });
  expect(later?.buckets).toEqual([{ from: start + 120_000, count: 0 }]);
});

test('bad news ends what is known', async () => {
  const history = await open();
  const start = clock.now();
  note(history, AIR, 10);
  await clock.advance(30_000);
  note(history, AIR, undefined);
  await clock.advance(30_000);
  const series = await history.query({ point: AIR.name, from: start, to: start + 60_000, buckets: 2 });
  expect(series?.buckets).toEqual([
    { from: start, count: 1, avg: 10, min: 10, max: 10, last: 10 },
    { from: start + 30_000, count: 0 },
  ]);
});

test('on and off come as times', async () => {
  const history = await open();
  const start = clock.now();
  for (const [value, ms] of [
    [true, 1_000],
    [true, 2_000],
    [false, 5_000],
    [true, 2_000],
  ] as const) {
    note(history, PUMP, value);
    await clock.advance(ms);
  }
  const series = await history.query({ point: PUMP.name, from: start, to: start + 20_000, buckets: 1 });
  expect(series?.spans).toEqual([
    { from: start, to: start + 3_000, value: true },
    { from: start + 3_000, to: start + 8_000, value: false },
    { from: start + 8_000, to: start + 10_000, value: true },
  ]);
  expect(series?.buckets[0]?.avg).toBeCloseTo(0.5);
});

test('a meter is summed per day, over a restart and a new start from 0', async () => {
  clock = makeFakeClock(new Date(2026, 10, 20, 12).getTime());
  const first = await open({ slotRows: 4 });
  for (const value of [100, 101.5, 103, 1, 2]) {
    note(first, METER, value);
    await clock.advance(60_000);
    await first.flush();
  }
  const today = { day: '2026-11-20', increase: 5, last: 2 };
  expect(await first.totals(METER.name)).toEqual([today]);
  await first.close();
  await clock.advance(86_400_000);
  const second = await open();
  note(second, METER, 10);
  expect(await second.totals(METER.name)).toEqual([today, { day: '2026-11-21', increase: 8, last: 10 }]);
  expect(await second.totals(METER.name, '2026-11-21')).toHaveLength(1);
});

test('old readings go, totals stay', async () => {
  const history = await open({ keepMs: 3_600_000, slotRows: 2 });
  const start = clock.now();
  for (let hour = 0; hour < 5; hour += 1) {
    note(history, AIR, hour);
    note(history, METER, hour);
    await history.flush();
    await clock.advance(3_600_000);
  }
  await history.flush();
  const left = await everything(history);
  expect(left.map(([time]) => time - start)).toEqual([14_400_000]);
  const increase = (await history.totals(METER.name)).reduce((sum, total) => sum + total.increase, 0);
  expect(increase).toBe(4);
});

test('it stays within its bytes, and the oldest goes', async () => {
  const history = await open({ maxBytes: 400_000, slotRows: 500 });
  for (let at = 0; at < 20_000; at += 1) {
    note(history, AIR, Math.sin(at * 7919) * 1e6);
    if (at % 250 === 249) await history.flush();
    if (at % 250 === 249) await clock.advance(1_000);
  }
  await history.flush();
  expect(history.counts.bytes).toBeLessThanOrEqual(400_000);
  const left = await everything(history);
  expect(left.length).toBeGreaterThan(10_000);
  expect(left.at(-1)?.[1]).toBe(Math.sin(19_999 * 7919) * 1e6);
});

test('a clock that jumps back keeps the order of time, and one that jumps ahead deletes nothing for a day', async () => {
  const history = await open({ keepMs: 86_400_000, slotRows: 3 });
  const start = clock.now();
  for (const jump of [0, 60_000, -30 * 86_400_000, 30 * 86_400_000, 365 * 86_400_000, -365 * 86_400_000]) {
    clock.jump(jump);
    note(history, AIR, jump);
    await clock.advance(1_000);
    note(history, AIR, jump + 1);
    await history.flush();
    await clock.advance(1_000);
  }
  const times = (await everything(history)).map(([time]) => time);
  expect(times).toHaveLength(12);
  expect(times).toEqual(times.toSorted((a, b) => a - b));
  await clock.advance(2 * 86_400_000);
  note(history, AIR, 0);
  await history.flush();
  await history.flush();
  const left = (await everything(history)).map(([time]) => time);
  expect(Math.min(...left)).toBeGreaterThan(start - 86_400_000);
});

test('readings wait for the clock, and get their time from how long ago they came', async () => {
  let isTrusted = false;
  const history = await open({ isTimeTrusted: () => isTrusted });
  note(history, AIR, 1);
  await clock.advance(100_000);
  note(history, AIR, 2);
  expect(await everything(history)).toEqual([]);
  clock.jump(86_400_000);
  isTrusted = true;
  await clock.advance(60_000);
  await history.flush();
  const now = clock.now();
  expect(await everything(history)).toEqual([
    [now - 160_000, 1],
    [now - 60_000, 2],
  ]);
  const series = await history.query({ point: AIR.name, from: 0, to: now, buckets: 1, raw: 10 });
  expect(series?.raw?.map(({ quality }) => quality)).toEqual(['uncertain', 'uncertain']);
});

test('a clock that nobody sets is told, and believed after ten minutes when it is after the newest reading', async () => {
  const first = await open();
  note(first, AIR, 0);
  await first.close();
  clock.jump(-86_400_000);
  const history = await open({ isTimeTrusted: () => false });
  note(history, AIR, 1);
  await clock.advance(1_000_000);
  await history.flush();
  expect(history.counts).toMatchObject({ waiting: 1, waitingForClock: 1 });
  expect(history.problems().map(({ code }) => code)).toEqual(['HB384']);
  clock.jump(2 * 86_400_000);
  await clock.advance(60_000);
  await history.flush();
  note(history, AIR, 2);
  expect((await everything(history)).map(([, value]) => value)).toEqual([0, undefined, 1, 2]);
  expect(await history.lastBefore(AIR.name, 4e12)).toMatchObject({ value: 2, quality: 'uncertain' });
  expect(history.problems()).toEqual([]);
});

test('another unit is shown in the newest one', async () => {
  const history = await open();
  note(history, AIR, 20);
  await clock.advance(1_000);
  note(history, { ...AIR, unit: '°F' }, 50);
  expect(await everything(history)).toEqual([
    [clock.now() - 1_000, 68],
    [clock.now(), 50],
  ]);
});

test('what makes no sense is refused with a code', async () => {
  const history = await open();
  note(history, AIR, 20);
  const good = { point: AIR.name, from: 0, to: 1, buckets: 1 };
  for (const bad of [{ to: 0 }, { buckets: 0 }, { buckets: 1e9 }, { raw: -1 }, { from: Number.NaN }]) {
    await expect(history.query({ ...good, ...bad })).rejects.toMatchObject({ code: 'HB385' });
  }
  expect(await history.query({ ...good, point: 'kitchen.none' })).toBeUndefined();
});
