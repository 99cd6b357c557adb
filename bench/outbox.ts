// The outbox: lazy, sync saturated, sync at 1,000 a second, bytes for each record; beside it, in the same run and on the
// same disk, a bare log with group commit and SQLite.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { makeSystemClock } from '../src/kit/clock.ts';
import { makeLog } from '../src/kit/log.ts';
import { openOutbox } from '../src/outbox/open-outbox.ts';
import type { Outbox } from '../src/outbox/outbox.ts';
import { openBareLog } from './outbox/bare-log.ts';
import { deviceBytes, itemOf, percentile, perSecond, saturate, steady, type Take } from './outbox/load.ts';
import { sqliteOneByOne } from './outbox/sqlite.ts';
import { print } from './print.ts';

const LAZY = 1_000_000;
const SYNC = 400_000;
const WINDOW = 8_000;
const GROUPS = 500;
const GROUP = 200;
const SECONDS = 5;
const ROWS = 2_000;

const clock = makeSystemClock();
const log = makeLog(
  ({ text, fields }) => process.stderr.write(`${text} ${JSON.stringify(fields)}\n`),
  'warn',
  Date.now,
);
const folder = await mkdtemp(join(tmpdir(), 'hanbus-bench-'));
let opened = 0;

/** With room for all that is measured: a reader that never reads must not make anything go. */
async function open(limits: { records?: number; bytes?: number } = {}): Promise<Outbox> {
  opened += 1;
  return await openOutbox({ path: join(folder, `outbox-${opened}`), clock, log, limits: { ...limits, alarmBytes: 0 } });
}

/** A reader keeps up: nothing is written. */
async function lazyDelivered(): Promise<number> {
  const outbox = await open();
  const reader = outbox.reader('cloud');
  const begin = performance.now();
  for (let index = 1; index <= LAZY; index += 1) {
    outbox.offer(itemOf(index, 'lazy'));
    if (index % 500 === 0) reader.ack((await reader.pull(500)).at(-1)?.position ?? 0);
  }
  const figure = perSecond(LAZY, begin);
  await outbox.close();
  return figure;
}

/** Nobody reads: all of it is on the disk at the end. */
async function lazyWaiting(): Promise<number> {
  const outbox = await open({ records: LAZY, bytes: 1e9 });
  outbox.reader('away');
  const begin = performance.now();
  for (let index = 1; index <= LAZY / 2; index += 1) {
    outbox.offer(itemOf(index, 'lazy'));
    if (index % 500 !== 0) continue;
    // As fast as the disk takes it: what is in memory only is bounded, and more would be given up.
    if (outbox.status.memoryBytes > 12_000_000) await outbox.flush();
    else await new Promise(setImmediate);
  }
  await outbox.flush();
  const { written, readers } = outbox.status;
  if (written.items !== LAZY / 2 || readers.away?.queued !== LAZY / 2) throw new Error('not all of it was written');
  const figure = perSecond(LAZY / 2, begin);
  await outbox.close();
  return figure;
}

const takeOf =
  (outbox: Outbox): Take =>
  (index, done) =>
    outbox.offer(itemOf(index, 'sync'), (error) => {
      if (error !== undefined) throw error;
      done();
    });

async function syncFigures(): Promise<Record<string, number>> {
  const outbox = await open({ records: 4_000_000, bytes: 4e9 });
  outbox.reader('away');
  const take = takeOf(outbox);
  await saturate(take, { count: 50_000, window: WINDOW });
  const rate = await saturate(take, { count: SYNC, window: WINDOW });
  const narrow = await saturate(take, { count: SYNC / 4, window: 1_000 });
  const times = await steady(take, SECONDS);
  await outbox.close();
  return {
    'outbox sync records/s, saturated': rate,
    'outbox sync records/s, 1,000 at once': narrow,
    'outbox sync p50 at 1,000/s, ms': percentile(times, 0.5),
    'outbox sync p99 at 1,000/s, ms': percentile(times, 0.99),
  };
}

async function bytesInGroups(): Promise<Record<string, number>> {
  const outbox = await open();
  outbox.reader('away');
  const take = takeOf(outbox);
  await new Promise<void>((resolve) => take(0, resolve));
  const device = deviceBytes();
  const { bytes } = outbox.status.written;
  for (let group = 0; group < GROUPS; group += 1) await saturate(take, { count: GROUP, window: GROUP });
  const count = GROUPS * GROUP;
  const figures = {
    'outbox bytes sent to the disk a record of 108 bytes, groups of 200': Math.round((deviceBytes() - device) / count),
    'outbox bytes written a record of 108 bytes, groups of 200': Math.round(
      (outbox.status.written.bytes - bytes) / count,
    ),
  };
  await outbox.close();
  return figures;
}

async function bareFigures(): Promise<Record<string, number>> {
  const bare = await openBareLog(join(folder, 'bare.log'));
  await saturate(bare.take, { count: 50_000, window: WINDOW });
  const rate = await saturate(bare.take, { count: SYNC, window: WINDOW });
  const times = await steady(bare.take, SECONDS);
  await bare.close();
  return {
    'bare log records/s, saturated': rate,
    'bare log p50 at 1,000/s, ms': percentile(times, 0.5),
    'bare log p99 at 1,000/s, ms': percentile(times, 0.99),
  };
}

async function oneByOne(): Promise<number> {
  const outbox = await open();
  outbox.reader('away');
  const figure = await saturate(takeOf(outbox), { count: ROWS, window: 1 });
  await outbox.close();
  return figure;
}

try {
  const lazy = await lazyDelivered();
  const waiting = await lazyWaiting();
  const sync = await syncFigures();
  const bytes = await bytesInGroups();
  const bare = await bareFigures();
  const sqlite = sqliteOneByOne(join(folder, 'sqlite.db'), ROWS);
  print({
    'outbox lazy records/s, delivered': lazy,
    'outbox lazy records/s, nobody reads': waiting,
    ...sync,
    ...bytes,
    'outbox sync records/s, one by one': await oneByOne(),
    ...bare,
    'SQLite FULL records/s, one by one': sqlite.perS,
    'SQLite FULL bytes sent to the disk a record': Math.round(sqlite.bytes),
  });
} finally {
  await rm(folder, { recursive: true, force: true });
}
