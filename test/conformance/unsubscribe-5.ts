import { expect } from 'vitest';
import { packet, props, since, text, u16 } from './raw.ts';
import { acknowledge, connectLasting, payloads, publish, publishOnce, subscribe, vanish } from './steps.ts';
import type { Proof } from './table.ts';

const unsubscribe = (messageId: number, ...unsubscriptions: string[]) => ({
  ...{ cmd: 'unsubscribe' as const, messageId, unsubscriptions },
});

/** MQTT 5, 3.10 and 3.11: UNSUBSCRIBE and UNSUBACK. */
export const unsubscribeProofs: readonly Proof[] = [
  {
    proves: ['MQTT-3.10.4-1', 'MQTT-3.10.4-2', 'MQTT-3.10.4-4'],
    name: 'UNSUBSCRIBE ends the one subscription whose filter is the same, character by character',
    async run({ connect }) {
      const { client } = await connect();
      await subscribe(client, 'a/+');
      await subscribe(client, 'A/b');
      for (const near of ['a/b', 'a/#', 'A/+', 'a/+/', '/a/+', '#']) {
        expect(await client.ask(unsubscribe(2, near), 'unsuback')).toMatchObject({ granted: [0x11] });
      }
      client.send(publish('a/b', 'before'));
      expect(payloads(await client.takePublishes(1))).toEqual(['before']);
      expect(await client.ask(unsubscribe(3, 'a/+'), 'unsuback')).toMatchObject({ granted: [0] });
      client.send(publish('a/b', 'after'));
      client.send(publish('A/b', 'other'));
      expect(payloads(await client.takePublishes(1))).toEqual(['other']);
    },
  },
  {
    proves: ['MQTT-3.10.4-5', 'MQTT-2.2.1-6', 'MQTT-3.11.3-2'],
    name: 'UNSUBACK has the identifier of its UNSUBSCRIBE, and comes even when nothing was deleted',
    async run({ connect }) {
      const { client } = await connect();
      for (const messageId of [1, 0x1234, 65_535]) {
        const unsuback = await client.ask(unsubscribe(messageId, 'nothing'), 'unsuback');
        expect(unsuback).toMatchObject({ messageId, granted: [0x11] });
      }
    },
  },
  {
    proves: ['MQTT-3.10.4-6', 'MQTT-3.11.3-1', 'MQTT-3.11.3-2'],
    name: 'UNSUBACK has a code for each filter, in their order',
    async run({ connect }) {
      const { client } = await connect({ properties: { requestProblemInformation: false } });
      for (const filter of ['a', 'b', '$share/g/c']) await subscribe(client, filter);
      const before = client.bytes.length;
      const filters = ['b', 'x', 'a/#/b', 'a', 'a', '$share/g/c'];
      client.sendBytes(packet(0xa2, u16(9), props(), ...filters.map((filter) => text(filter))));
      await client.takeOne('unsuback');
      expect(since(client.bytes, before)).toBe(`b009000900${'00118f001100'}`);
      for (const topic of ['a', 'b', 'c']) client.send(publish(topic, 'x'));
      expect(await client.take()).toEqual([]);
    },
  },
  {
    proves: ['MQTT-3.10.4-3'],
    name: 'deliveries that have begun are completed after UNSUBSCRIBE, also in a new connection',
    async run(world) {
      const { client } = await connectLasting(world, 'c1');
      await subscribe(client, 'a', { qos: 2 });
      const { client: sender } = await world.connect({ clientId: 'c2' });
      await publishOnce(sender, publish('a', 'one'));
      await sender.ask(publish('a', 'two', { qos: 2, messageId: 2 }), 'pubrec');
      const [, two] = await client.takePublishes(2);
      await client.ask(unsubscribe(2, 'a'), 'unsuback');
      await publishOnce(sender, publish('a', 'three'));
      expect(await client.ask({ cmd: 'pubrec', messageId: two?.messageId ?? 0 }, 'pubrel')).toMatchObject({
        reasonCode: 0,
      });
      await vanish(world, client);
      const { client: again } = await connectLasting(world, 'c1');
      const [message, pubrel, ...more] = await again.take(2);
      expect(message).toMatchObject({ cmd: 'publish', dup: true, payload: Buffer.from('one') });
      expect(pubrel).toMatchObject({ cmd: 'pubrel', messageId: two?.messageId });
      expect(more).toEqual([]);
    },
  },
  {
    proves: ['MQTT-3.10.4-2'],
    name: 'another subscription that matches goes on after UNSUBSCRIBE, with its own QoS and identifier',
    async run({ connect }) {
      const { client } = await connect();
      await subscribe(client, 'a', { qos: 2 }, { subscriptionIdentifier: 1 });
      await subscribe(client, '#', { qos: 1 }, { subscriptionIdentifier: 2 });
      await client.ask(unsubscribe(2, 'a'), 'unsuback');
      const { client: sender } = await connect({ clientId: 'c2' });
      await sender.ask(publish('a', 'x', { qos: 2, messageId: 1 }), 'pubrec');
      const messages = await client.takePublishes(1);
      expect(messages).toMatchObject([{ qos: 1, properties: { subscriptionIdentifier: 2 } }]);
      acknowledge(client, messages);
    },
  },
];
