import { once } from 'node:events';
import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { bindFile } from '../../../src/broker/listen/bind-file.ts';

let folder: string;
let path: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hanbus-unix-'));
  path = join(folder, 'mqtt.sock');
});

afterEach(() => rm(folder, { recursive: true, force: true }));

const close = (socket: { destroy(): void }) => socket.destroy();

it('is for the user and its group, and goes away with the server', async () => {
  const server = await bindFile(path, close);
  expect((await stat(path)).mode & 0o777).toBe(0o660);
  const client = connect(path);
  await once(client, 'close');
  server.close();
  await once(server, 'close');
  await expect(stat(path)).rejects.toThrow('ENOENT');
});

it('replaces the socket of a program that has died', async () => {
  const { execFileSync } = await import('node:child_process');
  const script = `require('node:net').createServer().listen(${JSON.stringify(path)}, () => process.kill(process.pid, 'SIGKILL'))`;
  expect(() => execFileSync(process.execPath, ['-e', script], { stdio: 'ignore' })).toThrow();
  expect((await stat(path)).isSocket()).toBe(true);
  const server = await bindFile(path, close);
  server.close();
});

it('leaves the socket of a program that lives', async () => {
  const other = createServer(close).listen(path);
  await once(other, 'listening');
  await expect(bindFile(path, close)).rejects.toMatchObject({ code: 'HB120' });
  const client = connect(path);
  await once(client, 'connect');
  client.destroy();
  other.close();
});

it('leaves a file that is no socket', async () => {
  await writeFile(path, 'precious');
  await expect(bindFile(path, close)).rejects.toMatchObject({ code: 'HB121' });
  expect((await stat(path)).size).toBe(8);
});

it.each([
  ['a folder that is not there', () => join(folder, 'none', 'mqtt.sock')],
  ['a path that is too long', () => join(folder, 'x'.repeat(108))],
])('refuses %s', async (_what, where) => {
  await expect(bindFile(where(), close)).rejects.toMatchObject({ code: 'HB121' });
});
