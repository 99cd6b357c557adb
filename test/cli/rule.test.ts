import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Check } from 'typebox/value';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { CONTRACTS } from '../../src/schemes/contracts.ts';
import { type FakeNode, startFakeNode } from '../fakes/node.ts';
import { RULES } from '../fakes/rule-answers.ts';
import { SCHEME as SCHEME_ANSWER } from '../fakes/scheme-answers.ts';
import { expectGolden } from './golden.ts';
import { hanbus, type TestWorld } from './world.ts';

const SCHEME = `# my kitchen
node: kitchen
devices:
  air: {kind: bme280, at: sim}      # by the window
  fan: {kind: relay, at: gpio17}
rules:
  # it gets hot in here
  warm: {when: air.temperature > 25°C, then: {fan: on}}
`;
const SENTENCE = 'when air.temperature > 28°C for 2min then fan on else fan off';

let node: FakeNode;
let folder: string;
let file: string;

beforeAll(async () => {
  process.env.TZ = 'UTC';
  node = await startFakeNode();
  folder = await mkdtemp('/tmp/hanbus-rule-');
  file = join(folder, 'hanbus.yaml');
});

beforeEach(async () => {
  await writeFile(file, SCHEME);
  node.answer('rules', async () => RULES);
  node.answer('scheme', async () => ({ ...SCHEME_ANSWER, main: file }));
});

afterAll(async () => {
  await node.stop();
  await rm(folder, { recursive: true, force: true });
});

const plain = (text: string) => text.replaceAll(folder, '/etc/hanbus');

async function ask(argv: readonly string[], given: TestWorld = {}) {
  const ran = await hanbus(argv, {
    ...given,
    env: { HANBUS_RUNTIME: node.runtime, HANBUS_CONFIG: file, ...given.env },
  });
  return { code: ran.code, out: plain(ran.out), err: plain(ran.err) };
}

describe('with a running node', () => {
  it.each([
    ['rule-ls', ['rule']],
    ['rule-pause', ['rule', 'pause', 'cool']],
    ['rule-resume', ['rule', 'resume', 'cool']],
    ['rule-run', ['rule', 'run', 'cool']],
    ['rule-test', ['rule', 'test', 'cool', '--since', '2d']],
    ['rule-add-dry', ['rule', 'add', SENTENCE, '--name', 'cool', '--dry-run']],
    ['rule-add', ['rule', 'add', SENTENCE, '--name', 'cool']],
    ['rule-add-taken', ['rule', 'add', SENTENCE, '--name', 'warm']],
    ['rule-add-misread', ['rule', 'add', 'fan on when it is hot']],
    ['rule-add-name', ['rule', 'add', SENTENCE, '--name', 'Too Hot!']],
    ['rule-rm-dry', ['rule', 'rm', 'warm', '--dry-run']],
    ['rule-rm', ['rule', 'rm', 'warm']],
    ['rule-rm-unknown', ['rule', 'rm', 'wram']],
    ['rule-nameless', ['rule', 'pause']],
    ['rule-many', ['rule', 'pause', 'a', 'b']],
    ['set-variable', ['set', 'home.mode', 'away']],
    ['set-variable-dry', ['set', 'home/mode', 'away', '--dry-run']],
    ['why-rule', ['why', 'cool']],
    ['why-rule-long', ['why', 'cool', '--long']],
    ['why-point', ['why', 'fan']],
    ['why-unknown', ['why', 'fna']],
  ])('%s', async (name, argv) => {
    await expectGolden(name, argv, await ask(argv));
  });

  it('writes into the file that the node runs, wherever this user keeps his own', async () => {
    const env = { HANBUS_CONFIG: join(folder, 'mine', 'hanbus.yaml') };
    expect((await ask(['rule', 'add', SENTENCE, '--name', 'cool'], { env })).code).toBe(0);
    expect(await readFile(file, 'utf8')).toContain('  cool:\n');
    expect((await ask(['rule', 'rm', 'cool', '--yes'], { env })).code).toBe(0);
    expect(await readFile(file, 'utf8')).toBe(SCHEME);
  });

  it('asks the node to replay the sentence as YAML data', async () => {
    node.asked.length = 0;
    await ask(['rule', 'add', SENTENCE, '--name', 'cool', '--since', '7d']);
    expect(node.asked.find(({ verb }) => verb === 'replay')).toEqual({
      verb: 'replay',
      args: {
        name: 'cool',
        rule: { when: 'air.temperature > 28°C for 2min', then: { fan: 'on' }, else: { fan: 'off' } },
        sinceMs: 604_800_000,
      },
    });
  });

  it('keeps every other line of the file', async () => {
    await ask(['rule', 'add', SENTENCE, '--name', 'cool']);
    expect(await readFile(file, 'utf8')).toBe(`${SCHEME}  cool:
    when: air.temperature > 28°C for 2min
    then: {fan: on}
    else: {fan: off}
`);
    await ask(['rule', 'rm', 'cool', '--yes']);
    expect(await readFile(file, 'utf8')).toBe(SCHEME);
  });

  it('writes nothing in a dry run, nor what is wrong', async () => {
    await ask(['rule', 'add', SENTENCE, '--name', 'cool', '--dry-run']);
    const wrong = await ask(['rule', 'add', 'when air.temprature > 28°C then fan on', '--name', 'cool']);
    expect(wrong.code).toBe(78);
    expect(wrong.err).toContain('HB301');
    expect(await readFile(file, 'utf8')).toBe(SCHEME);
  });

  it('answers by contract', async () => {
    for (const argv of [
      ['rule', 'add', SENTENCE, '--name', 'cool', '--dry-run'],
      ['rule', 'add', SENTENCE, '--name', 'cool'],
      ['rule', 'rm', 'cool'],
      ['rule', 'run', 'cool'],
    ]) {
      const { out, code } = await ask([...argv, '--json']);
      expect(code).toBe(0);
      expect(Check(CONTRACTS.rule ?? {}, JSON.parse(out))).toBe(true);
    }
    for (const [name, argv] of [
      ['rules', ['rule', 'ls']],
      ['replay', ['rule', 'test', 'cool']],
    ] as const) {
      expect(Check(CONTRACTS[name] ?? {}, JSON.parse((await ask([...argv, '--json'])).out))).toBe(true);
    }
  });

  it('asks a person before a rule is taken out', async () => {
    const no = await ask(['rule', 'rm', 'warm'], { tty: true, stdin: 'n\n' });
    expect(no.code).toBe(1);
    expect(await readFile(file, 'utf8')).toBe(SCHEME);
    expect((await ask(['rule', 'rm', 'warm'], { tty: true, stdin: 'y\n' })).code).toBe(0);
    expect(await readFile(file, 'utf8')).not.toContain('warm');
  });
});

it('a rule is added with no node running', async () => {
  const argv = ['rule', 'add', SENTENCE, '--name', 'cool'];
  await expectGolden('rule-add-no-node', argv, await ask(argv, { env: { HANBUS_RUNTIME: '/nowhere/run' } }));
  expect(await readFile(file, 'utf8')).toContain('cool:');
});

it('a file that may not be written is told with the way out', async () => {
  const denied = Object.assign(new Error('EACCES: permission denied'), { code: 'EACCES' });
  const argv = ['rule', 'add', SENTENCE, '--name', 'cool'];
  const { err, code } = await ask(argv, { files: { write: () => Promise.reject(denied) } });
  expect(code).toBe(1);
  expect(err).toContain('HB348');
  expect(err).toContain('sudo hanbus rule add');
});
