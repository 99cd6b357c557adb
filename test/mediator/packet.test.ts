import { expect, test } from 'vitest';
import type { Message } from '../../src/bus/message.ts';
import { connect, makeTestBroker, publishPacket, turns } from '../broker/packet-client.ts';
import { settle } from '../fakes/clock.ts';
import { openHome } from './set-up.ts';

test.each([
  ['a plain one', { qos: 1, messageId: 7 }, { id: 7, dup: false }],
  ['sent again', { qos: 1, messageId: 7, dup: true }, { id: 7, dup: true }],
  ['with properties', { qos: 1, messageId: 7, properties: { contentType: 'x' } }, { id: 7, dup: false }],
  [
    'with properties, again',
    { qos: 1, messageId: 300, dup: true, properties: { contentType: 'x' } },
    { id: 300, dup: true },
  ],
  ['exactly once', { qos: 2, messageId: 9 }, { id: 9, dup: false }],
  ['at most once', { qos: 0 }, undefined],
] as const)('a command knows its packet: %s', async (_name, more, packet) => {
  const world = makeTestBroker({}, 'kitchen');
  const heard: Message['packet'][] = [];
  world.bus.subscribe('hanbus/kitchen/+/+/set', (message) => heard.push(message.packet), { origin: 'test' });
  const { client } = await connect(world, 5);
  client.send(publishPacket('hanbus/kitchen/gate/open/set', 'open', more));
  await turns();
  expect(heard).toEqual([packet]);
});

test('a request knows it too: `set` that must not happen twice is refused when its packet is sent again', async () => {
  const home = await openHome();
  const asked = async (dup: boolean, more: object, props = {}) => {
    const payload = JSON.stringify({ value: 'open', point: 'gate.open', ...more });
    home.bus.put({
      ...{ topic: 'hanbus/kitchen/$req/set', payload, retain: false, qos: 1, origin: 'mqtt:c1' },
      ...{ packet: { id: 7, dup }, props },
    });
    await settle(60);
    await home.clock.advance(1_000);
  };
  await asked(true, {});
  await asked(false, {}, { expiresAt: home.clock.now() - 1 });
  expect(home.acts()).toEqual([]);
  await asked(false, {});
  await asked(true, { point: 'lamp.level', value: 5 });
  expect(home.acts()).toEqual(['gate.open=open', 'lamp.level=5']);
});
