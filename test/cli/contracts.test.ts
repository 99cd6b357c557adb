import { Check, Errors } from 'typebox/value';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { loadVerbs } from '../../src/cli/catalog.ts';
import { CONTRACTS } from '../../src/schemes/contracts.ts';
import { type FakeNode, startFakeNode } from '../fakes/node.ts';
import { hanbus, type Ran, start } from './world.ts';

let node: FakeNode;

beforeAll(async () => {
  node = await startFakeNode();
});

afterAll(async () => {
  await node.stop();
});

function expectContract(name: string, text: string): void {
  const schema = CONTRACTS[name];
  if (schema === undefined) throw new Error(`no contract ${name}`);
  const value: unknown = JSON.parse(text);
  expect([...Errors(schema, value)]).toEqual([]);
  expect(Check(schema, value)).toBe(true);
}

const CALLS: Readonly<Record<string, readonly string[]>> = {
  apply: ['apply'],
  broker: ['broker'],
  check: ['check'],
  config: ['config', 'show'],
  credentials: ['credentials'],
  explain: ['explain'],
  history: ['history', 'fridge.temperature'],
  info: ['info'],
  logs: ['logs'],
  ls: ['ls'],
  outbox: ['outbox'],
  read: ['read', 'board.load', 'fridge'],
  rule: ['rule', 'pause', 'cool'],
  save: ['save'],
  scan: ['scan'],
  set: ['set', 'pump', 'on'],
  status: ['status'],
  undo: ['undo'],
  up: ['up'],
  why: ['why', 'cool'],
};

it.each(Object.entries(CALLS))('%s --json keeps its contract', async (name, argv) => {
  const verb = (await loadVerbs()).find((one) => one.name === name);
  const { out, err } = await hanbus([...argv, '--json'], { env: { HANBUS_RUNTIME: node.runtime } });
  expect(err).toBe('');
  expect(out.trimEnd().split('\n')).toHaveLength(1);
  expectContract(verb?.contract ?? '', out);
});

it('every verb with a contract is tried here or where it lives', async () => {
  const promised = (await loadVerbs()).filter(({ contract }) => contract !== undefined).map(({ name }) => name);
  expect(promised.filter((name) => !Object.hasOwn(CALLS, name))).toEqual(['demo', 'watch']);
});

it('info keeps its contract without a node', async () => {
  expectContract('info', (await hanbus(['info', '--json'])).out);
});

it('watch keeps its contract, also when it tells what was left out', async () => {
  const watching = start(['watch', '--json', '--rate', '1/s'], { env: { HANBUS_RUNTIME: node.runtime } });
  await expect.poll(() => node.bus.counts.subscriptions).toBe(2);
  for (const value of ['1', '2', '3']) node.publish('hanbus/kitchen/board/load', value);
  await expect.poll(() => watching.out()).not.toBe('');
  watching.signal('SIGINT');
  const [line = '', dropped = ''] = (await watching.done).out.split('\n');
  expectContract('watch', line);
  expectContract('dropped', dropped);
});

it.each([
  [['ls', '--json'], 69],
  [['--json', 'statsu'], 2],
  [['read', '--json'], 2],
  [['check', 'none.yaml', '--json'], 66],
  [['explain', 'HB999', '--json'], 66],
])('failures of %j are JSON on standard error, exit %i', async (argv, code) => {
  const ran: Ran = await hanbus(argv);
  expect(ran.code).toBe(code);
  expect(ran.out).toBe('');
  expectContract('error', ran.err);
});
