import { expect, it } from 'vitest';
import { Bus } from '../../src/bus/bus.ts';
import { textOf } from '../../src/bus/message.ts';
import { PublishDesk } from '../../src/rule-runner/publish-desk.ts';
import { ServiceDesk } from '../../src/rule-runner/service-desk.ts';
import type { Outcome } from '../../src/rules/engine-world.ts';
import { makeFakeClock } from '../fakes/clock.ts';

const makeBus = () =>
  new Bus((error) => {
    throw error;
  });

const PUBLISH = { kind: 'publish', id: 'p', rule: 'r', payload: 'on', retain: false, qos: 0 } as const;

it.each([
  ['my/house/pump', false],
  ['my/house/pump', true],
  ['hanbus/garden/pump/state/set', false],
  ['hanbus/home/mode/set', false],
  ['cmnd/lamp/POWER', false],
  ['zigbee2mqtt/lamp/set', false],
])('publishes on %s, retained %s', (topic, retain) => {
  const bus = makeBus();
  const heard: string[] = [];
  bus.subscribe('#', (message) => void heard.push(`${message.topic} ${textOf(message)}`), { origin: 'test' });
  const desk = new PublishDesk(bus);
  for (let times = 0; times < 2; times += 1) expect(desk.publish({ ...PUBLISH, topic, retain })).toBeUndefined();
  expect(heard).toEqual([`${topic} on`, `${topic} on`]);
});

it.each([
  ['hanbus/kitchen/air/temperature', false, 'HB340'],
  ['hanbus/home/mode', false, 'HB340'],
  ['hanbus/kitchen/$req/stop', false, 'HB340'],
  ['hanbus/garden/pump/state/set', true, 'HB341'],
  ['zigbee2mqtt/lamp/set', true, 'HB341'],
  ['cmnd/lamp/POWER', true, 'HB341'],
  ['$SYS/x', false, 'broker'],
  ['a/+/b', false, 'no topic'],
  ['', false, 'no topic'],
])('refuses %j, retained %s', (topic, retain, why) => {
  const bus = makeBus();
  const desk = new PublishDesk(bus);
  // What is good without `retain` is not so with it.
  desk.publish({ ...PUBLISH, topic, retain: false });
  const before = bus.counts.published;
  const outcome = desk.publish({ ...PUBLISH, topic, retain });
  expect(outcome).toEqual({ id: 'p', state: 'rejected', why: expect.stringContaining(why) });
  expect(bus.counts.published).toBe(before);
});

function service() {
  const bus = makeBus();
  const clock = makeFakeClock();
  const outcomes: Outcome[] = [];
  const desk = new ServiceDesk({ bus, node: 'kitchen', clock, tell: (outcome) => void outcomes.push(outcome) });
  const calls: unknown[] = [];
  const serve = (call: string) =>
    bus.subscribe(`hanbus/kitchen/gateway/mail/${call}`, (message) => void calls.push(JSON.parse(textOf(message))), {
      origin: 'gateway',
    });
  const answer = (payload: string) =>
    void bus.publish({ topic: 'hanbus/kitchen/gateway/mail/send/$res', payload, origin: 'gateway' });
  return { bus, clock, desk, outcomes, calls, serve, answer };
}

const CALL = { kind: 'service', rule: 'r', service: 'mail' } as const;

it('calls a service and tells what came of it', () => {
  const { desk, calls, outcomes, serve, answer } = service();
  serve('send');
  serve('forward');
  desk.call({ ...CALL, id: '1', args: { text: 'hello' } });
  desk.call({ ...CALL, id: '2', args: { call: 'forward', id: 'mine' } });
  expect(calls).toEqual([{ text: 'hello', id: '1' }, { id: '2' }]);
  answer('no json');
  answer('{"id":"1","ok":true}');
  answer('{"id":"1","ok":true}');
  answer('{"id":"2","ok":false,"error":{"message":"no such box"}}');
  expect(outcomes).toEqual([
    { id: '1', state: 'done' },
    { id: '2', state: 'failed', why: 'no such box' },
  ]);
});

it('a service that does not run fails at once, one that is silent after ten seconds', async () => {
  const { desk, outcomes, serve, clock } = service();
  const args = { text: 'hello' };
  expect(desk.call({ ...CALL, id: '1', args })).toEqual({
    ...{ id: '1', state: 'failed', why: 'service mail does not run in this version' },
  });
  serve('send');
  expect(desk.call({ ...CALL, id: '2', args: { call: '../x' } })).toMatchObject({ state: 'failed' });
  desk.call({ ...CALL, id: '3', args });
  await clock.advance(9_900);
  expect(outcomes).toEqual([]);
  await clock.advance(200);
  expect(outcomes).toMatchObject([{ id: '3', state: 'failed' }]);
  desk.call({ ...CALL, id: '4', args });
  desk.stop();
  await clock.advance(20_000);
  expect(outcomes).toHaveLength(1);
});
