import { expect } from 'vitest';
import type { World } from './harness.ts';
import { packet } from './raw.ts';
import { disconnect, subscribe, vanish } from './steps.ts';
import type { Proof } from './table.ts';

const will = (more: object = {}) => ({ will: { topic: 'w', payload: Buffer.from('gone'), qos: 1 as const, ...more } });

async function watcher(world: World) {
  const { client } = await world.connect({ clientId: 'watch' });
  await subscribe(client, 'w', { qos: 1 });
  return client;
}

/** MQTT 3.1.1, 3.1.2.5 and 3.14: what is said for a client that went without goodbye. */
export const willProofs3: readonly Proof[] = [
  {
    proves: ['MQTT-3.1.2-8', 'MQTT-3.1.2-10', 'MQTT-3.1.2-16'],
    name: 'the will is said once when the connection ends, without retain',
    async run(world) {
      const watch = await watcher(world);
      const { client } = await world.connect({ clean: false, ...will() });
      client.vanish();
      expect(await watch.takePublishes(1)).toMatchObject([{ qos: 1, retain: false, payload: Buffer.from('gone') }]);
      await vanish(world, (await world.connect({ clean: false })).client);
      expect(await watch.take()).toEqual([]);
      expect(world.bus.retainedAt('w')).toBeUndefined();
    },
  },
  {
    proves: ['MQTT-3.1.2-8', 'MQTT-4.8.0-1'],
    name: 'the will is said also when the client broke the protocol, or another took its place',
    async run(world) {
      const watch = await watcher(world);
      const { client: wrong } = await world.connect(will());
      wrong.sendBytes(packet(0xf0));
      await wrong.takeUntilClosed();
      await watch.takePublishes(1);
      await world.connect(will());
      await world.connect();
      await watch.takePublishes(1);
    },
  },
  {
    proves: ['MQTT-3.1.2-17', 'MQTT-3.1.2-9'],
    name: 'a will with retain is kept, with its QoS',
    async run(world) {
      await vanish(world, (await world.connect(will({ retain: true, qos: 2 }))).client);
      const { client } = await world.connect({ clientId: 'late' });
      await subscribe(client, 'w', { qos: 2 });
      expect(await client.takePublishes(1)).toMatchObject([{ qos: 2, retain: true, payload: Buffer.from('gone') }]);
    },
  },
  {
    proves: ['MQTT-3.14.4-3', 'MQTT-3.1.2-10'],
    name: 'DISCONNECT takes the will back',
    async run(world) {
      const watch = await watcher(world);
      await disconnect((await world.connect(will())).client);
      expect(await watch.take()).toEqual([]);
    },
  },
  {
    proves: ['MQTT-3.1.2-12'],
    name: 'a client without a will leaves none, also when it had one before',
    async run(world) {
      const watch = await watcher(world);
      await disconnect((await world.connect({ clean: false, ...will() })).client);
      await vanish(world, (await world.connect({ clean: false })).client);
      expect(await watch.take()).toEqual([]);
    },
  },
  {
    proves: ['MQTT-3.14.1-1', 'MQTT-2.2.2-2'],
    name: 'DISCONNECT with a reserved bit is an error: the will is said',
    async run(world) {
      const watch = await watcher(world);
      const { client } = await world.connect(will());
      client.sendBytes(packet(0xe1));
      expect(await client.takeUntilClosed()).toEqual([]);
      await watch.takePublishes(1);
    },
  },
];
