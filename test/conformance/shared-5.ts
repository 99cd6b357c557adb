import { expect } from 'vitest';
import { acknowledge, connectLasting, payloads, publish, publishOnce, subscribe, vanish } from './steps.ts';
import type { Proof } from './table.ts';

/** MQTT 5, 4.8.2: shared subscriptions. */
export const sharedProofs: readonly Proof[] = [
  {
    proves: ['MQTT-4.8.2-1', 'MQTT-4.8.2-2', 'MQTT-3.9.3-2'],
    name: 'a shared filter needs a group name and a filter, or SUBACK refuses it',
    async run({ connect }) {
      const { client } = await connect();
      const bad = [
        '$share/',
        '$share//a',
        '$share/g',
        '$share/g/',
        '$share/+/a',
        '$share/#/a',
        '$share/g+/a',
        '$share/#',
      ];
      for (const filter of bad) expect([filter, await subscribe(client, filter)]).toEqual([filter, [0x8f]]);
      const good = ['$share/g/a', '$share/g/#', '$share/g/+/b', '$share/g//', '$share/$g/a', '$share/ä b/a'];
      for (const filter of good) expect([filter, await subscribe(client, filter)]).toEqual([filter, [0]]);
    },
  },
  {
    proves: ['MQTT-4.8.2-1'],
    name: 'each message goes to one member of a group, and to every group',
    async run({ connect }) {
      const members = [];
      for (const [clientId, filter] of [
        ['a1', '$share/a/t'],
        ['a2', '$share/a/t'],
        ['b1', '$share/b/t'],
        ['p', 't'],
      ] as const) {
        const { client } = await connect({ clientId });
        await subscribe(client, filter, { qos: 1 });
        members.push(client);
      }
      const { client: sender } = await connect({ clientId: 'sender' });
      const numbers = Array.from({ length: 10 }, (_, at) => `${at}`);
      for (const number of numbers) await publishOnce(sender, publish('t', number));
      const [a1 = [], a2 = [], b1, plain] = await Promise.all(
        members.map(async (member) => payloads((await member.take()).filter((each) => each.cmd === 'publish'))),
      );
      expect([...a1, ...a2].sort()).toEqual(numbers);
      expect(Math.min(a1.length, a2.length)).toBeGreaterThan(0);
      expect([b1, plain]).toEqual([numbers, numbers]);
    },
  },
  {
    proves: ['MQTT-4.8.2-3', 'MQTT-3.8.4-8'],
    name: 'each member of a group gets its messages with the QoS granted to it',
    async run({ connect }) {
      const { client: low } = await connect({ clientId: 'low' });
      const { client: high } = await connect({ clientId: 'high' });
      await subscribe(low, '$share/g/a', { qos: 0 });
      await subscribe(high, '$share/g/a', { qos: 2 });
      const { client: sender } = await connect({ clientId: 'sender' });
      for (let id = 1; id <= 6; id += 1) await sender.ask(publish('a', 'x', { qos: 2, messageId: id }), 'pubrec');
      const [lows, highs] = [await low.take(1), await high.take(1)];
      expect(lows.length + highs.length).toBe(6);
      expect(new Set(lows.map((each) => each.cmd === 'publish' && each.qos))).toEqual(new Set([0]));
      expect(new Set(highs.map((each) => each.cmd === 'publish' && each.qos))).toEqual(new Set([2]));
    },
  },
  {
    proves: ['MQTT-4.8.2-4'],
    name: 'a QoS 2 message on its way to a member is completed when that member comes back',
    async run(world) {
      const { client: first } = await connectLasting(world, 'first');
      await subscribe(first, '$share/g/a', { qos: 2 });
      const { client: sender } = await world.connect({ clientId: 'sender' });
      await sender.ask(publish('a', 'x', { qos: 2, messageId: 1 }), 'pubrec');
      const [message] = await first.takePublishes(1);
      const { client: second } = await connectLasting(world, 'second');
      await subscribe(second, '$share/g/a', { qos: 2 });
      await vanish(world, first);
      expect(await second.take()).toEqual([]);
      const { client: back } = await connectLasting(world, 'first');
      const [again] = await back.takePublishes(1);
      expect(again).toMatchObject({ messageId: message?.messageId, dup: true });
      await back.ask({ cmd: 'pubrec', messageId: again?.messageId ?? 0 }, 'pubrel');
      await vanish(world, back);
      const { client: last } = await connectLasting(world, 'first');
      await last.takeOne('pubrel');
      expect(await second.take()).toEqual([]);
    },
  },
  {
    proves: ['MQTT-4.8.2-5'],
    name: 'when the session of that member ends first, no other member gets the QoS 2 message',
    async run(world) {
      const { client: first } = await connectLasting(world, 'first', 5);
      await subscribe(first, '$share/g/a', { qos: 2 });
      const { client: sender } = await world.connect({ clientId: 'sender' });
      await sender.ask(publish('a', 'x', { qos: 2, messageId: 1 }), 'pubrec');
      await first.takePublishes(1);
      const { client: second } = await connectLasting(world, 'second');
      await subscribe(second, '$share/g/a', { qos: 2 });
      await vanish(world, first);
      await world.advance(6_000);
      expect(world.broker.counts.sessions).toBe(2);
      expect(await second.take()).toEqual([]);
    },
  },
  {
    proves: ['MQTT-4.8.2-6', 'MQTT-4.4.0-2'],
    name: 'a message that a member refuses is dropped, and offered to nobody else',
    async run(world) {
      const { client: first } = await connectLasting(world, 'first');
      await subscribe(first, '$share/g/a', { qos: 2 });
      const { client: sender } = await world.connect({ clientId: 'sender' });
      await publishOnce(sender, publish('a', 'one'));
      await sender.ask(publish('a', 'two', { qos: 2, messageId: 2 }), 'pubrec');
      const [one, two] = await first.takePublishes(2);
      const { client: second } = await connectLasting(world, 'second');
      await subscribe(second, '$share/g/a', { qos: 2 });
      first.send({ cmd: 'puback', messageId: one?.messageId ?? 0, reasonCode: 0x83 });
      first.send({ cmd: 'pubrec', messageId: two?.messageId ?? 0, reasonCode: 0x80 });
      expect(await first.take()).toEqual([]);
      expect(await second.take()).toEqual([]);
      await vanish(world, first);
      expect(await second.take()).toEqual([]);
      const { client: back } = await connectLasting(world, 'first');
      expect(await back.take()).toEqual([]);
    },
  },
  {
    proves: ['MQTT-4.8.2-3'],
    name: 'a shared subscription ends with UNSUBSCRIBE of the whole filter, and for that member only',
    async run({ connect }) {
      const { client: one } = await connect({ clientId: 'one' });
      const { client: two } = await connect({ clientId: 'two' });
      for (const member of [one, two]) await subscribe(member, '$share/g/a', { qos: 1 });
      expect(await one.ask({ cmd: 'unsubscribe', messageId: 2, unsubscriptions: ['a'] }, 'unsuback')).toMatchObject({
        granted: [0x11],
      });
      await one.ask({ cmd: 'unsubscribe', messageId: 3, unsubscriptions: ['$share/g/a'] }, 'unsuback');
      const { client: sender } = await connect({ clientId: 'sender' });
      for (let at = 0; at < 4; at += 1) await publishOnce(sender, publish('a', `${at}`));
      const messages = await two.takePublishes(4);
      acknowledge(two, messages);
      expect(await one.take()).toEqual([]);
    },
  },
];
