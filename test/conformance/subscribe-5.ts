import type { IPublishPacket } from 'mqtt-packet';
import { expect } from 'vitest';
import { connectLasting, payloads, publish, publishOnce, subscribe } from './steps.ts';
import type { Proof } from './table.ts';

const identified = (subscriptionIdentifier: number) => ({ subscriptionIdentifier });

/** MQTT 5, 3.8 and 3.9: SUBSCRIBE and SUBACK. */
export const subscribeProofs: readonly Proof[] = [
  {
    proves: ['MQTT-3.8.4-1', 'MQTT-3.8.4-2', 'MQTT-2.2.1-6', 'MQTT-3.8.4-7'],
    name: 'SUBSCRIBE is answered by SUBACK with its identifier and the QoS granted',
    async run({ connect }) {
      const { client } = await connect();
      for (const [messageId, qos] of [
        [1, 0],
        [0x1234, 1],
        [65_535, 2],
      ] as const) {
        client.send({ cmd: 'subscribe', messageId, subscriptions: [{ topic: 'a', qos }] });
        expect(await client.takeOne('suback')).toMatchObject({ messageId, granted: [qos] });
      }
    },
  },
  {
    proves: [
      'MQTT-3.8.4-5',
      'MQTT-3.8.4-6',
      'MQTT-3.8.4-7',
      'MQTT-3.9.3-1',
      'MQTT-3.9.3-2',
      'MQTT-4.7.1-1',
      'MQTT-4.7.1-2',
    ],
    name: 'SUBACK has a code for each filter, in their order: the QoS granted, or why not',
    async run({ connect }) {
      const { client } = await connect();
      const filters = ['a', 'a/#/b', 'b', 'a+', 'c', '', 'a#', '+', '#', '+a/b', '/+/#', '$share/g/+b'];
      const subscriptions = filters.map((topic, at) => ({ topic, qos: at % 3 === 0 ? (0 as const) : (2 as const) }));
      client.send({ cmd: 'subscribe', messageId: 7, subscriptions });
      const { granted } = await client.takeOne('suback');
      expect(granted).toEqual([0, 0x8f, 2, 0x8f, 2, 0x8f, 0x8f, 2, 2, 0x8f, 2, 0x8f]);
      client.send(publish('c', 'x'));
      expect(payloads(await client.takePublishes(1))).toEqual(['x']);
    },
  },
  {
    proves: ['MQTT-3.8.4-5'],
    name: 'several filters are as one SUBSCRIBE each: a filter that comes twice counts as it came last',
    async run({ connect }) {
      const { client } = await connect();
      const subscriptions = [
        { topic: 'a', qos: 2 },
        { topic: 'b', qos: 0 },
        { topic: 'a', qos: 1 },
      ] as const;
      client.send({ cmd: 'subscribe', messageId: 7, subscriptions: [...subscriptions] });
      expect(await client.takeOne('suback')).toMatchObject({ granted: [2, 0, 1] });
      const { client: sender } = await connect({ clientId: 'c2' });
      await sender.ask(publish('a', 'x', { qos: 2, messageId: 1 }), 'pubrec');
      expect(await client.takePublishes(1)).toMatchObject([{ qos: 1 }]);
    },
  },
  {
    proves: ['MQTT-3.8.3-3'],
    name: 'no local: a client does not get its own messages, also in a later connection, and others do',
    async run(world) {
      const { client } = await connectLasting(world, 'c1');
      await subscribe(client, 'a', { qos: 1, nl: true });
      const { client: other } = await world.connect({ clientId: 'c2' });
      await subscribe(other, 'a', { nl: true });
      await publishOnce(client, publish('a', 'mine', { retain: true }));
      expect(payloads(await other.takePublishes(1))).toEqual(['mine']);
      expect(await client.take()).toEqual([]);
      const { client: again } = await connectLasting(world, 'c1');
      await publishOnce(again, publish('a', 'mine again'));
      other.send(publish('a', 'yours'));
      expect(payloads(await again.takePublishes(1))).toEqual(['yours']);
      await subscribe(again, 'a', { nl: false });
      again.send(publish('a', 'mine at last'));
      expect(payloads(await again.takePublishes(2))).toEqual(['mine', 'mine at last']);
    },
  },
  {
    proves: ['MQTT-3.8.4-3', 'MQTT-3.3.4-3'],
    name: 'a subscription with the same filter replaces the one before: QoS, identifier and options',
    async run({ connect }) {
      const { client } = await connect();
      const { client: sender } = await connect({ clientId: 'c2' });
      await subscribe(client, 'a', { qos: 0, rap: false }, identified(1));
      await subscribe(client, 'a', { qos: 2, rap: true }, identified(2));
      sender.send(publish('a', 'x', { qos: 1, messageId: 1, retain: true }));
      const [message] = await client.takePublishes(1);
      expect(message).toMatchObject({ qos: 1, retain: true, properties: { subscriptionIdentifier: 2 } });
      await subscribe(client, 'a', { qos: 0, rh: 2 });
      sender.send(publish('a', 'y', { qos: 1, messageId: 1 }));
      const [bare] = await client.takePublishes(1);
      expect(bare).toMatchObject({ qos: 0, retain: false });
      expect(bare?.properties).toBeUndefined();
    },
  },
  {
    proves: ['MQTT-3.8.4-4'],
    name: 'replacing a subscription sends the retained messages again and loses no message',
    async run({ connect }) {
      const { client } = await connect();
      const { client: sender } = await connect({ clientId: 'c2' });
      await publishOnce(sender, publish('kept', 'kept', { retain: true }));
      await subscribe(client, '+', { rh: 2, qos: 1 });
      const again = { cmd: 'subscribe', messageId: 1, subscriptions: [{ topic: '+', qos: 1, rh: 0 }] } as const;
      const came: IPublishPacket[] = [];
      const numbers = Array.from({ length: 30 }, (_, at) => `${at}`);
      for (const [at, number] of numbers.entries()) {
        sender.send(publish('a', number, { qos: 1, messageId: at + 1 }));
        if (at % 3 !== 0) continue;
        client.send({ ...again, subscriptions: [...again.subscriptions] });
        came.push(...(await client.take(3)).filter((each) => each.cmd === 'publish'));
      }
      came.push(...(await client.take(1)).filter((each) => each.cmd === 'publish'));
      expect(payloads(came.filter(({ topic }) => topic === 'a'))).toEqual(numbers);
      expect(came.filter(({ topic, retain }) => topic === 'kept' && retain).length).toBe(10);
    },
  },
  {
    proves: ['MQTT-3.8.4-8'],
    name: 'a message is delivered with its own QoS or the granted one, whichever is lower',
    async run({ connect }) {
      const { client: sender } = await connect({ clientId: 'sender' });
      for (const granted of [0, 1, 2] as const) {
        const { client } = await connect();
        await subscribe(client, 'a', { qos: granted });
        for (const qos of [0, 1, 2] as const) {
          sender.send(publish('a', 'x', { qos, messageId: qos + 1 }));
          expect(await client.takePublishes(1)).toMatchObject([{ qos: Math.min(qos, granted) }]);
          if (qos === 2) sender.send({ cmd: 'pubrel', messageId: 3 });
        }
      }
    },
  },
  {
    proves: ['MQTT-3.3.4-2', 'MQTT-3.3.4-3', 'MQTT-3.3.4-4'],
    name: 'overlapping subscriptions make one copy, with the highest QoS and all their identifiers',
    async run({ connect }) {
      const { client } = await connect();
      await subscribe(client, 'a/#', { qos: 0 }, identified(1));
      await subscribe(client, 'a/+', { qos: 2 }, identified(268_435_455));
      await subscribe(client, 'a/b', { qos: 1 });
      await subscribe(client, '#', { qos: 1 }, identified(300));
      const { client: sender } = await connect({ clientId: 'c2' });
      await sender.ask(publish('a/b', 'x', { qos: 2, messageId: 1 }), 'pubrec');
      const [message] = await client.takePublishes(1);
      const ids = message?.properties?.subscriptionIdentifier;
      expect(message?.qos).toBe(2);
      expect(new Set([ids].flat())).toEqual(new Set([1, 300, 268_435_455]));
    },
  },
  {
    proves: ['MQTT-3.3.4-5'],
    name: 'a shared and a plain subscription make two copies, each with the identifier of its own',
    async run({ connect }) {
      const { client } = await connect();
      await subscribe(client, 'a/#', { qos: 1 }, identified(11));
      await subscribe(client, '$share/g/a/+', { qos: 1 }, identified(22));
      const { client: sender } = await connect({ clientId: 'c2' });
      await publishOnce(sender, publish('a/b', 'x'));
      const messages = await client.takePublishes(2);
      expect(new Set(messages.map(({ properties }) => properties?.subscriptionIdentifier))).toEqual(new Set([11, 22]));
    },
  },
  {
    proves: ['MQTT-3.3.4-3'],
    name: 'retained messages carry the subscription identifier too, also after the session was resumed',
    async run(world) {
      const { client } = await connectLasting(world, 'c1');
      const { client: sender } = await world.connect({ clientId: 'c2' });
      await publishOnce(sender, publish('a', 'x', { retain: true }));
      await subscribe(client, 'a', { qos: 1 }, identified(5));
      expect(await client.takePublishes(1)).toMatchObject([{ properties: { subscriptionIdentifier: 5 } }]);
      const { client: again } = await connectLasting(world, 'c1');
      await again.takePublishes(1);
      await publishOnce(sender, publish('a', 'y'));
      expect(await again.takePublishes(1)).toMatchObject([{ properties: { subscriptionIdentifier: 5 } }]);
    },
  },
];
