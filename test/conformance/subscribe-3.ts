import { expect } from 'vitest';
import { packet, text, u16 } from './raw.ts';
import { acknowledge, payloads, publish, publishOnce, subscribe } from './steps.ts';
import type { Proof } from './table.ts';

const MATCHES: readonly (readonly [filter: string, matches: readonly string[], not: readonly string[]])[] = [
  ['sport/tennis/#', ['sport/tennis', 'sport/tennis/a/b', 'sport/tennis/'], ['sport', 'sport/tenniss']],
  ['#', ['a', '/', 'a/b/c'], ['$x', '$x/a']],
  ['+', ['a'], ['/a', 'a/', 'a/b', '$x']],
  ['+/+', ['/a', 'a/', '/', 'a/b'], ['a', 'a/b/c', '$x/a']],
  ['a/+/c', ['a/b/c', 'a//c', 'a/$b/c'], ['a/c', 'a/b/c/d']],
  ['$x/#', ['$x', '$x/a'], ['x', '$X/a', '$xa']],
  ['a\u0308/A', ['a\u0308/A'], ['ä/A', 'a\u0308/a', 'a/A']],
  ['\uFEFFa', ['\uFEFFa'], ['a', 'a\uFEFF']],
  ['a//b', ['a//b'], ['a/b', 'a///b']],
];

/** MQTT 3.1.1, 3.8 to 3.11 and 4.7: subscriptions, filters and topics. */
export const subscribeProofs3: readonly Proof[] = [
  {
    proves: [
      'MQTT-3.8.4-1',
      'MQTT-3.8.4-2',
      'MQTT-2.3.1-7',
      'MQTT-3.8.4-4',
      'MQTT-3.8.4-5',
      'MQTT-3.9.3-1',
      'MQTT-3.9.3-2',
    ],
    name: 'one SUBACK with the identifier of its SUBSCRIBE and a code for each filter, in their order',
    async run({ connect }) {
      const { client } = await connect();
      const filters = [text('a'), 2, text('b/+'), 0, text('c#'), 1, text('d/#'), 1, text('a'), 0];
      client.sendBytes(packet(0x82, u16(0xfedc), ...filters));
      await client.takeOne('suback');
      expect(client.bytes.subarray(4).toString('hex')).toBe('9007fedc0200800100');
    },
  },
  {
    proves: ['MQTT-3.8.4-3', 'MQTT-3.3.1-6'],
    name: 'the same filter again replaces the subscription and brings what is retained again',
    async run({ connect }) {
      const { client } = await connect();
      const { client: sender } = await connect({ clientId: 'c2' });
      await publishOnce(sender, publish('a', 'kept', { retain: true }));
      for (const qos of [0, 1, 0] as const) {
        await subscribe(client, 'a', { qos });
        expect(await client.takePublishes(1)).toMatchObject([{ qos, retain: true }]);
        await publishOnce(sender, publish('a', 'new'));
        expect(await client.takePublishes(1)).toMatchObject([{ qos, retain: false }]);
      }
    },
  },
  {
    proves: ['MQTT-3.8.4-3'],
    name: 'the same filter again loses nothing of what waits',
    async run({ connect }) {
      const { client } = await connect();
      const { client: sender } = await connect({ clientId: 'c2' });
      await subscribe(client, 'a', { qos: 1 });
      for (let id = 1; id <= 50; id += 1) {
        sender.send(publish('a', `${id}`, { qos: 1, messageId: id }));
        if (id % 10 === 0)
          client.send({ cmd: 'subscribe', messageId: 100 + id, subscriptions: [{ topic: 'a', qos: 1 }] });
      }
      const came = await client.take(55);
      const numbers = came.filter((each) => each.cmd === 'publish').map(({ payload }) => Number(payload));
      expect(numbers).toEqual(Array.from({ length: 50 }, (_, at) => at + 1));
    },
  },
  {
    proves: ['MQTT-3.3.5-1'],
    name: 'overlapping subscriptions: the highest QoS of all that match',
    async run({ connect }) {
      const { client } = await connect();
      for (const [filter, qos] of [
        ['a/#', 0],
        ['a/b', 2],
        ['a/+', 1],
        ['+/b', 0],
      ] as const)
        await subscribe(client, filter, { qos });
      const { client: sender } = await connect({ clientId: 'c2' });
      await sender.ask(publish('a/b', 'x', { qos: 2, messageId: 1 }), 'pubrec');
      const messages = await client.take(1);
      const qos = messages.flatMap((each) => (each.cmd === 'publish' ? [each.qos] : []));
      expect(Math.max(...qos)).toBe(2);
    },
  },
  {
    proves: ['MQTT-3.10.4-4', 'MQTT-3.10.4-5', 'MQTT-3.10.4-6', 'MQTT-2.3.1-7'],
    name: 'one UNSUBACK of the same identifier, also when nothing was deleted',
    async run({ connect }) {
      const { client } = await connect();
      client.sendBytes(packet(0xa2, u16(0x0102), text('never')), packet(0xa2, u16(0x0304), text('a'), text('b')));
      expect(await client.take(2)).toMatchObject([{ cmd: 'unsuback' }, { cmd: 'unsuback' }]);
      expect(client.bytes.subarray(4).toString('hex')).toBe('b0020102b0020304');
    },
  },
  {
    proves: ['MQTT-3.10.4-1', 'MQTT-3.10.4-2', 'MQTT-3.10.4-6', 'MQTT-4.7.3-4'],
    name: 'UNSUBSCRIBE deletes the very same filter and no other, and no new message goes out for it',
    async run({ connect }) {
      const { client } = await connect();
      for (const filter of ['a/+', 'a/b', 'A/b', 'a/#']) await subscribe(client, filter, { qos: 1 });
      await client.ask({ cmd: 'unsubscribe', messageId: 5, unsubscriptions: ['a/+', '+/b', 'a/#'] }, 'unsuback');
      const { client: sender } = await connect({ clientId: 'c2' });
      for (const topic of ['a/c', 'a/b', 'A/b']) await publishOnce(sender, publish(topic, topic));
      expect(payloads(await client.takePublishes(2))).toEqual(['a/b', 'A/b']);
    },
  },
  {
    proves: ['MQTT-3.10.4-3'],
    name: 'a message on its way when UNSUBSCRIBE comes is brought to its end',
    async run({ connect }) {
      const options = { clean: false };
      const { client } = await connect(options);
      await subscribe(client, 'a', { qos: 2 });
      const { client: sender } = await connect({ clientId: 'c2' });
      await publishOnce(sender, publish('a', 'one'));
      await sender.ask(publish('a', 'two', { qos: 2, messageId: 2 }), 'pubrec');
      const [one, two] = await client.takePublishes(2);
      await client.ask({ cmd: 'unsubscribe', messageId: 5, unsubscriptions: ['a'] }, 'unsuback');
      const { client: again } = await connect(options);
      expect((await again.takePublishes(2)).map(({ messageId }) => messageId)).toEqual([
        one?.messageId,
        two?.messageId,
      ]);
      acknowledge(again, [{ ...publish('a', ''), messageId: one?.messageId ?? 0 }]);
      await again.ask({ cmd: 'pubrec', messageId: two?.messageId ?? 0 }, 'pubrel');
    },
  },
  {
    proves: ['MQTT-4.7.1-2', 'MQTT-4.7.1-3', 'MQTT-4.7.2-1', 'MQTT-4.7.3-4', 'MQTT-3.3.2-3', 'MQTT-1.5.3-3'],
    name: 'filters match the topics they should, and no others',
    async run({ connect, bus }) {
      for (const [filter, matches, not] of MATCHES) {
        const { client } = await connect();
        await subscribe(client, filter);
        for (const topic of [...not, ...matches]) bus.publish({ topic, payload: 'x', origin: 'test' });
        expect([filter, (await client.takePublishes(matches.length)).map(({ topic }) => topic)]).toEqual([
          filter,
          matches,
        ]);
      }
    },
  },
  {
    proves: ['MQTT-4.7.1-2', 'MQTT-4.7.1-3', 'MQTT-4.7.3-1', 'MQTT-3.9.3-2'],
    name: 'a filter with a wildcard out of place, or without a character, is refused with 0x80',
    async run({ connect }) {
      const { client } = await connect();
      for (const filter of ['a#', '#/a', 'a/#/', '##', 'a+', '+a', 'a/+b', '++', ''])
        expect([filter, await subscribe(client, filter)]).toEqual([filter, [0x80]]);
    },
  },
  {
    proves: ['MQTT-4.7.3-3', 'MQTT-4.7.3-1'],
    name: 'topics and filters of one character and of 65535 bytes work',
    async run({ connect }) {
      const { client } = await connect();
      for (const topic of ['/', 'x', `${'ä'.repeat(32_767)}x`]) {
        expect(await subscribe(client, topic)).toEqual([0]);
        client.send(publish(topic, 'y'));
        expect((await client.takePublishes(1))[0]?.topic).toBe(topic);
      }
    },
  },
];
