import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { expect, test } from 'vitest';
import { endLeftovers, leftoversOf, MARK } from '../../tools/end-leftovers.ts';

test('a program that a test forgot is found, named and ended', async () => {
  const mark = randomUUID();
  // What it starts is found as well.
  const child = spawn('sh', ['-c', 'sleep 300; true'], { stdio: 'ignore', env: { ...process.env, [MARK]: mark } });
  const ended = once(child, 'exit');
  try {
    await expect.poll(() => leftoversOf(mark).map(({ command }) => command)).toContain('sleep 300');
    expect(leftoversOf(mark).map(({ pid }) => pid)).toContain(child.pid);
  } finally {
    expect(endLeftovers(mark)).toHaveLength(2);
  }
  expect(await ended).toEqual([null, 'SIGKILL']);
  await expect.poll(() => leftoversOf(mark)).toEqual([]);
});

test('programs of others are left alone', () => {
  expect(leftoversOf(randomUUID())).toEqual([]);
});
