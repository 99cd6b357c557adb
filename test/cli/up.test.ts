import { expect, it } from 'vitest';
import type { RunningNode, StartOptions, UpSummary, UpWorld } from '../../src/cli/up-world.ts';
import { HanbusError } from '../../src/kit/errors.ts';
import { LIST, SCAN, STATUS, STATUS_TROUBLED, startFakeNode } from '../fakes/node.ts';
import { expectGolden } from './golden.ts';
import { hanbus, start } from './world.ts';

const SUMMARY: UpSummary = { status: STATUS, list: LIST, scan: { ...SCAN, devices: [] } };

interface Fake extends UpWorld {
  readonly started: StartOptions[];
  stops: number;
}

/** A node that stops when it is told, or never. */
function makeNode(summary = SUMMARY, isStubborn = false): Fake {
  const fake: Fake = {
    started: [],
    stops: 0,
    async start(options): Promise<RunningNode> {
      fake.started.push(options);
      let end: (code: number) => void = () => undefined;
      const stopped = new Promise<number>((resolve) => {
        end = resolve;
      });
      return {
        name: 'kitchen',
        summary: async () => summary,
        stopped,
        async stop() {
          fake.stops += 1;
          if (!isStubborn) end(0);
        },
      };
    },
  };
  return fake;
}

it('shows what was found and stays until Ctrl-C', async () => {
  const node = makeNode();
  const up = start(['up', '--name', 'kitchen'], { node });
  await expect.poll(() => up.out()).toContain('being published');
  up.signal('SIGINT');
  await expectGolden('up', ['up', '--name', 'kitchen'], await up.done);
  expect(node.started).toMatchObject([
    { name: 'kitchen', runtime: '/nowhere/run', data: '/nowhere/ann/.local/state/hanbus' },
  ]);
});

it('shows problems with their fix, and a broker that is closed', async () => {
  const up = start(['up'], { node: makeNode({ ...SUMMARY, status: STATUS_TROUBLED }) });
  await expect.poll(() => up.out()).toContain('being published');
  up.signal('SIGTERM');
  await expectGolden('up-troubled', ['up'], await up.done);
});

it('says that systemd keeps it running', async () => {
  const up = start(['up'], { node: makeNode(), env: { INVOCATION_ID: 'abc' } });
  await expect.poll(() => up.out()).toContain('Kept running by systemd.');
  up.signal('SIGTERM');
  expect((await up.done).code).toBe(0);
});

it('gives its status as JSON', async () => {
  const up = start(['up', '--json'], { node: makeNode() });
  await expect.poll(() => up.out()).not.toBe('');
  up.signal('SIGINT');
  expect(JSON.parse((await up.done).out)).toEqual(STATUS);
});

it('takes a second signal within a second for the same one', async () => {
  const node = makeNode(SUMMARY, true);
  const up = start(['up'], { node });
  await expect.poll(() => up.out()).toContain('being published');
  up.signal('SIGINT');
  up.signal('SIGINT');
  const early = await Promise.race([up.done, new Promise((resolve) => setTimeout(resolve, 50, 'still there'))]);
  expect(early).toBe('still there');
  await new Promise((resolve) => setTimeout(resolve, 1_000));
  up.signal('SIGINT');
  expect((await up.done).code).toBe(130);
  expect(node.stops).toBe(1);
});

it('stops a node that was still starting', async () => {
  const node = makeNode();
  const slow: UpWorld = {
    async start(options) {
      await new Promise((resolve) => setTimeout(resolve, 50));
      return await node.start(options);
    },
  };
  const up = start(['up'], { node: slow });
  await expect.poll(() => up.err()).toBe('');
  await new Promise((resolve) => setTimeout(resolve, 20));
  up.signal('SIGTERM');
  expect((await up.done).code).toBe(0);
  expect(node.stops).toBe(1);
});

it('ends with the exit code of what nothing can run with', async () => {
  const broken: UpWorld = {
    start: () =>
      Promise.reject(new HanbusError('HB200', 'hanbus.yaml cannot be read as YAML', { fix: 'hanbus check' })),
  };
  await expectGolden('up-broken', ['up'], await hanbus(['up'], { node: broken }));
});

it('says one sentence about what nobody expected; the stack comes with --verbose', async () => {
  const broken: UpWorld = { start: () => Promise.reject(new TypeError('x is not a function')) };
  const { code, err } = await hanbus(['up'], { node: broken });
  expect(code).toBe(1);
  expect(err).toContain('HB100');
  expect(err).not.toMatch(/^\s+at /m);
  expect((await hanbus(['up', '--verbose'], { node: broken })).err).toMatch(/TypeError: x is not a function\n\s+at /);
});

it('hands over to the installed service', async () => {
  const fake = await startFakeNode();
  const calls: string[][] = [];
  let isUp = false;
  const { code, out, err } = await hanbus(['up'], {
    env: { HANBUS_RUNTIME: fake.runtime },
    files: { exists: async (path) => path === '/etc/systemd/system/hanbus.service' },
    exec: async (program, args) => {
      calls.push([program, ...args]);
      isUp = true;
      return { code: 0, err: '' };
    },
    dial: async (dial, socket, question) => {
      if (!isUp) throw Object.assign(new Error('nobody'), { code: 'ENOENT' });
      return await dial(socket, question);
    },
  });
  await fake.stop();
  expect(calls).toEqual([['systemctl', 'enable', '--now', 'hanbus']]);
  expect(code).toBe(0);
  expect(out).toContain('Kept running by systemd, also after a restart.');
  expect(err).toContain('systemctl enable --now hanbus');
});

it('says how when systemd does not let it', async () => {
  const ran = await hanbus(['up'], {
    files: { exists: async (path) => path === '/etc/systemd/system/hanbus.service' },
    exec: async () => ({ code: 4, err: 'Interactive authentication required.\n' }),
  });
  await expectGolden('up-service-denied', ['up'], ran);
});

it('starts a simulated house with its speed', async () => {
  const node = makeNode();
  const demo = start(['demo', '--speed', '600'], { node });
  await expect.poll(() => demo.out()).toContain('leaves nothing behind');
  demo.signal('SIGINT');
  await expectGolden('demo', ['demo', '--speed', '600'], await demo.done);
  expect(node.started).toMatchObject([{ runtime: '/nowhere/run/demo', demo: { speed: 600, scheme: 'own' } }]);
  expect(node.started[0]?.name).toBeUndefined();
  expect((await hanbus(['demo', '--speed', '0'], { node })).code).toBe(2);
});

it('logs as much as the flag says, else as HANBUS_LOG says', async () => {
  const node = makeNode();
  const level = async (argv: readonly string[], HANBUS_LOG: string) => {
    const up = start(argv, { node, env: { HANBUS_LOG } });
    await expect.poll(() => up.out()).toContain('being published');
    up.signal('SIGINT');
    await up.done;
    return node.started.at(-1)?.logLevel;
  };
  expect(await level(['up'], '')).toBe('info');
  expect(await level(['up'], 'warn')).toBe('warn');
  expect(await level(['up', '--quiet'], 'debug')).toBe('error');
  expect(await level(['up', '--verbose'], 'warn')).toBe('debug');
  const wrong = await hanbus(['up'], { node, env: { HANBUS_LOG: 'wran' } });
  expect(wrong).toMatchObject({ code: 2 });
  expect(wrong.err).toContain('Fix: HANBUS_LOG=warn');
});
