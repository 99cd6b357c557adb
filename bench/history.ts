// The history: a week of 100 points with a reading a minute each. What it costs, what a query takes, what goes to the disk,
// and how long the event loop stood still.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate as immediate } from 'node:timers';
import { setImmediate } from 'node:timers/promises';
import type { Clock } from '../src/kit/clock.ts';
import { makeLog } from '../src/kit/log.ts';
import type { HistoryPoint } from '../src/state/history/history.ts';
import { openHistory } from '../src/state/history/open-history.ts';
import { print } from './print.ts';

const DAYS = 7;
const MINUTES = DAYS * 1_440;
const MINUTE_MS = 60_000;
const START = 1_763_800_000_000;

const log = makeLog(
  ({ text, fields }) => process.stderr.write(`${text} ${JSON.stringify(fields)}\n`),
  'warn',
  Date.now,
);
const pointsOf = (count: number) =>
  Array.from(
    { length: count },
    (_, index): HistoryPoint => ({ name: `home.room_${index}.temperature`, type: 'number', unit: '°C' }),
  );
const valueAt = (minute: number, point: number) =>
  Math.round(2_000 + 400 * Math.sin(minute / 300 + point) + 20 * Math.sin(minute * 7)) / 100;
const cpuMs = () => {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
};
const rounded = (value: number, digits = 2) => Number(value.toFixed(digits));

/** Wall time that the bench moves; monotonic time is the machine's, so that long work gives way. */
let wall = START;
const clock: Clock = { now: () => wall, mono: () => performance.now(), after: () => () => undefined };

const threadMs = () => {
  const { user, system } = process.threadCpuUsage();
  return (user + system) / 1000;
};

/**
 * The longest that this thread worked between two turns of the event loop since it was asked last, ms of its processor
 * time: what others do on this machine does not count.
 */
function watchLoop(): { readonly longest: () => number; readonly stop: () => void } {
  let [longest, last, isOn] = [0, threadMs(), true];
  const turn = () => {
    const now = threadMs();
    longest = Math.max(longest, now - last);
    last = now;
    if (isOn) immediate(turn);
  };
  immediate(turn);
  return {
    longest: () => {
      const value = longest;
      [longest, last] = [0, threadMs()];
      return value;
    },
    stop: () => {
      isOn = false;
    },
  };
}

async function minutes(
  history: ReturnType<typeof openHistory>,
  points: readonly HistoryPoint[],
  from: number,
  to: number,
) {
  for (let minute = from; minute < to; minute += 1) {
    wall = START + minute * MINUTE_MS;
    for (const [index, point] of points.entries())
      history.add({ point, value: valueAt(minute, index), quality: 'good' });
    await history.flush();
    await setImmediate();
  }
}

/** The median of some runs, ms. */
async function timed(work: () => Promise<unknown>): Promise<number> {
  const times: number[] = [];
  for (let run = 0; run < 9; run += 1) {
    const start = performance.now();
    await work();
    times.push(performance.now() - start);
  }
  return times.toSorted((a, b) => a - b)[4] ?? 0;
}

const folder = await mkdtemp(join(process.argv[2] ?? tmpdir(), 'hanbus-bench-history-'));
const loop = watchLoop();
const before = { cpu: cpuMs(), rss: process.memoryUsage.rss() };
const options = { path: join(folder, 'history.db'), clock, log };
const history = openHistory(options);
await history.ready;
const opened = { cpu: cpuMs() - before.cpu, rss: process.memoryUsage.rss() - before.rss };
const points = pointsOf(100);
loop.longest();
const start = cpuMs();
await minutes(history, points, 0, MINUTES);
const week = { cpu: cpuMs() - start, stall: loop.longest(), ...history.written };
const to = wall + 1;
const name = points[0]?.name ?? '';
const query = { point: name, from: START, to, buckets: 300 };
const queryMs = await timed(() => history.query(query));
const queryStall = loop.longest();
let replayed = 0;
const replayStart = cpuMs();
for await (const _ of history.readings(
  points.map((point) => point.name),
  START,
  to,
))
  replayed += 1;
const replay = { perSecond: replayed / ((cpuMs() - replayStart) / 1000), stall: loop.longest() };
const { bytes } = history.counts;
const many = pointsOf(1_000);
const last = MINUTES;
await minutes(history, many, last, last + 30);
const thousand = loop.longest();
await history.close();
const openStart = performance.now();
const again = openHistory(options);
await again.ready;
const openMs = performance.now() - openStart;
await again.close();
loop.stop();
await rm(folder, { recursive: true });

print({
  'history, appended readings per CPU second': Math.round((MINUTES * 100) / (week.cpu / 1000)),
  'history, bytes per reading on the disk': rounded(bytes / (MINUTES * 100)),
  'history, MB written per day, 100 points a minute': rounded(week.bytes / DAYS / 1e6),
  'history, syncs per day': Math.round(week.syncs / DAYS),
  'history, longest stall in a week of minutes, ms': rounded(week.stall),
  'history, longest stall, 1,000 points a minute, ms': rounded(thousand),
  'history, 10,080 readings in 300 buckets, ms': rounded(queryMs),
  'history, longest stall of a query, ms': rounded(queryStall),
  'history, replayed readings per CPU second': Math.round(replay.perSecond),
  'history, longest stall of a replay, ms': rounded(replay.stall),
  'history, start with an empty file, CPU ms': rounded(opened.cpu),
  'history, start with an empty file, MB': rounded(opened.rss / 1e6),
  'history, start with a week, ms': rounded(openMs),
});
