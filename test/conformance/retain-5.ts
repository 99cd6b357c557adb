import type { ISubscription } from 'mqtt-packet';
import { expect } from 'vitest';
import type { World } from './harness.ts';
import { payloads, publish, publishOnce, subscribe } from './steps.ts';
import type { Proof } from './table.ts';

const retained = (topic: string, payload: string) => publish(topic, payload, { retain: true });

/** What a new client gets at once for a filter. */
async function found({ connect }: World, filter: string, count: number, options: Partial<ISubscription> = {}) {
  const { client } = await connect({ clientId: '' });
  await subscribe(client, filter, options);
  const messages = await client.takePublishes(count);
  client.vanish();
  return messages;
}

/** MQTT 5, 3.3.1.3 and 3.8.3.1: messages that stay. */
export const retainProofs: readonly Proof[] = [
  {
    proves: ['MQTT-3.3.1-5', 'MQTT-3.3.1-8'],
    name: 'a message with retain replaces the retained one, a message without leaves it alone',
    async run(world) {
      const { client } = await world.connect();
      await publishOnce(client, retained('a', 'one'));
      await publishOnce(client, retained('a', 'two'));
      await publishOnce(client, publish('a', 'passing'));
      await publishOnce(client, publish('a', ''));
      await publishOnce(client, publish('b', 'passing'));
      const messages = await found(world, '#', 1, { qos: 2 });
      expect(messages).toMatchObject([{ topic: 'a', retain: true, qos: 1, payload: Buffer.from('two') }]);
    },
  },
  {
    proves: ['MQTT-3.3.1-6', 'MQTT-3.3.1-7'],
    name: 'an empty message with retain is delivered, removes the retained one and is not retained',
    async run(world) {
      const { client } = await world.connect();
      await publishOnce(client, retained('a', 'one'));
      await subscribe(client, 'a', { rh: 2, rap: true });
      client.send(retained('a', ''));
      expect(await client.takePublishes(1)).toMatchObject([{ retain: true, payload: Buffer.alloc(0) }]);
      expect(await found(world, 'a', 0)).toEqual([]);
      client.send(retained('never', ''));
      await client.take();
      expect(await found(world, '#', 0)).toEqual([]);
    },
  },
  {
    proves: ['MQTT-3.3.1-9'],
    name: 'retain handling 0: each subscription brings the retained messages of its filter',
    async run(world) {
      const { client } = await world.connect();
      for (const topic of ['a/1', 'a/2', 'b/1']) await publishOnce(client, retained(topic, topic));
      for (let round = 0; round < 2; round += 1) {
        await subscribe(client, 'a/+', { rh: 0 });
        expect(payloads(await client.takePublishes(2)).sort()).toEqual(['a/1', 'a/2']);
      }
    },
  },
  {
    proves: ['MQTT-3.3.1-10'],
    name: 'retain handling 1: only a subscription that is new brings the retained messages',
    async run(world) {
      const { client } = await world.connect();
      await publishOnce(client, retained('a', 'x'));
      await subscribe(client, 'a', { rh: 1 });
      expect(payloads(await client.takePublishes(1))).toEqual(['x']);
      await subscribe(client, 'a', { rh: 1, qos: 1 });
      expect(await client.take()).toEqual([]);
      await client.ask({ cmd: 'unsubscribe', messageId: 2, unsubscriptions: ['a'] }, 'unsuback');
      await subscribe(client, 'a', { rh: 1 });
      expect(payloads(await client.takePublishes(1))).toEqual(['x']);
    },
  },
  {
    proves: ['MQTT-3.3.1-11'],
    name: 'retain handling 2: a subscription brings no retained messages',
    async run(world) {
      const { client } = await world.connect();
      await publishOnce(client, retained('a', 'x'));
      await subscribe(client, 'a', { rh: 2 });
      expect(await client.take()).toEqual([]);
      client.send(publish('a', 'y'));
      expect(payloads(await client.takePublishes(1))).toEqual(['y']);
    },
  },
  {
    proves: ['MQTT-3.3.1-12', 'MQTT-3.3.1-13'],
    name: 'retain as published keeps the retain flag of what is forwarded; without it the flag is 0',
    async run(world) {
      const { client: keeps } = await world.connect({ clientId: 'keeps' });
      const { client: drops } = await world.connect({ clientId: 'drops' });
      await subscribe(keeps, 'a', { rap: true, qos: 1 });
      await subscribe(drops, 'a', { rap: false, qos: 1 });
      const { client } = await world.connect();
      for (const qos of [0, 1] as const) {
        for (const retain of [true, false]) {
          client.send(publish('a', 'x', { retain, qos, messageId: 1 }));
          expect(await keeps.takePublishes(1)).toMatchObject([{ retain, qos }]);
          expect(await drops.takePublishes(1)).toMatchObject([{ retain: false, qos }]);
        }
      }
    },
  },
  {
    proves: ['MQTT-3.3.1-9', 'MQTT-3.8.4-8'],
    name: 'retained messages come with the retain flag, at the lower QoS, and not to shared subscriptions',
    async run(world) {
      const { client } = await world.connect();
      await publishOnce(client, retained('a', 'x'));
      expect(await found(world, 'a', 1, { qos: 0 })).toMatchObject([{ retain: true, qos: 0 }]);
      expect(await found(world, 'a', 1, { qos: 2 })).toMatchObject([{ retain: true, qos: 1, dup: false }]);
      expect(await found(world, '$share/g/a', 0, { qos: 1 })).toEqual([]);
    },
  },
  {
    proves: ['MQTT-3.3.1-5', 'MQTT-3.3.2-18', 'MQTT-3.3.2-17'],
    name: 'a retained message keeps its properties',
    async run(world) {
      const { client } = await world.connect();
      const properties = {
        contentType: 't',
        responseTopic: 'r',
        correlationData: Buffer.from([1, 0]),
        userProperties: { n: 'v' },
      };
      await publishOnce(client, { ...retained('a', 'x'), properties });
      const [message] = await found(world, 'a', 1);
      expect(message?.properties).toEqual({
        ...properties,
        userProperties: Object.assign(Object.create(null), { n: 'v' }),
      });
    },
  },
];
