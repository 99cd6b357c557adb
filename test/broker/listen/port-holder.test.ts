import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { findPortHolder } from '../../../src/broker/listen/port-holder.ts';

let proc: string;

beforeEach(async () => {
  proc = await mkdtemp(join(tmpdir(), 'hanbus-proc-'));
  await mkdir(join(proc, 'net'));
  await mkdir(join(proc, '612', 'fd'), { recursive: true });
  const row = '0: 0100007F:075B 00000000:0000 0A 00000000:00000000 00:00000000 00000000 0 0 4711 1';
  await writeFile(join(proc, 'net', 'tcp'), `  sl  local_address rem_address st\n   ${row}\n`);
  await symlink('socket:[4711]', join(proc, '612', 'fd', '7'));
});

afterEach(async () => {
  await rm(proc, { recursive: true, force: true });
});

async function named(comm: string, ...words: readonly string[]): Promise<string | undefined> {
  await writeFile(join(proc, '612', 'comm'), `${comm}\n`);
  await writeFile(join(proc, '612', 'cmdline'), words.map((word) => `${word}\0`).join(''));
  return (await findPortHolder(1883, proc))?.name;
}

it.each([
  ['mosquitto', ['/usr/sbin/mosquitto', '-c', '/etc/mosquitto.conf'], 'mosquitto'],
  ['MainThread', ['node', '/usr/lib/hanbus/bin/hanbus.mjs', 'up'], 'hanbus'],
  ['node', ['/usr/bin/node', '--no-warnings', '/opt/zigbee2mqtt/index.js'], 'index'],
  ['MainThread', ['node'], 'MainThread'],
])('names %s of %j as %s', async (comm, words, name) => {
  expect(await named(comm, ...words)).toBe(name);
});

it('tells the process, and nothing of a port that nobody has', async () => {
  await named('mosquitto');
  expect(await findPortHolder(1883, proc)).toEqual({ name: 'mosquitto', pid: 612 });
  expect(await findPortHolder(1884, proc)).toBeUndefined();
});
