import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { makeSystemClock } from '../../../src/kit/clock.ts';
import { openTable } from '../../../src/state/log/table.ts';
import { makeFakeLog } from '../../fakes/log.ts';

const CHILD = fileURLToPath(new URL('./child.ts', import.meta.url));
const CYCLES = 6;
const KEYS = 50;

let folder: string;
let children: ChildProcess[];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hanbus-table-'));
  children = [];
});

afterAll(async () => {
  for (const child of children) child.kill('SIGKILL');
  await rm(folder, { recursive: true, force: true });
});

interface Life {
  readonly found: Map<string, number>;
  readonly logged: string[];
  /** The last number that the child was promised. */
  readonly kept: number;
}

/** Lets a child work until it was promised `steps` times, kills it, and tells what it said. */
async function live(first: number, steps: number): Promise<Life> {
  const child = spawn(process.execPath, [CHILD, folder, String(first)], { stdio: ['ignore', 'pipe', 'inherit'] });
  children.push(child);
  const gone = once(child, 'close');
  const life = { found: new Map<string, number>(), logged: Array.of<string>(), kept: -1 };
  let left = steps;
  for await (const line of createInterface({ input: child.stdout })) {
    const [word, , key, number] = line.split(' ');
    if (word === 'log') life.logged.push(line);
    if (word === 'found') life.found.set(`key ${key}`, Number(number));
    if (word !== 'kept') continue;
    life.kept = Number(line.split(' ')[1]);
    left -= 1;
    if (left === 0) child.kill('SIGKILL');
  }
  await gone;
  return life;
}

test('a process that is killed again and again loses nothing that was handed to the operating system', async () => {
  let kept = -1;
  for (let cycle = 0; cycle < CYCLES; cycle += 1) {
    const life = await live(kept + 1, 150 + cycle * 37);
    expect(life.logged).toEqual([]);
    for (let n = Math.max(0, kept - KEYS + 1); n <= kept; n += 1) {
      expect(life.found.get(`key ${n % KEYS}`), `cycle ${cycle}`).toBeGreaterThanOrEqual(n);
    }
    kept = life.kept;
  }
  expect(kept).toBeGreaterThan(1_000);
  const { log, lines } = makeFakeLog();
  const table = await openTable({ path: folder, log, clock: makeSystemClock() });
  expect([...table.entries()]).toHaveLength(KEYS);
  await expect(openTable({ path: folder, log, clock: makeSystemClock() })).rejects.toMatchObject({ code: 'HB125' });
  await table.close();
  expect(lines.filter(({ level }) => level !== 'info')).toEqual([]);
  const names = await readdir(folder);
  expect(names.filter((name) => !name.endsWith('.log'))).toEqual([]);
  expect(names.length, 'garbage was cleared away').toBeLessThan(20);
});
