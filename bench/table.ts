// The durable table: changes per second, syncs per second of this disk, start with 100,000 keys, memory of the index.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { makeSystemClock } from '../src/kit/clock.ts';
import { makeLog } from '../src/kit/log.ts';
import { openTable, type Table } from '../src/state/log/table.ts';
import { print } from './print.ts';

const KEYS = 100_000;
const SYNCS = 1_000;
const VALUE = Buffer.alloc(200, 'x');

const clock = makeSystemClock();
const log = makeLog(
  ({ text, fields }) => process.stderr.write(`${text} ${JSON.stringify(fields)}\n`),
  'warn',
  Date.now,
);
const keyOf = (index: number): string => `r/home/room_${index % 100}/device_${index}/value`;

/** As fast as the disk takes them: a full table is waited for. */
async function putAll(table: Table): Promise<number> {
  const start = performance.now();
  for (let index = 0; index < KEYS; index += 1) {
    while (!table.put(keyOf(index), VALUE)) await table.sync();
    if (index % 500 === 499) await table.flush();
  }
  await table.sync();
  return (performance.now() - start) / 1000;
}

/** One change and one sync at a time, then a hundred callers at once. */
async function syncs(table: Table): Promise<{ one: number; hundred: number }> {
  const timed = async (callers: number): Promise<number> => {
    const start = performance.now();
    for (let round = 0; round < SYNCS / callers; round += 1) {
      await Promise.all(
        Array.from({ length: callers }, (_, index) => {
          table.put(keyOf(round * callers + index), VALUE);
          return table.sync();
        }),
      );
    }
    return Math.round(SYNCS / ((performance.now() - start) / 1000));
  };
  return { one: await timed(1), hundred: await timed(100) };
}

/** The longest time that the loop stood still while garbage was cleared away, in ms. */
async function longestStall(table: Table): Promise<number> {
  let longest = 0;
  let last = performance.now();
  const timer = setInterval(() => {
    const now = performance.now();
    longest = Math.max(longest, now - last - 1);
    last = now;
  }, 1);
  for (let index = 0; index < KEYS; index += 1) {
    while (!table.put(keyOf(index), VALUE)) await table.sync();
    if (index % 200 === 199) await new Promise(setImmediate);
  }
  await table.sync();
  clearInterval(timer);
  return longest;
}

async function fill(path: string): Promise<number> {
  const table = await openTable({ path, clock, log });
  const seconds = await putAll(table);
  await table.close();
  return seconds;
}

/** Memory after what is needless was collected, in MB; needs --expose-gc. */
async function memoryMb(): Promise<number> {
  await new Promise(setImmediate);
  globalThis.gc?.();
  const { heapUsed, external } = process.memoryUsage();
  return (heapUsed + external) / 1e6;
}

/** Reads all that is there; the time for it, in ms. */
async function start(path: string): Promise<{ table: Table; ms: number }> {
  const begin = performance.now();
  const table = await openTable({ path, clock, log });
  let found = 0;
  for (const [, value] of table.entries()) found += value.length > 0 ? 1 : 0;
  if (found !== KEYS) throw new Error(`${found} of ${KEYS} keys are there`);
  return { table, ms: performance.now() - begin };
}

const folder = await mkdtemp(join(tmpdir(), 'hanbus-bench-'));
try {
  const path = join(folder, 'table');
  const seconds = await fill(path);
  const before = await memoryMb();
  const { table, ms: startMs } = await start(path);
  const indexMb = (await memoryMb()) - before;
  const perSync = await syncs(table);
  const stallMs = await longestStall(table);
  await table.close();
  print({
    'table puts/s': Math.round(KEYS / seconds),
    'table syncs/s, one caller': perSync.one,
    'table syncs/s, 100 callers': perSync.hundred,
    'table start with 100,000 keys, ms': Math.round(startMs),
    'table index of 100,000 keys, MB (with --expose-gc)': Math.round(indexMb * 10) / 10,
    'table longest stall while tidying up, ms': Math.round(stallMs * 10) / 10,
  });
} finally {
  await rm(folder, { recursive: true, force: true });
}
