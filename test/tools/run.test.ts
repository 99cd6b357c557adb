import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { pathToFileURL } from 'node:url';
import { expect, test } from 'vitest';
import { run } from '../../tools/setup/run.mjs';

const RUN = pathToFileURL('tools/setup/run.mjs').href;

const node = (program: string) => run(process.execPath, ['-e', program], { quiet: true });

test('output and exit code of a quiet command come back', async () => {
  expect(await node('console.log("out"); console.error("err"); process.exitCode = 3')).toEqual({
    code: 3,
    output: expect.stringMatching(/out[\s\S]*err|err[\s\S]*out/),
  });
});

test('a command that was killed ends with 128 and the signal', async () => {
  expect((await node('process.kill(process.pid, "SIGTERM")')).code).toBe(143);
});

test('a command that does not exist is an error', async () => {
  await expect(run('/nowhere/at-all', [], { quiet: true })).rejects.toThrow('ENOENT');
});

/** A program in the foreground that counts its signals and leaves with that count. */
function foreground(program: string): ChildProcess {
  const outer = `
    import { runForeground } from '${RUN}';
    process.exitCode = await runForeground(process.execPath, ['-e', ${JSON.stringify(program)}]);`;
  return spawn(process.execPath, ['--input-type=module', '-e', outer], { stdio: ['ignore', 'pipe', 'inherit'] });
}

const COUNTING = `
  let count = 0;
  for (const name of ['SIGINT', 'SIGTERM']) process.on(name, () => {
    count += 1;
    setTimeout(() => process.exit(10 + count), 100);
  });
  setInterval(() => {}, 1000);
  console.log('up');`;

test('two signals at once reach the program as one', async () => {
  const child = foreground(COUNTING);
  if (child.stdout === null) throw new Error('no output');
  await once(child.stdout, 'data');
  child.kill('SIGINT');
  child.kill('SIGTERM');
  expect(await once(child, 'exit')).toEqual([11, null]);
});

test('the exit code of the program is passed on', async () => {
  expect(await once(foreground('process.exitCode = 78'), 'exit')).toEqual([78, null]);
});

test('a program whose caller was killed ends too', async () => {
  const outer = `
    import { runForeground } from '${RUN}';
    process.exitCode = await runForeground(process.execPath, ['-e', ${JSON.stringify(COUNTING)}]);`;
  const script = '"$0" --input-type=module -e "$1"; true';
  const child = spawn('sh', ['-c', script, process.execPath, outer], { stdio: ['ignore', 'pipe', 'inherit'] });
  if (child.stdout === null) throw new Error('no output');
  await once(child.stdout, 'data');
  child.kill('SIGTERM');
  // Its output closes only when the last process that holds it has ended.
  await once(child.stdout, 'close');
});
