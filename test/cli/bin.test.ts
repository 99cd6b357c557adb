import { execFile, spawn } from 'node:child_process';
import { copyFile, mkdir, mkdtemp, rm, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { VERSION } from '../../src/schemes/version.ts';
import { type FakeNode, LIST, startFakeNode } from '../fakes/node.ts';

const run = promisify(execFile);
const bin = fileURLToPath(new URL('../../bin/hanbus.mjs', import.meta.url));

let node: FakeNode;

beforeAll(async () => {
  node = await startFakeNode();
});

afterAll(async () => {
  await node.stop();
});

const hanbus = (argv: readonly string[], env: Record<string, string> = {}) =>
  run(process.execPath, [bin, ...argv], { env: { ...process.env, HANBUS_RUNTIME: node.runtime, ...env } });

it('runs a verb against a real socket', async () => {
  expect((await hanbus(['--version'])).stdout).toBe(`hanbus ${VERSION}\n`);
  expect((await hanbus(['read', 'board.load'])).stdout).toBe('0.42\n');
});

it('passes the exit code on, answers on one side, messages on the other', async () => {
  await expect(hanbus(['statsu'])).rejects.toMatchObject({
    code: 2,
    stdout: '',
    stderr: expect.stringContaining('HB151'),
  });
  await expect(hanbus(['ls'], { HANBUS_RUNTIME: '/nowhere' })).rejects.toMatchObject({ code: 69, stdout: '' });
});

it('writes a long answer whole into a pipe', async () => {
  const devices = Array.from({ length: 3_000 }, (_, index) => ({ ...LIST.devices[0], name: `d${index}` }));
  node.answer('list', async () => ({ ...LIST, devices }));
  const { stdout } = await run(process.execPath, [bin, 'ls', '--json'], {
    env: { ...process.env, HANBUS_RUNTIME: node.runtime },
    maxBuffer: 16_000_000,
  });
  expect(stdout.endsWith('\n')).toBe(true);
  expect(JSON.parse(stdout)).toMatchObject({ devices: { length: 3_000 } });
});

it('ends quietly when its reader has gone', async () => {
  const child = spawn('bash', ['-c', `"${process.execPath}" "${bin}" ls | head -1`], {
    env: { ...process.env, HANBUS_RUNTIME: node.runtime },
  });
  let [out, err] = ['', ''];
  child.stdout.on('data', (text: Buffer) => {
    out += text.toString();
  });
  child.stderr.on('data', (text: Buffer) => {
    err += text.toString();
  });
  await new Promise((resolve) => child.once('close', resolve));
  expect(out).toContain('kitchen');
  expect(err).toBe('');
});

it('ends a watch when its reader has gone', async () => {
  const child = spawn('bash', ['-c', `"${process.execPath}" "${bin}" watch --raw --rate all | head -1; echo over`], {
    env: { ...process.env, HANBUS_RUNTIME: node.runtime },
  });
  const talking = setInterval(() => node.publish('hanbus/kitchen/board/load', '0.5'), 20);
  let out = '';
  child.stdout.on('data', (text: Buffer) => {
    out += text.toString();
  });
  expect(await new Promise((resolve) => child.once('close', resolve))).toBe(0);
  clearInterval(talking);
  expect(out).toBe('hanbus/kitchen/board/load 0.5\nover\n');
});

it('ends a watch at Ctrl-C with 130', async () => {
  const child = spawn(process.execPath, [bin, 'watch'], { env: { ...process.env, HANBUS_RUNTIME: node.runtime } });
  await new Promise((resolve) => child.stderr.once('data', resolve));
  child.kill('SIGINT');
  expect(await new Promise((resolve) => child.once('exit', resolve))).toBe(130);
});

it('says what is missing where there is no program', async () => {
  const folder = await mkdtemp('/tmp/hanbus-bin-');
  await mkdir(join(folder, 'bin'));
  await copyFile(bin, join(folder, 'bin', 'hanbus.mjs'));
  await symlink(join(folder, 'bin', 'hanbus.mjs'), join(folder, 'hanbus'));
  const ran = run(process.execPath, [join(folder, 'hanbus'), 'help']);
  await expect(ran).rejects.toMatchObject({ code: 1, stdout: '', stderr: expect.stringContaining('npm start') });
  await rm(folder, { recursive: true });
});
