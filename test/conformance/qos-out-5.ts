import { expect } from 'vitest';
import type { Caller } from './caller.ts';
import { acknowledge, connectLasting, publish, publishOnce, subscribe, vanish } from './steps.ts';
import type { Proof } from './table.ts';

const qos2 = (messageId: number, payload: string) => publish('a', payload, { qos: 2, messageId });

/** Takes everything, and answers QoS 1 and 2 until nothing more comes; the payloads. */
async function drain(client: Caller, count: number): Promise<string[]> {
  const came: string[] = [];
  for (let packets = await client.take(count); packets.length > 0; packets = await client.take()) {
    for (const packet of packets) {
      const messageId = packet.messageId ?? 0;
      if (packet.cmd === 'publish') came.push(String(packet.payload));
      if (packet.cmd === 'publish' && packet.qos > 0)
        client.send({ cmd: packet.qos === 1 ? 'puback' : 'pubrec', messageId });
      if (packet.cmd === 'pubrel') client.send({ cmd: 'pubcomp', messageId });
    }
  }
  return came;
}

/** MQTT 5, 4.3: the three qualities of service, the broker as sender. */
export const qosOutProofs: readonly Proof[] = [
  {
    proves: ['MQTT-4.3.1-1', 'MQTT-3.3.1-2', 'MQTT-4.3.2-2', 'MQTT-4.3.3-2', 'MQTT-3.3.1-3'],
    name: 'a message goes out with the QoS granted, without DUP, and with an identifier above QoS 0',
    async run({ connect }) {
      const { client } = await connect();
      const { client: sender } = await connect({ clientId: 'c2' });
      for (const [qos, first] of [
        [0, 0x30],
        [1, 0x32],
        [2, 0x34],
      ] as const) {
        await subscribe(client, 'a', { qos });
        const before = client.bytes.length;
        await sender.ask(publish('a', 'x', { qos: 2, messageId: qos + 1 }), 'pubrec');
        const [message] = await client.takePublishes(1);
        expect(client.bytes[before]).toBe(first);
        expect((message?.messageId ?? 0) > 0).toBe(qos > 0);
      }
    },
  },
  {
    proves: ['MQTT-2.2.1-4', 'MQTT-4.3.2-1', 'MQTT-4.3.3-1'],
    name: 'identifiers are never 0 and never in use, also after they have all been used',
    async run(world) {
      const { client } = await world.connect({ properties: { receiveMaximum: 65_535 } });
      await subscribe(client, 'a', { qos: 1 });
      const put = () => world.bus.publish({ topic: 'a', payload: 'x', qos: 1, origin: 'test' });
      put();
      const [open] = await client.takePublishes(1);
      const ids = new Set<number>();
      for (let round = 0; round < 66; round += 1) {
        for (let at = 0; at < 1_000; at += 1) put();
        const messages = await client.takePublishes(1_000);
        for (const { messageId = 0 } of messages) ids.add(messageId);
        acknowledge(client, messages);
      }
      expect(open?.messageId).toBeGreaterThan(0);
      expect(ids.has(0) || ids.has(open?.messageId ?? 0)).toBe(false);
      expect(ids.size).toBeGreaterThan(65_000);
    },
  },
  {
    proves: ['MQTT-4.3.3-4', 'MQTT-2.2.1-5', 'MQTT-3.6.2-1'],
    name: 'QoS 2: PUBREC is answered by PUBREL with the same identifier; for one that is not known with 0x92',
    async run({ connect }) {
      const { client } = await connect();
      await subscribe(client, 'a', { qos: 2 });
      const { client: sender } = await connect({ clientId: 'c2' });
      await sender.ask(qos2(1, 'x'), 'pubrec');
      const [message] = await client.takePublishes(1);
      const messageId = message?.messageId ?? 0;
      const before = client.bytes.length;
      const pubrel = await client.ask({ cmd: 'pubrec', messageId }, 'pubrel');
      expect(pubrel).toMatchObject({ messageId, reasonCode: 0 });
      expect(client.bytes[before]).toBe(0x62);
      const unknown = await client.ask({ cmd: 'pubrec', messageId: messageId + 9 }, 'pubrel');
      expect(unknown).toMatchObject({ messageId: messageId + 9, reasonCode: 0x92 });
    },
  },
  {
    proves: ['MQTT-4.3.3-4', 'MQTT-4.4.0-2'],
    name: 'QoS 1 and 2: PUBACK and PUBREC of 0x80 or more end the message, also for a new connection',
    async run(world) {
      const { client } = await connectLasting(world, 'c1');
      await subscribe(client, 'a', { qos: 2 });
      const { client: sender } = await world.connect({ clientId: 'c2' });
      await publishOnce(sender, publish('a', 'one'));
      await sender.ask(qos2(2, 'two'), 'pubrec');
      const [one, two] = await client.takePublishes(2);
      client.send({ cmd: 'puback', messageId: one?.messageId ?? 0, reasonCode: 0x80 });
      client.send({ cmd: 'pubrec', messageId: two?.messageId ?? 0, reasonCode: 0x97 });
      expect(await client.take()).toEqual([]);
      await vanish(world, client);
      const { client: again } = await connectLasting(world, 'c1');
      expect(await again.take()).toEqual([]);
    },
  },
  {
    proves: ['MQTT-4.3.3-7', 'MQTT-4.3.3-3'],
    name: 'QoS 1 and 2: a message that was sent does not expire any more',
    async run(world) {
      const { client } = await connectLasting(world, 'c1');
      await subscribe(client, 'a', { qos: 2 });
      const { client: sender } = await world.connect({ clientId: 'c2' });
      const properties = { messageExpiryInterval: 2 };
      await sender.ask({ ...qos2(1, 'x'), properties }, 'pubrec');
      const [first] = await client.takePublishes(1);
      await vanish(world, client);
      await world.advance(10_000);
      const { client: again } = await connectLasting(world, 'c1');
      const [second] = await again.takePublishes(1);
      expect(second).toMatchObject({ dup: true, messageId: first?.messageId, payload: Buffer.from('x') });
    },
  },
  {
    proves: ['MQTT-4.6.0-5', 'MQTT-4.5.0-1'],
    name: 'a client that answers everything gets everything once, in order, at every QoS',
    async run({ connect }) {
      const { client } = await connect({ properties: { receiveMaximum: 4 } });
      await subscribe(client, 'a', { qos: 2 });
      const { client: sender } = await connect({ clientId: 'c2' });
      const numbers = Array.from({ length: 20 }, (_, at) => `${at}`);
      for (const [at, number] of numbers.entries()) sender.send(publish('a', number, { qos: 2, messageId: at + 1 }));
      expect(await drain(client, 4)).toEqual(numbers);
    },
  },
];
