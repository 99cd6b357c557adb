import { afterAll, beforeAll, expect, it } from 'vitest';
import type { UpWorld } from '../../src/cli/up-world.ts';
import type { Dial } from '../../src/cli/world.ts';
import { type FakeNode, LIST, SCAN, STATUS, startFakeNode } from '../fakes/node.ts';
import { expectGolden } from './golden.ts';
import { hanbus, start } from './world.ts';

let demo: FakeNode;
let real: FakeNode;

beforeAll(async () => {
  demo = await startFakeNode();
  real = await startFakeNode();
  const info = { hanbus: 'info/1', version: '0.1.0', runtime: 'Node', board: 'Pi', node: 'hall', running: true };
  real.answer('info', async () => ({ ...info, paths: { config: '', data: '', runtime: '', secrets: '' } }));
  real.answer('list', async () => ({ ...LIST, node: 'hall' }));
});

afterAll(async () => {
  await demo.stop();
  await real.stop();
});

/** Sockets of the wanted nodes at the places where the command line looks. */
const withNodes =
  (...nodes: readonly FakeNode[]) =>
  async (dial: Dial, socket: string, question: Parameters<Dial>[1]) => {
    const node = socket === '/nowhere/run/demo/api.sock' ? demo : real;
    if (!nodes.includes(node)) throw Object.assign(new Error('nobody'), { code: 'ENOENT' });
    return await dial(`${node.runtime}/api.sock`, question);
  };

const starting: UpWorld = {
  start: async () => {
    const files = ['/tmp/hanbus-demo-x/hanbus.yaml'];
    const nodes = STATUS.nodes.map((node) => ({ ...node, scheme: { ...node.scheme, files } }));
    let end: (code: number) => void = () => undefined;
    const stopped = new Promise<number>((resolve) => {
      end = resolve;
    });
    const summary = { status: { ...STATUS, nodes }, list: LIST, scan: { ...SCAN, devices: [] } };
    return { name: 'kitchen', summary: async () => summary, stopped, stop: async () => end(0) };
  },
};

async function shown(argv: readonly string[], ...nodes: readonly FakeNode[]): Promise<string> {
  const started = start(argv, { node: starting, dial: withNodes(...nodes) });
  await expect.poll(() => started.out()).toContain('being published');
  started.signal('SIGINT');
  return (await started.done).out;
}

it('is found by every verb when no real node runs', async () => {
  const { out, code } = await hanbus(['ls'], { dial: withNodes(demo) });
  expect({ code, first: out.split(' ')[0] }).toEqual({ code: 0, first: 'kitchen' });
});

it('is found by its name beside a real node', async () => {
  const dial = withNodes(demo, real);
  expect((await hanbus(['ls'], { dial })).out).toMatch(/^hall /);
  expect((await hanbus(['ls', '--node', 'kitchen'], { dial })).out).toMatch(/^kitchen /);
  const none = await hanbus(['ls', '--node', 'attic'], { dial });
  expect(none).toMatchObject({ code: 66 });
  expect(none.err).toContain('there are hall, kitchen');
});

it('starts beside a real node and says by which command it is seen', async () => {
  const beside = await shown(['demo'], real);
  expect(beside).toContain('hanbus watch --node kitchen\n');
  expect(beside).toContain('/tmp/hanbus-demo-x/hanbus.yaml\n');
  expect(await shown(['demo'])).toContain('hanbus watch\n');
});

it('starts only once', async () => {
  await expectGolden('demo-running', ['demo'], await hanbus(['demo'], { dial: withNodes(demo) }));
});

it('is no node for up', async () => {
  expect(await shown(['up'], demo)).toContain('In the foreground');
});
