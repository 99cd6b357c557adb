import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { makeSystemClock } from '../../../src/kit/clock.ts';
import { openHistory } from '../../../src/state/history/open-history.ts';
import { makeFakeLog } from '../../fakes/log.ts';

const CHILD = fileURLToPath(new URL('./killed-child.ts', import.meta.url));
/** ms from its first line to its death: in the middle of transactions, slots and checkpoints. */
const LIVES = [0, 7, 33, 90, 160];

function live(path: string, first: number, ms: number): Promise<{ last: number; errors: string }> {
  const child = spawn(process.execPath, [CHILD, path, String(first)]);
  let [text, errors] = ['', ''];
  child.stdout.on('data', (more) => {
    if (text === '') setTimeout(() => child.kill('SIGKILL'), ms);
    text += String(more);
  });
  child.stderr.on('data', (more) => {
    errors += String(more);
  });
  return new Promise((resolve) => {
    child.on('close', () => resolve({ last: Number(text.trimEnd().split('\n').at(-1)), errors }));
  });
}

test('killed at any moment: what was told to be on the disk is there, in order, and nothing is set aside', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'hanbus-killed-'));
  const path = join(folder, 'h.db');
  let next = 1;
  for (const ms of LIVES) {
    const { last, errors } = await live(path, next, ms);
    expect(errors).toBe('');
    const { log, lines } = makeFakeLog();
    const history = openHistory({ path, clock: makeSystemClock(), log, keepMs: 1e15 });
    const values: unknown[] = [];
    for await (const { value } of history.readings(['kitchen.a.b'], 0, 4e12))
      if (value !== undefined) values.push(value);
    await history.close();
    expect(lines).toEqual([]);
    expect(values.length).toBeGreaterThanOrEqual(last);
    expect(values).toEqual(Array.from({ length: values.length }, (_, index) => index + 1));
    next = values.length + 1;
  }
  rmSync(folder, { recursive: true });
}, 30_000);
