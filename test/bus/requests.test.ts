import { expect, test } from 'vitest';
import { Bus } from '../../src/bus/bus.ts';
import { type Message, textOf } from '../../src/bus/message.ts';
import { request } from '../../src/bus/request.ts';
import { type ServeOptions, serveRequests } from '../../src/bus/requests.ts';
import { HanbusError, OptionsError } from '../../src/kit/errors.ts';
import { makeFakeClock, settle } from '../fakes/clock.ts';
import { makeFakeLog } from '../fakes/log.ts';

function setUp(more: Partial<ServeOptions> = {}) {
  const errors: unknown[] = [];
  const bus = new Bus((error) => void errors.push(error));
  const clock = makeFakeClock();
  const { log, lines } = makeFakeLog();
  const heard: Message[] = [];
  bus.subscribe('#', (message) => void heard.push(message), { origin: 'test' });
  const verbs = {
    add: async ({ a, b }: Readonly<Record<string, unknown>>) => ({ sum: Number(a) + Number(b) }),
    fail: async () => {
      throw new OptionsError('no such pin', { fix: 'hanbus scan' });
    },
    crash: async () => {
      throw new TypeError('x is undefined');
    },
  };
  const stop = serveRequests({ bus, node: 'kitchen', origin: 'node', verbs, log, ...more });
  const ask = async (verb: string, payload: string, message: Partial<Message> = {}) => {
    bus.publish({ topic: `hanbus/kitchen/$req/${verb}`, payload, origin: 'mqtt:1', ...message });
    await settle();
  };
  const answers = () => heard.filter(({ topic }) => !topic.includes('$req')).map((one) => [one.topic, textOf(one)]);
  return { ask, answers, bus, clock, errors, heard, lines, stop };
}

test('a verb answers with the id it was asked with', async () => {
  const { ask, answers } = setUp();
  await ask('add', '{"id":"7","a":1,"b":2}');
  expect(answers()).toEqual([['hanbus/kitchen/$res/add', '{"id":"7","ok":true,"result":{"sum":3}}']]);
});

test('an empty request has no arguments', async () => {
  const { ask, answers } = setUp();
  await ask('add', '');
  expect(answers()).toEqual([['hanbus/kitchen/$res/add', '{"ok":true,"result":{"sum":null}}']]);
});

test('errors come as code, message and fix; the id is kept', async () => {
  const { ask, answers, lines } = setUp();
  await ask('fail', '{"id":9}');
  const error = '{"code":"HB140","message":"no such pin","fix":"hanbus scan"}';
  expect(answers()).toEqual([['hanbus/kitchen/$res/fail', `{"id":"9","ok":false,"error":${error}}`]]);
  expect(lines).toEqual([]);
});

test('a request that is nested too deep is refused before anybody walks through it', async () => {
  const { ask, answers, lines } = setUp();
  await ask('add', `{"a":${'['.repeat(20_000)}${']'.repeat(20_000)}}`);
  expect(answers()[0]?.[1]).toContain('"message":"the request is nested deeper than 64 levels"');
  expect(lines).toEqual([]);
});

test('a bug in a verb is answered and logged with its stack', async () => {
  const { ask, answers, lines } = setUp();
  await ask('crash', '{}');
  expect(answers()[0]?.[1]).toContain('"code":"HB100"');
  expect(lines).toHaveLength(1);
  expect(lines[0]?.fields.stack).toContain('TypeError');
});

test.each([
  ['text', 'hello'],
  ['a list', '[1]'],
  ['null', 'null'],
  ['too long', `{"id":"1","a":"${'x'.repeat(70_000)}"}`],
])('%s is refused', async (_what, payload) => {
  const { ask, answers, errors } = setUp();
  await ask('add', payload);
  expect(answers()).toHaveLength(1);
  expect(answers()[0]?.[1]).toContain('"code":"HB158"');
  expect(errors).toEqual([]);
});

test('a result that cannot be written is a bug that is logged, and the next request is answered', async () => {
  const { ask, answers, lines } = setUp({ verbs: { big: async () => ({ n: 1n }), ok: async () => 1 } });
  await ask('big', '{}');
  await ask('ok', '{}');
  expect(answers()).toEqual([['hanbus/kitchen/$res/ok', '{"ok":true,"result":1}']]);
  expect(lines).toHaveLength(1);
});

test('a retained request is refused and taken off the bus', async () => {
  const { ask, answers, bus } = setUp();
  await ask('add', '{"id":"7","a":1,"b":2}', { retain: true });
  expect(answers()).toHaveLength(1);
  expect(answers()[0]?.[1]).toContain('"code":"HB161"');
  expect(bus.retainedAt('hanbus/kitchen/$req/add')).toBeUndefined();
});

test('response topic and correlation data are honoured', async () => {
  const { ask, heard } = setUp();
  const correlationData = new Uint8Array([1, 2, 3]);
  await ask('add', '{"id":"7"}', { props: { responseTopic: 'answers/to/me', correlationData } });
  const answer = heard.find(({ topic }) => topic === 'answers/to/me');
  expect(answer?.props?.correlationData).toEqual(correlationData);
  expect(answer?.retain).toBe(false);
});

const ABUSED = [
  ...['hanbus/kitchen/pump/state/set', 'hanbus/kitchen/$req/stop', 'hanbus/kitchen/$state', 'hanbus/kitchen/$res/stop'],
  ...['hanbus/attic/$res/add', 'hanbus', '$SYS/x', 'a/+', 'a/#', ''],
];

test.each(ABUSED)(
  'a response topic that would abuse the rights of the node is not written: %s',
  async (responseTopic) => {
    const { ask, answers } = setUp();
    await ask('add', '{"id":"7"}', { props: { responseTopic } });
    expect(answers().map(([topic]) => topic)).toEqual(['hanbus/kitchen/$res/add']);
  },
);

test('a verb of another service is left alone; the one that knows all refuses unknown ones', async () => {
  const { ask, answers } = setUp();
  await ask('list', '{}');
  await ask('toString', '{}');
  expect(answers()).toEqual([]);
  const knowing = setUp({ othersAnswer: ['list'] });
  await knowing.ask('list', '{}');
  expect(knowing.answers()).toEqual([]);
  await knowing.ask('lsit', '{"id":"1"}');
  expect(knowing.answers()[0]?.[1]).toContain('HB151');
  expect(knowing.answers()[0]?.[1]).toContain('add, crash, fail, list');
});

test('after the stop nobody answers', async () => {
  const { ask, answers, stop } = setUp();
  stop();
  await ask('add', '{}');
  expect(answers()).toEqual([]);
});

test('request: asks and gets the result; concurrent ones do not mix', async () => {
  const { bus, clock } = setUp();
  const options = { clock, origin: 'cli' };
  const sums = await Promise.all(
    [1, 2, 3].map((a) => request(bus, { node: 'kitchen', verb: 'add', args: { a, b: 10 } }, options)),
  );
  expect(sums).toEqual([{ sum: 11 }, { sum: 12 }, { sum: 13 }]);
  expect(clock.pending).toBe(0);
});

test('request: throws the error of the answer', async () => {
  const { bus, clock } = setUp();
  const asked = request(bus, { node: 'kitchen', verb: 'fail' }, { clock, origin: 'cli' });
  await expect(asked).rejects.toMatchObject({ code: 'HB140', message: 'no such pin', fix: 'hanbus scan' });
});

test('request: nobody answers', async () => {
  const { bus, clock } = setUp();
  const before = bus.counts.subscriptions;
  const asked = request(bus, { node: 'attic', verb: 'list' }, { clock, origin: 'cli', timeoutMs: 300 });
  const outcome = expect(asked).rejects.toThrow(HanbusError);
  await clock.advance(299);
  bus.publish({ topic: 'hanbus/attic/$res/list', payload: 'nonsense', origin: 'x' });
  await clock.advance(1);
  await outcome;
  await expect(asked).rejects.toMatchObject({ code: 'HB154' });
  expect(bus.counts.subscriptions).toBe(before);
});
