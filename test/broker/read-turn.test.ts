import { expect, it } from 'vitest';
import { connect, makeTestBroker, publishPacket, subscribe } from './packet-client.ts';

it('gives the event loop a turn when few packets mean many deliveries, and loses none', async () => {
  const world = makeTestBroker();
  const heard: string[] = [];
  for (let count = 0; count < 5_000; count += 1) {
    world.bus.subscribe('a', () => undefined, { origin: `listener-${count}` });
  }
  const { client } = await connect(world, 4);
  const { client: other } = await connect(world, 4, { clientId: 'other' });
  await subscribe(other, 'a');
  for (let count = 0; count < 40; count += 1) client.send(publishPacket('a', String(count)));
  const perTurn: number[] = [];
  for (let turn = 0; turn < 200 && heard.length < 40; turn += 1) {
    const before = world.bus.delivered;
    await new Promise((resolve) => setImmediate(resolve));
    perTurn.push(world.bus.delivered - before);
    for (const packet of other.inbox.splice(0)) if (packet.cmd === 'publish') heard.push(String(packet.payload));
  }
  expect(heard).toEqual(Array.from({ length: 40 }, (_, count) => String(count)));
  expect(Math.max(...perTurn)).toBeLessThanOrEqual(25_005);
});
