import { expect, test } from 'vitest';
import { EngineOutbox } from '../../src/bridge/engine-outbox.ts';
import type { EngineWay } from '../../src/bridge/engine-outgoing.ts';
import { packMessage, unpackMessage } from '../../src/bridge/kept-message.ts';
import { Bus } from '../../src/bus/bus.ts';
import { bytesOf, type Message, readingOf } from '../../src/bus/message.ts';
import type { OutboxLimits } from '../../src/outbox/limits.ts';
import { openOutbox } from '../../src/outbox/open-outbox.ts';
import { makeFakeClock, settle } from '../fakes/clock.ts';
import { makeFakeLog } from '../fakes/log.ts';
import { outboxFiles, START } from '../outbox/harness.ts';
import { FakeDisk } from '../state/log/fake-disk.ts';

/** An engine that acknowledges when told. */
function makeWay() {
  const sent: string[] = [];
  const open: (() => void)[] = [];
  const way: EngineWay = {
    stream: { writableLength: 0 },
    publish(topic, payload, { qos }, done) {
      sent.push(`${topic.split('/').slice(3).join('/')} ${payload.toString()} ${qos}`);
      open.push(done);
    },
  };
  const acknowledge = async (): Promise<void> => {
    for (const done of open.splice(0)) done();
    await settle();
  };
  return { sent, way, acknowledge };
}

async function make({ limits = {}, disk = new FakeDisk() }: { limits?: Partial<OutboxLimits>; disk?: FakeDisk } = {}) {
  const clock = makeFakeClock(START);
  const { log, lines } = makeFakeLog();
  const files = outboxFiles(disk);
  const outbox = await openOutbox({
    path: '/outbox',
    clock,
    log,
    files,
    random: () => 0.5,
    limits: { alarmBytes: 0, ...limits },
  });
  const bus = new Bus((error) => {
    throw error;
  });
  const keep = (point: string, value: unknown): void => {
    const topic = `hanbus/n/d/${point}/$publish`;
    bus.publish({ topic, payload: JSON.stringify({ keep: value }), retain: true, origin: 'publisher' });
  };
  const engine = new EngineOutbox({ bus, node: 'n', clock, log, outbox });
  let sequence = 0;
  const say = (point: string, value: number, retain = false): void => {
    sequence += 1;
    const reading = { value, time: clock.now(), quality: 'good', epoch: 1, sequence } as const;
    bus.publish({ topic: `hanbus/n/d/${point}`, payload: { reading, form: 'plain' }, retain, origin: 'publisher' });
  };
  return { bus, clock, disk, engine, keep, lines, outbox, say };
}

test('what waited is sent in order, at a bounded rate, and what comes then at once', async () => {
  const { clock, engine, keep, say, outbox } = await make();
  keep('p', 'all');
  for (let n = 0; n < 300; n += 1) say('p', n);
  await clock.advance(10);
  const { sent, way, acknowledge } = makeWay();
  engine.connected({ way, hasProperties: true, onCaughtUp: () => undefined });
  await settle();
  expect(sent).toHaveLength(50);
  await acknowledge();
  expect(sent, 'an acknowledgement does not hurry it').toHaveLength(50);
  for (let tick = 0; tick < 8; tick += 1) {
    await clock.advance(100);
    await acknowledge();
  }
  expect(sent.map((line) => line.split(' ')[1])).toEqual(Array.from({ length: 300 }, (_, n) => String(n)));
  expect(outbox.status.readers.engine).toMatchObject({ accepted: 300, delivered: 300, queued: 0 });
  for (let n = 0; n < 400; n += 1) say('p', n);
  await settle();
  expect(sent).toHaveLength(700);
});

test('what was not acknowledged when the engine was lost is sent again', async () => {
  const { clock, engine, keep, say, outbox } = await make();
  keep('p', 'all');
  const first = makeWay();
  engine.connected({ way: first.way, hasProperties: true, onCaughtUp: () => undefined });
  await settle();
  say('p', 1);
  await settle();
  await first.acknowledge();
  say('p', 2);
  say('p', 3);
  await settle();
  engine.lost();
  await first.acknowledge();
  expect(outbox.status.readers.engine).toMatchObject({ delivered: 1, queued: 2 });
  const second = makeWay();
  await clock.advance(1_000);
  engine.connected({ way: second.way, hasProperties: true, onCaughtUp: () => undefined });
  await settle();
  expect(first.sent).toEqual(['p 1 1', 'p 2 1', 'p 3 1']);
  expect(second.sent).toEqual(['p 2 1', 'p 3 1']);
});

test('only what the policy wants kept goes this way, and a policy may change', async () => {
  const { engine, keep, say, outbox, bus } = await make();
  keep('all', 'all');
  keep('latest', 'latest');
  keep('none', 'none');
  keep('nonsense', { last: 'many' });
  bus.publish({ topic: 'hanbus/n/d/bad/$publish', payload: '{', retain: true, origin: 'x' });
  for (const point of ['all', 'latest', 'none', 'nonsense', 'bad', 'unsaid']) {
    say(point, 1, true);
    say(point, 2, true);
  }
  expect([...outbox.countsByTopic('engine').keys()]).toEqual(['hanbus/n/d/all']);
  const holds = (point: string, retain: boolean): boolean => engine.holds({ topic: `hanbus/n/d/${point}`, retain });
  expect([holds('latest', true), holds('latest', false), holds('none', false)]).toEqual([false, true, false]);
  keep('all', 'none');
  say('all', 3);
  expect(outbox.status.readers.engine?.accepted).toBe(2);
});

test('topics of which nothing was sent are named when all is sent', async () => {
  const { engine, keep, say, clock } = await make();
  keep('old', { all: true, ttl: '1s' });
  keep('fresh', 'all');
  say('old', 1, true);
  await clock.advance(2_000);
  say('fresh', 1, true);
  const named: string[] = [];
  const { way, acknowledge } = makeWay();
  engine.connected({ way, hasProperties: true, onCaughtUp: (topics) => named.push(...topics) });
  await settle();
  await acknowledge();
  await clock.advance(200);
  expect(named).toEqual(['hanbus/n/d/old']);
});

test('a loss is told once, where it happened', async () => {
  const { engine, keep, say, lines, clock } = await make({ limits: { records: 10 } });
  keep('p', 'all');
  for (let n = 0; n < 30; n += 1) say('p', n);
  const { way, sent, acknowledge } = makeWay();
  await clock.advance(10);
  engine.connected({ way, hasProperties: true, onCaughtUp: () => undefined });
  await settle();
  await acknowledge();
  expect(sent[0]).toBe('p 20 1');
  const told = lines.filter(({ fields }) => fields.code === 'HB376');
  expect(told.map(({ fields }) => [fields.count, fields.reason])).toEqual([[20, 'full']]);
});

test('what must be safe and cannot be written waits in memory, and is told once', async () => {
  const { clock, disk, engine, keep, say, outbox, lines } = await make();
  await settle(200);
  keep('p', { all: true, sync: true });
  disk.onOperation = (operation) => (operation === 'write' ? { code: 'EIO' } : undefined);
  for (let n = 0; n < 5; n += 1) {
    say('p', n);
    await settle(100);
  }
  expect(lines.filter(({ fields }) => fields.code === 'HB370')).toHaveLength(1);
  expect(outbox.status.readers.engine?.queued).toBe(5);
  const { way, sent } = makeWay();
  await clock.advance(10);
  engine.connected({ way, hasProperties: true, onCaughtUp: () => undefined });
  await settle();
  expect(sent.map((line) => line.split(' ')[1])).toEqual(['0', '1', '2', '3', '4']);
});

test('messages are packed and unpacked', () => {
  const reading = {
    value: { a: [1] },
    unit: '°C',
    time: 5,
    quality: 'uncertain',
    why: 'noise',
    epoch: 1,
    sequence: 2,
  } as const;
  const message: Message = { topic: 't', payload: { reading, form: 'plain' }, retain: true, qos: 2, origin: 'o' };
  const back = unpackMessage('t', packMessage(message, bytesOf(message)), 'o');
  expect(back).toEqual(message);
  expect(back === undefined ? undefined : readingOf(back)).toEqual(reading);
  const plain: Message = { topic: 't', payload: Buffer.from([0, 255]), retain: false, qos: 1, origin: 'o' };
  expect(unpackMessage('t', packMessage(plain, bytesOf(plain)), 'o')).toEqual(plain);
  for (const text of ['', '\u0001\u0000{', '\u0001\u0000{"v":1}', '\u0009\u0000x']) {
    expect(unpackMessage('t', Buffer.from(text), 'o')).toBeUndefined();
  }
});
