import { Check } from 'typebox/value';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { CONTRACTS } from '../../src/schemes/contracts.ts';
import { type FakeNode, startFakeNode } from '../fakes/node.ts';
import { expectGolden } from './golden.ts';
import { hanbus } from './world.ts';

let node: FakeNode;

beforeAll(async () => {
  process.env.TZ = 'UTC';
  node = await startFakeNode();
});

afterAll(async () => {
  await node.stop();
});

const ask = (argv: readonly string[]) => hanbus(argv, { env: { HANBUS_RUNTIME: node.runtime } });

it.each([
  ['broker', ['broker']],
  ['broker-client', ['broker', 'client', 'nodered_1']],
  ['broker-client-none', ['broker', 'client']],
  ['broker-clients', ['broker', 'clients']],
  ['broker-kick', ['broker', 'kick', 'nodered_1']],
  ['broker-limit', ['broker', 'clients', '--limit', '0']],
  ['broker-unknown', ['broker', 'boot']],
])('%s', async (name, argv) => {
  await expectGolden(name, argv, await ask(argv));
});

it.each([
  ['broker', ['broker']],
  ['client', ['broker', 'client', 'nodered_1']],
  ['clients', ['broker', 'clients']],
  ['kick', ['broker', 'kick', 'nodered_1']],
] as const)('%s --json keeps its contract', async (contract, argv) => {
  const { out } = await ask([...argv, '--json']);
  const schema = CONTRACTS[contract];
  expect(schema !== undefined && Check(schema, JSON.parse(out))).toBe(true);
});

it('sends pattern, order and limit to the node', async () => {
  await ask(['broker', 'clients', 'sensor*', '--sort', 'queue', '--limit', '5']);
  expect(node.asked.at(-1)).toEqual({
    verb: 'broker',
    args: { view: 'clients', like: 'sensor*', sort: 'queue', limit: 5 },
  });
});

it('says so when nobody fits', async () => {
  node.answer('broker', async () => ({ hanbus: 'clients/1', node: 'kitchen', time: 0, clients: [], more: 0 }));
  expect(await ask(['broker', 'clients', 'x*'])).toMatchObject({
    code: 0,
    out: '',
    err: 'No client has an id like "x*".\n',
  });
});
