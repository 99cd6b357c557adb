import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import { type FakeNode, STATUS, STATUS_TROUBLED, startFakeNode } from '../fakes/node.ts';
import { APPLIED, NOW_TEXT, SCHEME, SCHEME_CANNED } from '../fakes/scheme-answers.ts';
import { expectGolden } from './golden.ts';
import { hanbus, start, type TestWorld } from './world.ts';

const FRESH = 'node: kitchen\npublish: {every: 30s}\ndevices:\n  pump: ssd1306\n';

let node: FakeNode;
let cwd: string;

beforeAll(async () => {
  node = await startFakeNode();
});
afterAll(() => node.stop());

beforeEach(async () => {
  cwd = await mkdtemp('/tmp/hanbus-apply-');
  await writeFile(join(cwd, 'house.yaml'), FRESH);
});

afterEach(async () => {
  for (const [verb, answer] of Object.entries(SCHEME_CANNED)) node.answer(verb, answer);
  node.asked.splice(0);
  await rm(cwd, { recursive: true, force: true });
});

const given = (more: TestWorld = {}): TestWorld => ({
  cwd,
  ...more,
  env: { HANBUS_RUNTIME: node.runtime, USER: 'ann', NO_COLOR: '1' },
});
const say = (argv: readonly string[], more: TestWorld = {}) => hanbus(argv, given(more));
const asked = (verb: string) => node.asked.filter((one) => one.verb === verb).map(({ args }) => args);

it.each([
  ['apply', ['apply', 'house.yaml']],
  ['apply-diff', ['apply', 'house.yaml', '--diff']],
  ['apply-yes', ['apply', 'house.yaml', '--yes']],
  ['apply-files', ['apply']],
  ['apply-missing', ['apply', 'none.yaml']],
  ['apply-nothing-waits', ['apply', '--keep']],
  ['config-versions', ['config', 'versions']],
  ['config-diff', ['config', 'diff', '12', '14']],
  ['config-diff-last', ['config', 'diff']],
  ['config-diff-none', ['config', 'diff', '7']],
  ['save', ['save']],
  ['save-dry', ['save', '--dry-run']],
  ['undo-scheme', ['undo', 'scheme']],
  ['undo-to', ['undo', '--to', 'twelve']],
])('%s', async (name, argv) => {
  await expectGolden(name, argv, await say(argv));
});

it('sends what differs, once to look and once to do it, with the etag it was based on', async () => {
  await say(['apply', 'house.yaml', '--confirm', '30s']);
  const question = { files: { 'hanbus.yaml': FRESH }, etag: SCHEME.etag, confirm: 30, who: 'ann' };
  expect(asked('apply')).toEqual([{ ...question, dryRun: true }, question]);
  await writeFile(join(cwd, 'same.yaml'), NOW_TEXT);
  expect(await say(['apply', 'same.yaml'])).toMatchObject({ code: 0, err: expect.stringContaining('Nothing') });
  expect(asked('apply').slice(2)).toEqual([{ who: 'ann' }]);
});

it('says what is wrong with a text that the node has, but does not run', async () => {
  await writeFile(join(cwd, 'same.yaml'), NOW_TEXT);
  const problems = [{ code: 'HB210', severity: 'error', message: 'every: 60 needs a unit' }];
  node.answer('apply', async () => ({ ...APPLIED, ok: false, version: undefined, problems }));
  expect(await say(['apply', 'same.yaml'])).toMatchObject({ code: 78, err: expect.stringContaining('HB210') });
});

it('sends the files that it includes, by their place beside the main file', async () => {
  await mkdir(join(cwd, 'rooms'));
  await writeFile(join(cwd, 'rooms', 'hall.yaml'), 'devices: {}\n');
  await writeFile(join(cwd, 'house.yaml'), `${FRESH}include: [rooms/*.yaml]\n`);
  await say(['apply', 'house.yaml', '--yes']);
  const [question] = asked('apply').slice(-1);
  expect(question).toMatchObject({ confirm: 0, files: { 'rooms/hall.yaml': 'devices: {}\n' } });
});

it('keeps it when Enter is pressed', async () => {
  const { code, out } = await say(['apply', 'house.yaml'], { tty: true, stdin: '\n' });
  expect({ code, last: out.trimEnd().split('\n').at(-1) }).toEqual({ code: 0, last: '✓ kept' });
  expect(asked('confirm')).toEqual([{ etag: APPLIED.etag, who: 'ann' }]);
  expect(asked('revert')).toEqual([]);
});

it.each([
  ['anything else', { stdin: 'no\n' }],
  ['the end of the input', { stdin: '' }],
])('takes it back at %s', async (_what, stdin) => {
  const { code, out } = await say(['apply', 'house.yaml'], { tty: true, ...stdin });
  expect({ code, out }).toEqual({ code: 1, out: expect.stringContaining('taken back') });
  expect(asked('confirm')).toEqual([]);
});

it('takes it back when nobody says a word, and at Ctrl-C', async () => {
  const silent = { tty: true, stdin: new Promise<string>(() => undefined) };
  const late = await say(['apply', 'house.yaml', '--confirm', '1s'], silent);
  expect(late).toMatchObject({ code: 1, out: expect.stringContaining('taken back') });
  const running = start(['apply', 'house.yaml'], given(silent));
  await expect.poll(() => running.err()).toContain('Enter keeps it');
  running.signal('SIGINT');
  expect((await running.done).code).toBe(130);
  expect(asked('revert')).toEqual([{ who: 'ann' }, { who: 'ann' }]);
});

it('shows what the node finds wrong before it is kept', async () => {
  node.answer('status', async () => STATUS_TROUBLED);
  const { out } = await say(['apply', 'house.yaml'], { tty: true, stdin: '\n' });
  node.answer('status', async () => STATUS);
  expect(out).toMatch(/version 15 runs.*fridge is failing.*kept/s);
});

it('asks nothing in a script', async () => {
  const { code, out } = await say(['apply', 'house.yaml', '--no-input'], { tty: true });
  expect({ code, out }).toEqual({ code: 0, out: expect.stringContaining('hanbus apply --keep') });
});

it('tells problems of the node at the places of the files here, exit by the first error', async () => {
  const problem = { code: 'HB210', severity: 'error', message: 'every: 30 needs a unit', line: 2, column: 18 };
  const refused = { ...APPLIED, ok: false, problems: [{ ...problem, file: '/etc/hanbus/hanbus.yaml' }] };
  node.answer('apply', async () => refused);
  const ran = await say(['apply', 'house.yaml']);
  expect(ran).toMatchObject({ code: 78, err: expect.stringContaining(`${cwd}/house.yaml:2:18   every: 30 needs`) });
});

it('shows what somebody else did in between', async () => {
  const message = 'the scheme was changed since you read it: version 14, applied by ann, 10min ago';
  const problems = [{ code: 'HB390', severity: 'error', message, fix: 'hanbus config diff 00000000000000a1' }];
  node.answer('apply', async () => ({ ...APPLIED, ok: false, problems }));
  const argv = ['apply', 'house.yaml', '--base', '00000000000000a1'];
  await expectGolden('apply-conflict', argv, await say(argv));
});

it('does not send a secret, nor more than a request takes', async () => {
  await writeFile(join(cwd, 'house.yaml'), 'broker: {engine: {url: mqtt://h, user: a, password: hunter22}}\n');
  const secret = await say(['apply', 'house.yaml']);
  expect(secret).toMatchObject({ code: 78, err: expect.stringContaining('HB397') });
  expect(secret.err).not.toContain('hunter22');
  await writeFile(join(cwd, 'house.yaml'), `${FRESH}# ${'x'.repeat(66_000)}\n`);
  expect(await say(['apply', 'house.yaml'])).toMatchObject({ code: 1, err: expect.stringContaining('HB399') });
  expect(asked('apply')).toEqual([]);
});

it('saves nothing where nothing is new', async () => {
  node.answer('save', async () => ({ ...APPLIED, version: undefined, saved: [] }));
  expect(await say(['save'])).toMatchObject({ code: 0, err: expect.stringContaining('Nothing to save') });
});

it('undo takes back whichever change was the last', async () => {
  expect((await say(['undo'])).out).toContain('board.load is published as before');
  node.answer('scheme', async () => ({ ...SCHEME, etag: 'broken' }));
  expect((await say(['undo'])).out).toContain('the scheme is that of version 12 again');
  expect(asked('revert')).toEqual([{ who: 'ann' }]);
});
