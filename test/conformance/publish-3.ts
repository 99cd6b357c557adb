import { expect } from 'vitest';
import type { World } from './harness.ts';
import { packet, text, u16 } from './raw.ts';
import { acknowledge, payloads, publish, publishOnce, subscribe } from './steps.ts';
import type { Proof } from './table.ts';

const qos2 = (messageId: number, payload: string, more: object = {}) =>
  publish('a', payload, { qos: 2, messageId, ...more });

/** A client that subscribes to `a`, and one that sends. */
async function pair(world: World, qos: 0 | 1 | 2) {
  const { client } = await world.connect();
  await subscribe(client, 'a', { qos });
  return { client, sender: (await world.connect({ clientId: 'c2' })).client };
}

/** MQTT 3.1.1, 3.3 and 4.3: PUBLISH and its answers, retained messages. */
export const publishProofs3: readonly Proof[] = [
  {
    proves: ['MQTT-4.3.1-1', 'MQTT-3.3.1-2', 'MQTT-2.3.1-5', 'MQTT-4.3.2-1', 'MQTT-4.3.3-1', 'MQTT-3.8.4-6'],
    name: 'a message goes out with the lower QoS, without DUP; QoS 0 has no identifier',
    async run(world) {
      for (const granted of [0, 1, 2] as const) {
        const { client, sender } = await pair(world, granted);
        for (const qos of [0, 1, 2] as const) {
          const before = client.bytes.length;
          sender.send(publish('a', 'x', { qos, ...(qos === 0 ? {} : { messageId: 9 + qos }) }));
          const [message] = await client.takePublishes(1);
          const lower = Math.min(granted, qos);
          expect(client.bytes[before]).toBe(0x30 + 2 * lower);
          expect(client.bytes.length - before).toBe(lower === 0 ? 6 : 8);
          expect((message?.messageId ?? 0) > 0).toBe(lower > 0);
        }
      }
    },
  },
  {
    proves: ['MQTT-3.3.1-3', 'MQTT-3.3.1-9'],
    name: 'DUP and retain of the message received are not passed on',
    async run(world) {
      const { client, sender } = await pair(world, 1);
      sender.send(publish('a', 'x', { qos: 1, messageId: 4, dup: true, retain: true }));
      expect(await client.takePublishes(1)).toMatchObject([{ dup: false, retain: false }]);
    },
  },
  {
    proves: ['MQTT-3.3.4-1', 'MQTT-4.3.2-2', 'MQTT-2.3.1-6'],
    name: 'QoS 1: PUBACK with the identifier; the same identifier again is a new message, with DUP too',
    async run(world) {
      const { client, sender } = await pair(world, 0);
      for (const dup of [false, false, true]) {
        const answer = await sender.ask(publish('a', 'x', { qos: 1, messageId: 0xabcd, dup }), 'puback');
        expect(answer.messageId).toBe(0xabcd);
      }
      expect(sender.bytes.subarray(4).toString('hex')).toBe('4002abcd'.repeat(3));
      await client.takePublishes(3);
    },
  },
  {
    proves: ['MQTT-3.3.4-1', 'MQTT-4.3.3-2', 'MQTT-2.3.1-6'],
    name: 'QoS 2: PUBREC each time, one message until PUBREL, then PUBCOMP, and the identifier is free',
    async run(world) {
      const { client, sender } = await pair(world, 0);
      for (const dup of [false, true, false]) await sender.ask(qos2(7, 'one', { dup }), 'pubrec');
      expect(await sender.ask({ cmd: 'pubrel', messageId: 7 }, 'pubcomp')).toMatchObject({ messageId: 7 });
      await sender.ask(qos2(7, 'two', { dup: true }), 'pubrec');
      expect(payloads(await client.takePublishes(2))).toEqual(['one', 'two']);
      const hex = sender.bytes.subarray(4).toString('hex');
      expect(hex).toBe(`${'50020007'.repeat(3)}7002000750020007`);
    },
  },
  {
    proves: ['MQTT-4.3.3-2', 'MQTT-4.4.0-1'],
    name: 'QoS 2: an identifier that is not released is known in the next connection too',
    async run(world) {
      const { client } = await pair(world, 0);
      const options = { clientId: 'c3', clean: false };
      await (await world.connect(options)).client.ask(qos2(7, 'one'), 'pubrec');
      const { client: again } = await world.connect(options);
      await again.ask(qos2(7, 'one', { dup: true }), 'pubrec');
      await again.ask({ cmd: 'pubrel', messageId: 7 }, 'pubcomp');
      expect(payloads(await client.takePublishes(1))).toEqual(['one']);
    },
  },
  {
    proves: ['MQTT-4.3.3-1', 'MQTT-2.3.1-6', 'MQTT-3.6.1-1'],
    name: 'QoS 2 to a client: PUBREC is answered with PUBREL of the same identifier and flags 0010',
    async run(world) {
      const { client, sender } = await pair(world, 2);
      await sender.ask(qos2(1, 'x'), 'pubrec');
      const messageId = (await client.takePublishes(1))[0]?.messageId ?? 0;
      const before = client.bytes.length;
      for (let round = 0; round < 2; round += 1) await client.ask({ cmd: 'pubrec', messageId }, 'pubrel');
      const pubrel = packet(0x62, u16(messageId)).toString('hex');
      expect(client.bytes.subarray(before).toString('hex')).toBe(pubrel.repeat(2));
    },
  },
  {
    proves: ['MQTT-2.3.1-4', 'MQTT-4.3.2-1'],
    name: 'identifiers to a client are never 0 and never in use, also after they began anew',
    async run(world) {
      const { client } = await world.connect();
      await subscribe(client, 'a', { qos: 1 });
      const put = () => world.bus.publish({ topic: 'a', payload: 'x', qos: 1, origin: 'test' });
      put();
      const open = (await client.takePublishes(1))[0]?.messageId ?? 0;
      const ids = new Set<number>();
      for (let round = 0; round < 66; round += 1) {
        for (let at = 0; at < 1_000; at += 1) put();
        const messages = await client.takePublishes(1_000);
        expect(new Set(messages.map(({ messageId }) => messageId)).size).toBe(1_000);
        for (const { messageId = 0 } of messages) ids.add(messageId);
        acknowledge(client, messages);
      }
      expect([open > 0, ids.has(0), ids.has(open)]).toEqual([true, false, false]);
      expect(ids.size).toBeGreaterThan(60_000);
    },
  },
  {
    proves: ['MQTT-4.6.0-5', 'MQTT-4.6.0-6', 'MQTT-4.5.0-1'],
    name: 'messages of one client to one topic reach all subscribers in order, for each QoS',
    async run(world) {
      const { client, sender } = await pair(world, 2);
      const { client: other } = await world.connect({ clientId: 'c3' });
      await subscribe(other, '#', { qos: 1 });
      const numbers = Array.from({ length: 30 }, (_, at) => `${at}`);
      for (const [at, number] of numbers.entries()) sender.send(publish('a', number, { qos: 1, messageId: at + 1 }));
      for (const each of [client, other]) expect(payloads(await each.takePublishes(30))).toEqual(numbers);
    },
  },
  {
    proves: ['MQTT-3.3.1-5', 'MQTT-3.3.1-6', 'MQTT-3.3.1-7', 'MQTT-3.3.1-8'],
    name: 'a new subscription gets the last retained message, with retain and its QoS; QoS 0 replaces too',
    async run(world) {
      const { client: sender } = await world.connect({ clientId: 'c2' });
      for (const qos of [2, 1, 0] as const) {
        const topic = `a/${qos}`;
        await publishOnce(sender, publish(topic, 'before', { retain: true }));
        sender.send(publish(topic, 'last', { retain: true, qos, ...(qos === 0 ? {} : { messageId: 7 }) }));
        await sender.take();
        const { client } = await world.connect();
        await subscribe(client, 'a/#', { qos: 2 });
        const found = (await client.take()).filter((each) => each.cmd === 'publish' && each.topic === topic);
        expect(found).toMatchObject([{ qos, retain: true, dup: false, payload: Buffer.from('last') }]);
      }
    },
  },
  {
    proves: ['MQTT-3.3.1-10', 'MQTT-3.3.1-11', 'MQTT-3.3.1-9'],
    name: 'a retained message of no bytes is passed on without retain, deletes, and is not stored',
    async run(world) {
      const { client, sender } = await pair(world, 0);
      await publishOnce(sender, publish('a', 'kept', { retain: true }));
      await publishOnce(sender, publish('a', '', { retain: true }));
      const messages = await client.takePublishes(2);
      expect(messages.map(({ payload, retain }) => [String(payload), retain])).toEqual([
        ['kept', false],
        ['', false],
      ]);
      const { client: late } = await world.connect({ clientId: 'late' });
      await subscribe(late, 'a');
      expect(await late.take()).toEqual([]);
    },
  },
  {
    proves: ['MQTT-3.3.1-12'],
    name: 'a message without retain neither is stored nor replaces or deletes',
    async run(world) {
      const { client: sender } = await world.connect({ clientId: 'c2' });
      await publishOnce(sender, publish('a', 'kept', { retain: true }));
      for (const payload of ['passing', '']) await publishOnce(sender, publish('a', payload));
      await publishOnce(sender, publish('b', 'passing'));
      const { client } = await world.connect();
      await subscribe(client, '#');
      expect(await client.takePublishes(1)).toMatchObject([{ topic: 'a', payload: Buffer.from('kept') }]);
    },
  },
  {
    proves: ['MQTT-3.3.5-2'],
    name: 'what is not allowed is acknowledged as any other, and goes nowhere',
    world: { node: 'kitchen' },
    async run(world) {
      const heard: string[] = [];
      world.bus.subscribe('#', ({ topic }) => void heard.push(topic), { origin: 'test' });
      world.bus.subscribe('$SYS/x', ({ topic }) => void heard.push(topic), { origin: 'test' });
      const { client } = await world.connect();
      for (const topic of ['hanbus/kitchen/air/temperature', '$SYS/x']) {
        client.sendBytes(packet(0x32, text(topic), u16(5), 0x31));
        expect(await client.takeOne('puback')).toMatchObject({ messageId: 5 });
        await client.ask(publish(topic, 'x', { qos: 2, messageId: 6 }), 'pubrec');
      }
      expect(heard).toEqual([]);
    },
  },
];
