import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { takeLock } from '../../../src/state/log/lock-file.ts';

let folder: string;
let path: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hanbus-lock-'));
  path = join(folder, 'lock');
});

afterEach(() => rm(folder, { recursive: true, force: true }));

test('one at a time, also within one process; given back, it is free', async () => {
  const release = await takeLock(path);
  await expect(takeLock(path)).rejects.toMatchObject({ code: 'HB125' });
  await release();
  await release();
  const again = await takeLock(path);
  await again();
  expect(await readdir(folder)).toEqual([]);
});

test('of many that want it at once, one gets it', async () => {
  const results = await Promise.allSettled(Array.from({ length: 20 }, () => takeLock(path)));
  expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
  expect(await readdir(folder)).toEqual(['lock']);
});

test('the lock of a process that is gone is taken over', async () => {
  const child = spawn(process.execPath, ['-e', '']);
  await once(child, 'close');
  const boot = (await readFile('/proc/sys/kernel/random/boot_id', 'utf8')).trim();
  await writeFile(path, `${child.pid} 1 ${boot} x\n`);
  await (await takeLock(path))();
});

test.each([
  ['another process with the same number', async (own: string) => own.replace(/^(\d+) \d+/, '$1 1')],
  ['an earlier start of the machine', async (own: string) => own.replace(/ [0-9a-f-]{36} /, ' 00000000-0000 ')],
  ['half a line', async (own: string) => own.slice(0, 4)],
  ['nothing', async () => ''],
  ['garbage', async () => '\0\u0001 garbage'],
])('the lock of %s is stale', async (_what, change) => {
  await takeLock(path);
  const own = await readFile(path, 'utf8');
  await writeFile(path, await change(own));
  const release = await takeLock(path);
  await expect(takeLock(path)).rejects.toMatchObject({ code: 'HB125' });
  await release();
});

test('of many that find a stale lock, one gets it', async () => {
  for (let round = 0; round < 20; round += 1) {
    await writeFile(path, '1 1 gone\n');
    const results = await Promise.allSettled(Array.from({ length: 8 }, () => takeLock(path)));
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    await rm(path);
  }
});

test('a disk that takes nothing is left as it was', async () => {
  const module = new URL('../../../src/state/log/lock-file.ts', import.meta.url).href;
  const code = `await (await import(${JSON.stringify(module)})).takeLock(${JSON.stringify(path)}).catch(({ code }) => console.log(code))`;
  const script = `trap '' XFSZ; ulimit -f 0; exec "$0" --input-type=module -e "$1" | cat`;
  const child = spawn('bash', ['-c', script, process.execPath, code], { stdio: ['ignore', 'pipe', 'inherit'] });
  let said = '';
  child.stdout.on('data', (chunk) => (said += chunk));
  await once(child, 'close');
  expect(said).toContain('EFBIG');
  expect(await readdir(folder)).toEqual([]);
});
