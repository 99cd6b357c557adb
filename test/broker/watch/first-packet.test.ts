import { expect, it } from 'vitest';
import { connect, makeTestBroker, openPacketClient, subscribe, turns } from '../packet-client.ts';

it('the first packet to a client is CONNACK, also when what waits for it is too much for the broker', async () => {
  const world = makeTestBroker({ waitingBytes: 40_000 });
  const keep = { clean: false, properties: { sessionExpiryInterval: 60 } };
  const { client } = await connect(world, 5, keep);
  await subscribe(client, 't', { qos: 1 });
  for (let count = 0; count < 4; count += 1) {
    world.bus.publish({ topic: 't', payload: 'x'.repeat(7_000), qos: 1, origin: 'test' });
    await turns();
  }
  client.stream.destroy();
  await turns();
  const again = openPacketClient(world, 5);
  again.send({ cmd: 'connect', clientId: 'c1', protocolId: 'MQTT', protocolVersion: 5, ...keep });
  expect((await again.take()).map(({ cmd }) => cmd)).toEqual(['connack', 'disconnect']); // [MQTT-3.2.0-1]
  expect(world.broker.ledger()).toMatchObject({ isEven: true, went: { due: 4, waiting: 0, dropped: { full: 4 } } });
});
