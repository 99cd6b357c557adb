import { chmod, mkdtemp, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Check } from 'typebox/value';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { CheckJson } from '../../src/schemes/contracts.ts';
import { expectGolden } from './golden.ts';
import { hanbus, type Ran } from './world.ts';

const UNTIDY = '# my house\nnode:   kitchen\npublish: {every: 60s}   \n\n\n\n\ndevices:\n    cpu: {kind: board}\n';
const BROKEN = 'node: kitchen\npublish: {every: 60}\ndevises: {}\n';

let cwd: string;

beforeEach(async () => {
  cwd = await mkdtemp('/tmp/hanbus-files-');
});

afterEach(async () => {
  await rm(cwd, { recursive: true, force: true });
});

const put = (name: string, text: string) => writeFile(join(cwd, name), text);
const say = (argv: readonly string[]): Promise<Ran> => hanbus(argv, { cwd });

it('check finds nothing to say about a good file', async () => {
  await put('good.yaml', 'node: kitchen\npublish: {every: 60s}\n');
  await expectGolden('check-good', ['check', 'good.yaml'], await say(['check', 'good.yaml']));
});

it('check shows every problem with its place, exit 78', async () => {
  await put('broken.yaml', BROKEN);
  await expectGolden('check-broken', ['check', 'broken.yaml'], await say(['check', 'broken.yaml']));
  const { code, out, err } = await say(['check', 'broken.yaml', '--json']);
  const answer: unknown = JSON.parse(out);
  expect(Check(CheckJson, answer)).toBe(true);
  expect(answer).toMatchObject({ ok: false, files: ['broken.yaml'], problems: [{ line: 2 }, { line: 3 }] });
  expect({ code, err }).toEqual({ code: 78, err: '' });
});

it('check fails on warnings with --strict only', async () => {
  await put('house.yaml', 'node: kitchen\ninclude: [rules/*.yaml]\n');
  expect(await say(['check', 'house.yaml'])).toMatchObject({ code: 0, out: expect.stringContaining('▲') });
  expect((await say(['check', 'house.yaml', '--strict'])).code).toBe(78);
});

it('check takes the file of --config', async () => {
  await put('house.yaml', BROKEN);
  expect((await say(['check', '--config', 'house.yaml'])).code).toBe(78);
});

it('fmt shows, tells and writes what changes', async () => {
  await put('untidy.yaml', UNTIDY);
  await expectGolden('fmt-diff', ['fmt', 'untidy.yaml', '--diff'], await say(['fmt', 'untidy.yaml', '--diff']));
  await expectGolden('fmt-check', ['fmt', 'untidy.yaml', '--check'], await say(['fmt', 'untidy.yaml', '--check']));
  expect(await readFile(join(cwd, 'untidy.yaml'), 'utf8')).toBe(UNTIDY);
  await expectGolden('fmt', ['fmt', 'untidy.yaml'], await say(['fmt', 'untidy.yaml']));
  const tidy = await readFile(join(cwd, 'untidy.yaml'), 'utf8');
  expect(tidy).toContain('# my house');
  expect(tidy).not.toBe(UNTIDY);
  expect(await say(['fmt', 'untidy.yaml', '--check'])).toMatchObject({ code: 0, out: '' });
});

it('fmt keeps the mode of a file and follows a link', async () => {
  await put('real.yaml', UNTIDY);
  await chmod(join(cwd, 'real.yaml'), 0o600);
  await symlink('real.yaml', join(cwd, 'link.yaml'));
  expect((await say(['fmt', 'link.yaml'])).code).toBe(0);
  expect((await stat(join(cwd, 'real.yaml'))).mode & 0o777).toBe(0o600);
  expect(await readFile(join(cwd, 'real.yaml'), 'utf8')).not.toBe(UNTIDY);
});

it('fmt says which file is not there', async () => {
  expect(await say(['fmt', 'none.yaml'])).toMatchObject({ code: 66, out: '' });
});

it('schema prints JSON Schema of schemes and of answers', async () => {
  const scheme: unknown = JSON.parse((await say(['schema'])).out);
  expect(scheme).toMatchObject({ $schema: expect.stringContaining('json-schema.org'), properties: { devices: {} } });
  const status: unknown = JSON.parse((await say(['schema', '--contract', 'status'])).out);
  expect(status).toMatchObject({ title: 'status/1', properties: { health: {} } });
});
