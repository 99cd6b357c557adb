import { afterEach, beforeEach, expect, it } from 'vitest';
import { type FakeNode, LIST, startFakeNode } from '../fakes/node.ts';
import { expectGolden } from './golden.ts';
import { type Started, start } from './world.ts';

let node: FakeNode;

beforeEach(async () => {
  process.env.TZ = 'UTC';
  node = await startFakeNode();
});

afterEach(async () => {
  await node.stop();
});

/** Watches until the stream is open; then says and ends. */
async function watch(argv: readonly string[]): Promise<Started> {
  const started = start(argv, { env: { HANBUS_RUNTIME: node.runtime } });
  const streams = argv.some((word) => word === '--raw' || word === '--json') ? 1 : 2;
  await expect.poll(() => node.bus.counts.subscriptions).toBe(1 + streams);
  return started;
}

/** A reading as the publisher puts it on the bus. */
function read(name: string, v: unknown, more: Readonly<Record<string, unknown>> = {}): void {
  node.publish(`hanbus/kitchen/${name}/$v`, JSON.stringify({ v, q: 'good', ...more }));
}

const lines = (started: Started) => started.out().trimEnd().split('\n').length;

it('shows values with their unit, and devices that come, go and fail', async () => {
  const watching = await watch(['watch']);
  read('board/load', 0.43);
  read('board/uptime', 3_878, { u: 's' });
  read('disk_root/free', 1_234_567_890, { u: 'B' });
  read('fridge/temperature', 4.2, { u: '°C' });
  read('fridge/temperature', 4.2, { u: '°C', q: 'bad', why: '85 °C is what it says after losing power' });
  node.publish('hanbus/kitchen/fridge/temperature/$v', 'not ours');
  node.publish('hanbus/kitchen/fridge/$meta', '{}');
  node.publish('hanbus/kitchen/fridge/$state', 'ready');
  await expect.poll(() => lines(watching)).toBe(5);
  node.publish('hanbus/kitchen/fridge/$state', 'stopped');
  node.publish('hanbus/kitchen/fridge/$state', 'failing');
  node.publish('hanbus/kitchen/outside/$state', 'ready');
  await expect.poll(() => lines(watching)).toBe(7);
  const [first] = LIST.devices;
  if (first === undefined) throw new Error('the fake list is empty');
  node.answer('list', async () => ({
    ...LIST,
    devices: [...LIST.devices, { ...first, name: 't1', about: 'DS18B20' }],
  }));
  node.publish('hanbus/kitchen/t1/$state', 'ready');
  await expect.poll(() => lines(watching)).toBe(8);
  read('t1/load', 7);
  node.publish('hanbus/kitchen/t1/$state', 'lost');
  await expect.poll(() => lines(watching)).toBe(10);
  node.publish('hanbus/kitchen/outside/$state', '');
  node.publish('hanbus/kitchen/stranger/$state', '');
  await expect.poll(() => lines(watching)).toBe(11);
  watching.signal('SIGINT');
  await expectGolden('watch', ['watch'], await watching.done);
});

it('tells of a device that stops only when it stays so', async () => {
  const watching = await watch(['watch']);
  node.publish('hanbus/kitchen/fridge/$state', 'stopped');
  await expect.poll(() => watching.out(), { timeout: 3_000 }).toContain('fridge has stopped');
  watching.signal('SIGINT');
  await watching.done;
});

it('shows only what fits the glob', async () => {
  const watching = await watch(['watch', '*.temperature']);
  read('board/load', 0.43);
  read('fridge/temperature', 4.2, { u: '°C' });
  await expect.poll(() => watching.out()).toContain('4.2 °C');
  expect(watching.out()).not.toContain('load');
  watching.signal('SIGTERM');
  expect((await watching.done).code).toBe(130);
});

it('gives topics and payloads as they are with --raw', async () => {
  const watching = await watch(['watch', '--raw']);
  node.publish('zigbee2mqtt/door', '{"contact":true}');
  node.publish('hanbus/kitchen/board/load', '0.43');
  await expect.poll(() => lines(watching)).toBe(2);
  watching.signal('SIGINT');
  expect((await watching.done).out).toBe('zigbee2mqtt/door {"contact":true}\nhanbus/kitchen/board/load 0.43\n');
});

it('gives one watch/1 a line with --json', async () => {
  const watching = await watch(['watch', '--json']);
  node.publish('hanbus/kitchen/board/load', '0.43');
  await expect.poll(() => watching.out()).not.toBe('');
  watching.signal('SIGINT');
  expect(JSON.parse((await watching.done).out)).toMatchObject({
    hanbus: 'watch/1',
    topic: 'hanbus/kitchen/board/load',
    payload: '0.43',
    retain: false,
  });
});

it('caps the rate and says so', async () => {
  const watching = await watch(['watch', '--rate', '2/s']);
  for (let count = 0; count < 5; count += 1) read('board/load', count);
  await expect.poll(() => lines(watching)).toBe(2);
  watching.signal('SIGINT');
  const { out, err } = await watching.done;
  expect(out.trimEnd().split('\n')).toHaveLength(2);
  expect(err).toContain('3 more not shown; all of them: hanbus watch --rate all');
});

it('ends with 69 when the node stops', async () => {
  const watching = await watch(['watch']);
  await node.stop();
  const { code, err } = await watching.done;
  expect(code).toBe(69);
  expect(err).toContain('the node has stopped');
});

it('ends with 69 when the node dies in the middle of a line', async () => {
  const dying = async function* () {
    yield '{"hanbus":"watch/1","time":1,"topic":"a/b","payload":"1","retain":false}';
    throw Object.assign(new Error('aborted'), { code: 'ECONNRESET' });
  };
  const { code, out, err } = await start(['watch', '--raw'], {
    env: { HANBUS_RUNTIME: node.runtime },
    dial: async (dial, socket, question) =>
      question.path.startsWith('/v1/stream') ? { status: 200, lines: dying() } : await dial(socket, question),
  }).done;
  expect({ code, out }).toEqual({ code: 69, out: 'a/b 1\n' });
  expect(err).toContain('the node went away');
});

it('refuses a glob that nothing has', async () => {
  const { code, err } = await start(['watch', 'fridg'], { env: { HANBUS_RUNTIME: node.runtime } }).done;
  expect(code).toBe(66);
  expect(err).toContain('Did you mean fridge?');
});

it('follows the log', async () => {
  const following = start(['logs', '--follow', '--level', 'warn'], { env: { HANBUS_RUNTIME: node.runtime } });
  await expect.poll(() => following.out()).toContain('port is taken');
  await expect.poll(() => node.asked.filter(({ verb }) => verb === 'logs').length).toBe(2);
  following.signal('SIGINT');
  expect((await following.done).code).toBe(130);
  expect(node.asked.at(-1)).toEqual({ verb: 'logs', args: { level: 'warn', after: 3 } });
});

it('stops the node and waits until it is gone', async () => {
  const { code, out } = await start(['down'], { env: { HANBUS_RUNTIME: node.runtime } }).done;
  expect({ code, out }).toEqual({ code: 0, out: '✓ kitchen has stopped.\n' });
});

it('asks for the status again and again', async () => {
  const watching = start(['status', '--watch', '--json'], { env: { HANBUS_RUNTIME: node.runtime } });
  await expect.poll(() => lines(watching), { timeout: 4_000 }).toBe(2);
  watching.signal('SIGINT');
  const { code, out } = await watching.done;
  expect(code).toBe(130);
  const answers = out.trimEnd().split('\n');
  expect(answers.map((line) => JSON.parse(line).hanbus)).toEqual(['status/1', 'status/1']);
});
