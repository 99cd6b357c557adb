import { expect } from 'vitest';
import { connectPacket } from './connect-packet.ts';
import { connectBytes, packet, props, since, text, u16 } from './raw.ts';
import { closesWith, connectLasting, publish, publishOnce, subscribe, vanish } from './steps.ts';
import type { Proof } from './table.ts';

/** MQTT 5, 3.1.0, 3.1.4 and 3.2: who may speak, what CONNACK says, and what becomes of the others. */
export const connectionProofs: readonly Proof[] = [
  {
    proves: ['MQTT-3.1.0-1', 'MQTT-3.14.0-1'],
    name: 'the first packet must be CONNECT: whoever starts with another is closed without an answer',
    async run({ open }) {
      const starts = [
        [0xc0, 0],
        packet(0x30, text('a'), props()),
        packet(0xe0, 0),
        packet(0xf0, 0),
        packet(0x20, 0, 0),
      ];
      for (const start of starts) {
        const caller = await open();
        caller.sendBytes(Buffer.from(start));
        expect(await caller.takeUntilClosed()).toEqual([]);
      }
    },
  },
  {
    proves: ['MQTT-3.1.0-2', 'MQTT-3.2.0-2'],
    name: 'a second CONNECT is a protocol error, and there is no second CONNACK',
    async run({ connect }) {
      const { client } = await connect();
      client.send(connectPacket(5, { clientId: 'c2' }));
      await closesWith(client, 0x82);
    },
  },
  {
    proves: ['MQTT-3.1.4-2', 'MQTT-3.2.2-6', 'MQTT-3.2.2-7', 'MQTT-3.2.2-8', 'MQTT-4.13.2-1'],
    name: 'a client too many is told so, and closed',
    world: { limits: { sessions: 1 } },
    async run({ connect }) {
      await connect();
      const { client, connack } = await connect({ clientId: 'c2', clean: false });
      expect(connack).toMatchObject({ reasonCode: 0x89, sessionPresent: false });
      expect(await client.takeUntilClosed()).toEqual([]);
    },
  },
  {
    proves: ['MQTT-3.1.4-2', 'MQTT-3.2.2-7', 'MQTT-3.2.2-8'],
    name: 'a will on a topic that the client may not write is not authorised',
    async run({ connect }) {
      const will = { topic: '$SYS/x', payload: Buffer.from('x'), qos: 0, retain: false } as const;
      const { client, connack } = await connect({ will });
      expect(connack).toMatchObject({ reasonCode: 0x87, sessionPresent: false });
      expect(await client.takeUntilClosed()).toEqual([]);
    },
  },
  {
    proves: ['MQTT-3.1.4-3', 'MQTT-3.1.3-2', 'MQTT-4.13.2-1'],
    name: 'a second client with the same id takes over, the first gets 0x8E and is closed',
    async run({ connect, broker }) {
      const { client: first } = await connect();
      const { client: other } = await connect({ clientId: 'C1' });
      const { client: second } = await connect();
      await closesWith(first, 0x8e);
      for (const client of [second, other]) await client.ask({ cmd: 'pingreq' }, 'pingresp');
      expect(broker.counts).toMatchObject({ clients: 2, sessions: 2 });
    },
  },
  {
    proves: ['MQTT-3.1.4-5', 'MQTT-3.2.0-1'],
    name: 'CONNACK 0x00 is the first packet, before the messages that wait',
    async run(world) {
      const { client } = await connectLasting(world, 'c1');
      await subscribe(client, 'a', { qos: 1 });
      await vanish(world, client);
      await publishOnce((await world.connect({ clientId: 'c2' })).client, publish('a', 'waits'));
      const again = await world.open();
      again.send(connectPacket(5, { clean: false, properties: { sessionExpiryInterval: 100 } }));
      expect(await again.take(2)).toMatchObject([{ cmd: 'connack', reasonCode: 0 }, { cmd: 'publish' }]);
    },
  },
  {
    proves: ['MQTT-3.1.4-6'],
    name: 'nothing is done with what follows a CONNECT that was refused',
    async run({ open, connect }) {
      const refused = await open();
      const connect5 = connectBytes({ properties: props(21, text('nobody')) });
      refused.sendBytes(connect5, packet(0x31, text('a'), props(), Buffer.from('x')), packet(0xc0));
      expect(await refused.takeUntilClosed()).toMatchObject([{ cmd: 'connack', reasonCode: 0x8c }]);
      const { client } = await connect();
      await subscribe(client, 'a');
      expect(await client.take()).toEqual([]);
    },
  },
  {
    proves: ['MQTT-3.2.2-1'],
    name: 'the flags of CONNACK say session present or nothing, byte by byte',
    async run(world) {
      const first = await connectLasting(world, 'c1');
      expect(first.client.bytes[2]).toBe(0);
      await vanish(world, first.client);
      const second = await connectLasting(world, 'c1');
      expect(second.client.bytes[0]).toBe(0x20);
      expect(second.client.bytes[2]).toBe(1);
    },
  },
  {
    proves: ['MQTT-3.2.0-2'],
    name: 'a connection has one CONNACK, whatever else is said',
    async run({ connect }) {
      const { client } = await connect();
      await subscribe(client, 'a', { qos: 1 });
      client.send(publish('a', 'x', { qos: 1, messageId: 1 }));
      client.send({ cmd: 'pingreq' });
      const after = await client.take(3);
      expect(after.map(({ cmd }) => cmd).sort()).toEqual(['pingresp', 'puback', 'publish']);
    },
  },
  {
    proves: ['MQTT-2.2.2-1', 'MQTT-2.2.1-2', 'MQTT-2.2.1-6', 'MQTT-4.3.1-1'],
    name: 'packets without properties have the length 0 there, and QoS 0 has no identifier',
    async run({ connect }) {
      const { client } = await connect();
      const before = client.bytes.length;
      client.sendBytes(packet(0x82, u16(0x1234), props(), text('a'), 1));
      await client.takeOne('suback');
      client.send(publish('a', 'x'));
      await client.takeOne('publish');
      client.sendBytes(packet(0xa2, u16(0xfedc), props(), text('a')));
      await client.takeOne('unsuback');
      expect(since(client.bytes, before)).toBe('90041234000130050001610078b004fedc0000');
    },
  },
  {
    proves: ['MQTT-3.1.2-28'],
    name: 'a client that does not ask for response information gets none',
    async run({ connect }) {
      for (const properties of [{}, { requestResponseInformation: false }]) {
        const { connack } = await connect({ properties });
        expect(connack.properties?.responseInformation).toBeUndefined();
      }
    },
  },
];
