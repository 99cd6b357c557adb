import type { IConnectPacket } from 'mqtt-packet';
import { expect } from 'vitest';
import type { Caller } from './caller.ts';
import type { World } from './harness.ts';
import { bytes, connectBytes, props, text, u32 } from './raw.ts';
import { closesWith, connectLasting, disconnect, payloads, publish, subscribe, vanish } from './steps.ts';
import type { Proof } from './table.ts';

type Will = NonNullable<IConnectPacket['will']>;

const will = (more: Partial<Will> = {}): Will => ({
  ...{ topic: 'gone', payload: Buffer.from('c1'), qos: 0, retain: false },
  ...more,
});

const delayed = (willDelayInterval: number): Will => will({ properties: { willDelayInterval } });

/** Somebody who hears every will. */
async function watcher({ connect }: World): Promise<Caller> {
  const { client } = await connect({ clientId: 'watcher' });
  await subscribe(client, 'gone', { qos: 2, rap: true });
  return client;
}

async function mortal(world: World, options: Partial<IConnectPacket> = {}, seconds = 100): Promise<Caller> {
  const properties = { sessionExpiryInterval: seconds };
  return (await world.connect({ clientId: 'c1', clean: false, will: will(), properties, ...options })).client;
}

/** MQTT 5, 3.1.2.5, 3.1.3.2 and 3.14.4: what is said for clients that go. */
export const willProofs: readonly Proof[] = [
  {
    proves: ['MQTT-3.1.2-7', 'MQTT-3.1.2-8', 'MQTT-3.1.2-10', 'MQTT-3.1.2-14'],
    name: 'the will of a client whose network fails is published once, without retain',
    async run(world) {
      const watch = await watcher(world);
      const client = await mortal(world);
      await vanish(world, client);
      expect(await watch.takePublishes(1)).toMatchObject([{ payload: Buffer.from('c1'), retain: false, qos: 0 }]);
      await world.advance(200_000);
      expect(await watch.take()).toEqual([]);
      const { client: late } = await world.connect({ clientId: 'late' });
      await subscribe(late, 'gone');
      expect(await late.take()).toEqual([]);
    },
  },
  {
    proves: ['MQTT-3.1.2-15'],
    name: 'a will with will retain is published with retain, and retained',
    async run(world) {
      const watch = await watcher(world);
      await vanish(world, await mortal(world, { will: will({ retain: true, qos: 1 }) }));
      expect(await watch.takePublishes(1)).toMatchObject([{ retain: true, qos: 1 }]);
      const { client: late } = await world.connect({ clientId: 'late' });
      await subscribe(late, 'gone');
      expect(await late.takePublishes(1)).toMatchObject([{ retain: true, payload: Buffer.from('c1') }]);
    },
  },
  {
    proves: ['MQTT-3.1.2-8'],
    name: 'a will with a delay is published after it',
    async run(world) {
      const watch = await watcher(world);
      await vanish(world, await mortal(world, { will: delayed(10) }));
      await world.advance(9_999);
      expect(await watch.take()).toEqual([]);
      await world.advance(1);
      expect(payloads(await watch.takePublishes(1))).toEqual(['c1']);
    },
  },
  {
    proves: ['MQTT-3.1.2-8'],
    name: 'a session that ends before the will delay has passed has its will published then',
    async run(world) {
      const watch = await watcher(world);
      await vanish(world, await mortal(world, { will: delayed(60) }, 5));
      await world.advance(5_000);
      expect(payloads(await watch.takePublishes(1))).toEqual(['c1']);
      await vanish(world, await mortal(world, { will: delayed(60), properties: {} }));
      expect(payloads(await watch.takePublishes(1))).toEqual(['c1']);
      await world.advance(100_000);
      expect(await watch.take()).toEqual([]);
    },
  },
  {
    proves: ['MQTT-3.1.2-8', 'MQTT-3.1.2-4'],
    name: 'Clean Start 1 ends the session, so the will that waits is published at once',
    async run(world) {
      const watch = await watcher(world);
      await vanish(world, await mortal(world, { will: delayed(60) }));
      await world.connect({ clientId: 'c1', clean: true });
      expect(payloads(await watch.takePublishes(1))).toEqual(['c1']);
    },
  },
  {
    proves: ['MQTT-3.1.3-9', 'MQTT-3.1.2-8'],
    name: 'a client that comes back before its will delay has passed has no will published',
    async run(world) {
      const watch = await watcher(world);
      await vanish(world, await mortal(world, { will: delayed(10) }));
      await world.advance(9_000);
      const { client } = await connectLasting(world, 'c1');
      await world.advance(50_000);
      await vanish(world, client);
      await world.advance(200_000);
      expect(await watch.take()).toEqual([]);
    },
  },
  {
    proves: ['MQTT-3.1.3-9', 'MQTT-3.1.4-3'],
    name: 'a client that is taken over with a will delay has no will published, without one it has',
    async run(world) {
      const watch = await watcher(world);
      const first = await mortal(world, { will: delayed(10) });
      const second = await mortal(world, { will: will() });
      await closesWith(first, 0x8e);
      await world.advance(20_000);
      expect(await watch.take()).toEqual([]);
      await mortal(world);
      await closesWith(second, 0x8e);
      expect(payloads(await watch.takePublishes(1))).toEqual(['c1']);
    },
  },
  {
    proves: ['MQTT-3.14.4-3', 'MQTT-3.1.2-10', 'MQTT-3.1.2-8'],
    name: 'DISCONNECT with 0x00 throws the will away, with 0x04 and others it is published',
    async run(world) {
      const watch = await watcher(world);
      await disconnect(await mortal(world));
      await world.advance(200_000);
      expect(await watch.take()).toEqual([]);
      for (const reason of [0x04, 0x80, 0x97]) {
        await disconnect(await mortal(world), reason);
        expect(payloads(await watch.takePublishes(1))).toEqual(['c1']);
      }
    },
  },
  {
    proves: ['MQTT-3.1.2-8', 'MQTT-3.1.2-22'],
    name: 'the will is published for a client that breaks the protocol, and for one that falls silent',
    async run(world) {
      const watch = await watcher(world);
      const rude = await mortal(world);
      rude.sendBytes(bytes(0x00, 0x00));
      await closesWith(rude, 0x81);
      expect(payloads(await watch.takePublishes(1))).toEqual(['c1']);
      const silent = await mortal(world, { keepalive: 10 });
      await world.advance(15_001);
      await silent.takeUntilClosed();
      expect(payloads(await watch.takePublishes(1))).toEqual(['c1']);
    },
  },
  {
    proves: ['MQTT-3.1.3-10', 'MQTT-3.3.2-18', 'MQTT-3.3.2-17'],
    name: 'the properties of a will go with it, the user properties in their order',
    async run(world) {
      const watch = await watcher(world);
      const pairs = ['z', 'a', 'z'].flatMap((name, at) => [38, ...text(name), ...text(`${at}`)]);
      const before = watch.bytes.length;
      const own = props(pairs, 1, 1, 2, u32(60), 3, text('t'), 8, text('r'), 9, text([0, 255]));
      const caller = await world.open();
      caller.sendBytes(connectBytes({ flags: 0x0e, payload: bytes(text('c1'), own, text('gone'), text('x')) }));
      await caller.takeOne('connack');
      await vanish(world, caller);
      const [message] = await watch.takePublishes(1);
      expect(message?.properties).toMatchObject({
        ...{ payloadFormatIndicator: true, messageExpiryInterval: 60, contentType: 't', responseTopic: 'r' },
        correlationData: Buffer.from([0, 255]),
      });
      expect(watch.bytes.subarray(before).includes(Buffer.from(pairs))).toBe(true);
    },
  },
  {
    proves: ['MQTT-3.1.2-12'],
    name: 'a will has the QoS that it was given: 0, 1 or 2',
    async run(world) {
      const watch = await watcher(world);
      for (const qos of [0, 1, 2] as const) {
        await vanish(world, await mortal(world, { will: will({ qos }), properties: {} }));
        const [message] = await watch.takePublishes(1);
        expect(message).toMatchObject({ qos });
        if (qos === 1) watch.send({ cmd: 'puback', messageId: message?.messageId ?? 0 });
      }
    },
  },
  {
    proves: ['MQTT-3.1.2-7', 'MQTT-3.3.1-7'],
    name: 'a will may be empty; with will retain it removes the retained message',
    async run(world) {
      const watch = await watcher(world);
      watch.send(publish('gone', 'state', { retain: true }));
      await watch.takePublishes(1);
      await vanish(world, await mortal(world, { will: will({ payload: Buffer.alloc(0), retain: true }) }));
      expect(payloads(await watch.takePublishes(1))).toEqual(['']);
      const { client: late } = await world.connect({ clientId: 'late' });
      await subscribe(late, 'gone');
      expect(await late.take()).toEqual([]);
    },
  },
];
