import { expect } from 'vitest';
import type { Connected, World } from './harness.ts';
import { acknowledge, disconnect, payloads, publish, publishOnce, subscribe, vanish } from './steps.ts';
import type { Proof } from './table.ts';

const lasting = (world: World, clientId = 'c1'): Promise<Connected> => world.connect({ clientId, clean: false });
const sender = async (world: World) => (await world.connect({ clientId: 'sender' })).client;

/** MQTT 3.1.1, 3.1.2, 4.1, 4.4: what a session keeps. */
export const sessionProofs3: readonly Proof[] = [
  {
    proves: ['MQTT-3.1.2-4', 'MQTT-3.2.2-2', 'MQTT-3.2.2-3', 'MQTT-3.1.4-3', 'MQTT-4.1.0-1', 'MQTT-3.1.3-2'],
    name: 'Clean Session 0 begins a session and finds it again, however long the client was away',
    async run(world) {
      const first = await lasting(world);
      expect(first.connack).toMatchObject({ sessionPresent: false, returnCode: 0 });
      await subscribe(first.client, 'a', { qos: 1 });
      await disconnect(first.client);
      for (let day = 0; day < 60; day += 1) await world.advance(86_400_000);
      const second = await lasting(world);
      expect(second.connack).toMatchObject({ sessionPresent: true, returnCode: 0 });
      await publishOnce(await sender(world), publish('a', 'x'));
      expect(payloads(await second.client.takePublishes(1))).toEqual(['x']);
    },
  },
  {
    proves: ['MQTT-3.1.2-5', 'MQTT-4.5.0-1', 'MQTT-4.1.0-1'],
    name: 'QoS 1 and 2 wait for an absent client, QoS 0 need not',
    async run(world) {
      const { client } = await lasting(world);
      await subscribe(client, 'a', { qos: 2 });
      await vanish(world, client);
      const from = await sender(world);
      from.send(publish('a', 'zero'));
      await publishOnce(from, publish('a', 'one'));
      await from.ask(publish('a', 'two', { qos: 2, messageId: 2 }), 'pubrec');
      const { client: again } = await lasting(world);
      const messages = await again.takePublishes(2);
      expect(messages.map(({ qos, dup }) => [qos, dup])).toEqual([
        [1, false],
        [2, false],
      ]);
    },
  },
  {
    proves: ['MQTT-3.1.2-6', 'MQTT-3.2.2-1', 'MQTT-3.1.4-3'],
    name: 'Clean Session 1 throws the session away, and ends its own with the connection',
    async run(world) {
      const { client } = await lasting(world);
      await subscribe(client, 'a', { qos: 1 });
      await vanish(world, client);
      const from = await sender(world);
      await publishOnce(from, publish('a', 'old'));
      const clean = await world.connect();
      expect(clean.connack).toMatchObject({ sessionPresent: false, returnCode: 0 });
      await subscribe(clean.client, 'b', { qos: 1 });
      await vanish(world, clean.client);
      await publishOnce(from, publish('b', 'lost'));
      const last = await lasting(world);
      expect(last.connack.sessionPresent).toBe(false);
      for (const topic of ['a', 'b']) await publishOnce(from, publish(topic, 'new'));
      expect(await last.client.take()).toEqual([]);
    },
  },
  {
    proves: ['MQTT-4.1.0-2'],
    name: 'a session lasts as long as its connection, however long',
    async run(world) {
      const { client } = await world.connect();
      await subscribe(client, 'a', { qos: 1 });
      for (let day = 0; day < 60; day += 1) await world.advance(86_400_000);
      await publishOnce(await sender(world), publish('a', 'x'));
      expect(payloads(await client.takePublishes(1))).toEqual(['x']);
    },
  },
  {
    proves: ['MQTT-3.1.2-7'],
    name: 'retained messages stay when the session of their sender ends',
    async run(world) {
      const from = await sender(world);
      await publishOnce(from, publish('a', 'kept', { retain: true }));
      await disconnect(from);
      const { client } = await world.connect();
      await subscribe(client, 'a');
      expect(await client.takePublishes(1)).toMatchObject([{ payload: Buffer.from('kept'), retain: true }]);
    },
  },
  {
    proves: ['MQTT-4.4.0-1', 'MQTT-2.3.1-4', 'MQTT-3.3.1-1', 'MQTT-4.3.2-1', 'MQTT-4.3.3-1', 'MQTT-4.6.0-6'],
    name: 'a session that goes on gets PUBLISH again: same identifiers, same order, with DUP',
    async run(world) {
      const { client } = await lasting(world);
      await subscribe(client, 'a', { qos: 2 });
      const from = await sender(world);
      for (let id = 1; id <= 6; id += 1) {
        const qos = id % 2 === 0 ? 2 : 1;
        await from.ask(publish('a', `${id}`, { qos, messageId: id }), qos === 1 ? 'puback' : 'pubrec');
      }
      const first = await client.takePublishes(6);
      acknowledge(client, first.slice(2, 3));
      await client.take();
      const facts = (list: readonly { messageId?: number | undefined; payload: unknown; qos: number }[]) =>
        list.map(({ messageId, payload, qos }) => [messageId, String(payload), qos]);
      for (let round = 0; round < 2; round += 1) {
        const { client: again } = await lasting(world);
        const second = await again.takePublishes(5);
        expect(facts(second)).toEqual(facts(first.filter((_, at) => at !== 2)));
        expect(second.every(({ dup }) => dup)).toBe(true);
      }
    },
  },
  {
    proves: ['MQTT-4.4.0-1', 'MQTT-4.3.3-1', 'MQTT-2.3.1-6'],
    name: 'a session that goes on gets PUBREL again, and never PUBLISH after it',
    async run(world) {
      const { client } = await lasting(world);
      await subscribe(client, 'a', { qos: 2 });
      await (await sender(world)).ask(publish('a', 'x', { qos: 2, messageId: 1 }), 'pubrec');
      const messageId = (await client.takePublishes(1))[0]?.messageId ?? 0;
      expect(await client.ask({ cmd: 'pubrec', messageId }, 'pubrel')).toMatchObject({ messageId });
      const { client: again } = await lasting(world);
      expect(await again.takeOne('pubrel')).toMatchObject({ messageId });
      again.send({ cmd: 'pubcomp', messageId });
      await again.take();
      const { client: done } = await lasting(world);
      expect(await done.take()).toEqual([]);
    },
  },
];
