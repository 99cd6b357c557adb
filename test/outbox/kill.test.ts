import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';

const CHILD = fileURLToPath(new URL('../chaos/outbox-child.ts', import.meta.url));
/** The long run has 1,000. */
const KILLS = Number(process.env.HANBUS_KILLS ?? 20);

let folder: string;
const children = new Set<ChildProcess>();

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hanbus-outbox-'));
});

afterAll(async () => {
  for (const child of children) child.kill('SIGKILL');
  await rm(folder, { recursive: true, force: true });
});

interface Life {
  readonly found: number[];
  readonly accepted: number[];
  readonly acknowledged: number[];
  readonly logged: string[];
  readonly readyMs: number;
}

/** Lets a child work until it has had so many accepted, and kills it in the middle of its work. */
async function live(first: number, steps: number): Promise<Life> {
  const begin = performance.now();
  const child = spawn(process.execPath, [CHILD, folder, String(first)], { stdio: ['ignore', 'pipe', 'inherit'] });
  children.add(child);
  const gone = once(child, 'close');
  const lists = { found: Array.of<number>(), accepted: Array.of<number>(), acknowledged: Array.of<number>() };
  const life = { ...lists, logged: Array.of<string>(), readyMs: 0 };
  let left = steps;
  for await (const line of createInterface({ input: child.stdout })) {
    const [word = '', number] = line.split(' ');
    if (word === 'log') life.logged.push(line);
    else if (word === 'ready') life.readyMs = performance.now() - begin;
    else if (word === 'found' || word === 'accepted' || word === 'acknowledged') lists[word].push(Number(number));
    if (word === 'accepted') left -= 1;
    if (left === 0) child.kill('SIGKILL');
  }
  await gone;
  children.delete(child);
  return life;
}

test('a process that is killed again and again loses no sync item that was accepted', async () => {
  const accepted = new Set<number>();
  const acknowledged = new Set<number>();
  let next = 0;
  for (let kill = 0; kill < KILLS; kill += 1) {
    const life = await live(next, 60 + ((kill * 37) % 150));
    expect(life.logged).toEqual([]);
    expect(life.found).toEqual([...new Set(life.found)].sort((one, other) => one - other));
    const found = new Set(life.found);
    const lost = [...accepted].filter((number) => !found.has(number) && !acknowledged.has(number));
    expect(lost, `kill ${kill}`).toEqual([]);
    for (const number of life.accepted) accepted.add(number);
    for (const number of life.acknowledged) acknowledged.add(number);
    next = Math.max(next, ...life.accepted, ...life.acknowledged) + 100;
  }
  expect(accepted.size).toBeGreaterThan(KILLS * 60);
  expect(acknowledged.size).toBeGreaterThan(KILLS);
}, 600_000);
