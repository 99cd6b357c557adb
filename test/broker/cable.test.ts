import { expect, it } from 'vitest';
import { connect, makeTestBroker, subscribe, turns } from './packet-client.ts';

it('a client whose cable is pulled while messages wait for it is let go: will said, memory back, others unharmed', async () => {
  const world = makeTestBroker();
  const will = { topic: 'gone', payload: Buffer.from('yes'), qos: 0, retain: false } as const;
  const { client: pulled } = await connect(world, 5, { clientId: 'pulled', keepalive: 10, will });
  await subscribe(pulled, 'a');
  const { client: other } = await connect(world, 5, { clientId: 'other', keepalive: 0 });
  await subscribe(other, '#');
  pulled.stream.removeAllListeners('data');
  pulled.stream.pause(); // takes nothing, says nothing, and never ends
  const payload = 'x'.repeat(10_000);
  for (let count = 0; count < 50; count += 1) world.bus.publish({ topic: 'a', payload, origin: 'test' });
  expect(await other.takePublishes()).toHaveLength(50);
  expect(world.broker.counts.waitingBytes).toBeGreaterThan(100_000);
  await world.clock.advance(15_000);
  await turns();
  expect(await other.takePublishes()).toMatchObject([{ topic: 'gone' }]);
  await world.clock.advance(world.broker.limits.closeMs);
  await turns();
  expect(world.broker.counts).toMatchObject({ clients: 1, waitingBytes: 0 });
  expect(pulled.stream.destroyed).toBe(true);
  expect(world.broker.ledger().isEven).toBe(true);
});
