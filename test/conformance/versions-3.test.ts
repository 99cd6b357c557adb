import { expect, it } from 'vitest';
import { connect, makeTestBroker, publishPacket } from '../broker/packet-client.ts';

// What made Node-RED subscribe anew: the decoder of mqtt-packet takes the version of the last CONNECT over, and it was
// shared with the clients of 3.1.1.
it('a client of MQTT 5 that comes in does not change how clients of 3.1.1 are read', async () => {
  const world = makeTestBroker();
  const { client: old } = await connect(world, 4, { clientId: 'old' });
  await connect(world, 5, { clientId: 'young' });
  old.send({ cmd: 'subscribe', messageId: 1, subscriptions: [{ topic: 'from/hanbus/4/#', qos: 2 }] });
  expect(await old.take()).toMatchObject([{ cmd: 'suback', granted: [2] }]);
  old.send(publishPacket('from/node-red/4', 'kept', { qos: 1, messageId: 2 }));
  expect(await old.take()).toMatchObject([{ cmd: 'puback', messageId: 2 }]);
  expect(old.isClosed).toBe(false);
});
