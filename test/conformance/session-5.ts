import { expect } from 'vitest';
import { acknowledge, connectLasting, disconnect, payloads, publish, publishOnce, subscribe, vanish } from './steps.ts';
import type { Proof } from './table.ts';

/** MQTT 5, 3.1.2.4, 3.1.2.11.2, 3.2.2.1.1 and 4.1: when a session begins, goes on and ends. */
export const sessionProofs: readonly Proof[] = [
  {
    proves: ['MQTT-3.1.2-4', 'MQTT-3.1.4-4', 'MQTT-3.2.2-2'],
    name: 'Clean Start 1 throws the session away: subscriptions, messages and all',
    async run(world) {
      const first = await connectLasting(world, 'c1');
      await subscribe(first.client, 'a', { qos: 1 });
      await vanish(world, first.client);
      const { client: other } = await world.connect({ clientId: 'c2' });
      await publishOnce(other, publish('a', 'old'));
      const properties = { sessionExpiryInterval: 100 };
      const second = await world.connect({ clientId: 'c1', clean: true, properties });
      expect(second.connack).toMatchObject({ sessionPresent: false, reasonCode: 0 });
      await publishOnce(other, publish('a', 'new'));
      expect(await second.client.take()).toEqual([]);
      await vanish(world, second.client);
      const third = await connectLasting(world, 'c1');
      expect(third.connack.sessionPresent).toBe(true);
      expect(await third.client.take()).toEqual([]);
    },
  },
  {
    proves: ['MQTT-3.1.2-5', 'MQTT-3.1.2-23', 'MQTT-3.1.3-2', 'MQTT-3.2.2-3', 'MQTT-4.5.0-1', 'MQTT-3.1.4-4'],
    name: 'Clean Start 0 goes on with the session: subscriptions and the messages since',
    async run(world) {
      const first = await connectLasting(world, 'c1');
      await subscribe(first.client, 'a', { qos: 2 });
      await vanish(world, first.client);
      const { client: other } = await connectLasting(world, 'c2');
      await publishOnce(other, publish('a', 'one'));
      other.send(publish('a', 'two', { qos: 2, messageId: 7 }));
      await other.takeOne('pubrec');
      const { client, connack } = await connectLasting(world, 'c1');
      expect(connack).toMatchObject({ sessionPresent: true, reasonCode: 0 });
      const waited = await client.takePublishes(2);
      expect(waited.map(({ payload, qos, dup }) => [String(payload), qos, dup])).toEqual([
        ['one', 1, false],
        ['two', 2, false],
      ]);
      await publishOnce(other, publish('a', 'three', { messageId: 2 }));
      expect(payloads(await client.takePublishes(1))).toEqual(['three']);
    },
  },
  {
    proves: ['MQTT-3.1.2-6', 'MQTT-3.2.2-3'],
    name: 'Clean Start 0 without a session begins one, and CONNACK says so',
    async run(world) {
      const { client, connack } = await connectLasting(world, 'c1');
      expect(connack).toMatchObject({ sessionPresent: false, reasonCode: 0 });
      await subscribe(client, 'a');
      client.send(publish('a', 'x'));
      expect(payloads(await client.takePublishes(1))).toEqual(['x']);
    },
  },
  {
    proves: ['MQTT-3.1.2-23', 'MQTT-4.1.0-2'],
    name: 'a session with an expiry of 10 s lives for 10 s, and not longer',
    async run(world) {
      await vanish(world, (await connectLasting(world, 'c1', 10)).client);
      await world.advance(9_999);
      const second = await connectLasting(world, 'c1', 10);
      expect(second.connack.sessionPresent).toBe(true);
      await vanish(world, second.client);
      await world.advance(10_000);
      expect((await connectLasting(world, 'c1', 10)).connack.sessionPresent).toBe(false);
    },
  },
  {
    proves: ['MQTT-4.1.0-2'],
    name: 'a session without an expiry, or with 0, ends with the connection',
    async run(world) {
      for (const properties of [{}, { sessionExpiryInterval: 0 }]) {
        const { client } = await world.connect({ clean: false, properties });
        await vanish(world, client);
        const again = await world.connect({ clean: false, properties });
        expect(again.connack.sessionPresent).toBe(false);
        await vanish(world, again.client);
        expect(world.broker.counts.sessions).toBe(0);
      }
    },
  },
  {
    proves: ['MQTT-3.1.2-23'],
    name: 'a session with the largest expiry never ends',
    async run(world) {
      await vanish(world, (await connectLasting(world, 'c1', 0xffff_ffff)).client);
      for (let month = 0; month < 3; month += 1) await world.advance(31 * 86_400_000);
      expect((await connectLasting(world, 'c1', 0xffff_ffff)).connack.sessionPresent).toBe(true);
    },
  },
  {
    proves: ['MQTT-4.1.0-1'],
    name: 'a session does not expire while its client is connected',
    async run(world) {
      const { client } = await connectLasting(world, 'c1', 1);
      await subscribe(client, 'a');
      await world.advance(100_000);
      client.send(publish('a', 'still here'));
      expect(payloads(await client.takePublishes(1))).toEqual(['still here']);
    },
  },
  {
    proves: ['MQTT-4.1.0-2'],
    name: 'DISCONNECT may change the expiry: to 0 ends the session, to more lets it live longer',
    async run(world) {
      const first = await connectLasting(world, 'c1');
      first.client.send({ cmd: 'disconnect', reasonCode: 0, properties: { sessionExpiryInterval: 0 } });
      await first.client.takeUntilClosed();
      const second = await connectLasting(world, 'c1', 10);
      expect(second.connack.sessionPresent).toBe(false);
      second.client.send({ cmd: 'disconnect', reasonCode: 0, properties: { sessionExpiryInterval: 50 } });
      await second.client.takeUntilClosed();
      await world.advance(49_000);
      expect((await connectLasting(world, 'c1')).connack.sessionPresent).toBe(true);
    },
  },
  {
    proves: ['MQTT-4.1.0-1'],
    name: 'a session that is taken over keeps its subscriptions and its unfinished deliveries',
    async run(world) {
      const first = await connectLasting(world, 'c1');
      await subscribe(first.client, 'a', { qos: 1 });
      const { client: other } = await world.connect({ clientId: 'c2' });
      await publishOnce(other, publish('a', 'open'));
      const [before] = await first.client.takePublishes(1);
      const second = await connectLasting(world, 'c1');
      expect(second.connack.sessionPresent).toBe(true);
      const [again] = await second.client.takePublishes(1);
      expect(again).toMatchObject({ messageId: before?.messageId, dup: true, payload: Buffer.from('open') });
      acknowledge(second.client, again === undefined ? [] : [again]);
      await publishOnce(other, publish('a', 'next'));
      expect(payloads(await second.client.takePublishes(1))).toEqual(['next']);
    },
  },
  {
    proves: ['MQTT-4.5.0-1'],
    name: 'a message reaches every matching session, connected or not, each once',
    async run(world) {
      const present = await connectLasting(world, 'present');
      const absent = await connectLasting(world, 'absent');
      const stranger = await connectLasting(world, 'stranger');
      await subscribe(present.client, 'a/+', { qos: 1 });
      await subscribe(absent.client, 'a/#', { qos: 1 });
      await subscribe(stranger.client, 'b', { qos: 1 });
      await disconnect(absent.client);
      await publishOnce(stranger.client, publish('a/b', 'x'));
      expect(payloads(await present.client.takePublishes(1))).toEqual(['x']);
      const back = await connectLasting(world, 'absent');
      expect(payloads(await back.client.takePublishes(1))).toEqual(['x']);
      expect(await stranger.client.take()).toEqual([]);
    },
  },
];
