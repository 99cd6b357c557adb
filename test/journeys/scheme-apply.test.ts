import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { endAll, freePort, type Home, hanbus, hanbusOnce, makeHome, type Running } from '../fakes/processes.ts';

const DEN = 'den';
let home: Home;
let node: Running;
let old: string;

beforeAll(async () => {
  const port = await freePort();
  old = `broker: {listen: ${port}}\n`;
  home = makeHome(old);
  node = await up();
});
afterAll(endAll);

async function up(): Promise<Running> {
  const running = hanbus(home, 'up', '--name', DEN);
  await running.says(/points are being published/);
  return running;
}

/** A file of a person, beside the node's own. */
function mine(text: string): string {
  const path = join(home.folder, 'mine.yaml');
  writeFileSync(path, text);
  return path;
}

const file = () => readFileSync(home.config, 'utf8');
const every = async () => (await hanbusOnce(home, 'config', 'show', 'publish.every')).text.trim();

it('a broken scheme changes nothing, and all its problems are told at their places', async () => {
  const { code, text } = await hanbusOnce(home, 'apply', mine(`${old}publish: {every: 60}\ndevises: {}\n`));
  expect(code).toBe(78);
  expect(text).toMatch(/mine\.yaml:2:\d+ .*HB210/s);
  expect(text).toMatch(/mine\.yaml:3:\d+ .*HB204/s);
  expect(file()).toBe(old);
});

it('a good one comes back unless it is confirmed', async () => {
  const fresh = `${old}publish: {every: 7s}\n`;
  const { code, text } = await hanbusOnce(home, 'apply', mine(fresh), '--confirm', '2s');
  expect(code).toBe(0);
  expect(text).toMatch(/^\+publish: \{every: 7s\}$/m);
  expect(text).toMatch(/go on untouched/);
  expect(file()).toBe(fresh);
  expect(await every()).toContain('7s');
  await expect.poll(file, { timeout: 10_000 }).toBe(old);
  expect(await every()).not.toContain('7s');
  const late = await hanbusOnce(home, 'apply', '--keep');
  expect([late.code, late.text]).toEqual([1, expect.stringContaining('nobody confirmed it within 2s')]);
});

it('confirmed it stays, and undo brings back what was before, and again', async () => {
  const fresh = `${old}publish: {every: 8s}\n`;
  await hanbusOnce(home, 'apply', mine(fresh), '--confirm', '30s');
  expect((await hanbusOnce(home, 'apply', '--keep')).code).toBe(0);
  expect(file()).toBe(fresh);
  const undone = await hanbusOnce(home, 'undo');
  expect([undone.code, undone.text]).toEqual([0, expect.stringContaining('the scheme is that of version 1 again')]);
  expect(file()).toBe(old);
  expect((await hanbusOnce(home, 'undo', 'scheme')).code).toBe(0);
  expect(file()).toBe(fresh);
  const { text } = await hanbusOnce(home, 'config', 'versions');
  expect(text).toMatch(/back to 3.*\n.*back to 1.*\n.*applied .*\n.*applied, taken back.*\n.*edited by hand/);
  expect((await hanbusOnce(home, 'config', 'diff', '1')).text).toContain('+publish: {every: 8s}');
});

it('a node that is killed while a scheme is on trial starts with the one before', async () => {
  const before = file();
  await hanbusOnce(home, 'apply', mine(`${old}publish: {every: 9s}\n`));
  expect(file()).toContain('9s');
  await node.end('SIGKILL');
  node = await up();
  expect(file()).toBe(before);
  expect((await hanbusOnce(home, 'status')).text).toContain('the node ended while it was on trial');
});

it('one that is restarted in order goes on waiting, and can be told to keep it', async () => {
  const fresh = `${old}publish: {every: 11s}\n`;
  await hanbusOnce(home, 'apply', mine(fresh));
  await node.end('SIGTERM');
  node = await up();
  expect(file()).toBe(fresh);
  expect((await hanbusOnce(home, 'apply', '--keep')).code).toBe(0);
  expect(existsSync(join(home.folder, 'data', 'versions'))).toBe(true);
});

it('what was found is saved, with all that its drivers need', async () => {
  const saved = await hanbusOnce(home, 'save');
  expect([saved.code, saved.text]).toEqual([0, expect.stringContaining('+  board')]);
  expect(file()).toContain('board: {kind: board, at: board}');
  expect((await hanbusOnce(home, 'check')).code).toBe(0);
  expect((await hanbusOnce(home, 'undo')).code).toBe(0);
  expect(file()).not.toContain('kind: board');
});

it('an edit by hand runs at once, as it always did', async () => {
  home.write(`${old}publish: {every: 12s}\n`);
  await expect.poll(every, { timeout: 10_000 }).toContain('12s');
  expect((await hanbusOnce(home, 'undo')).code).toBe(0);
  expect(file()).toContain('11s');
  await node.end();
});
