import { expect } from 'vitest';
import { packet, props, text } from './raw.ts';
import { closesWith, publish, subscribe } from './steps.ts';
import type { Proof } from './table.ts';

/** Filters, and topics that each matches and does not match. MQTT 5, 4.7. */
const MATCHES: readonly (readonly [filter: string, matches: readonly string[], not: readonly string[]])[] = [
  [
    'sport/tennis/player1/#',
    ['sport/tennis/player1', 'sport/tennis/player1/a/b'],
    ['sport/tennis', 'sport/tennis/player12'],
  ],
  ['sport/#', ['sport', 'sport/', 'sport/a'], ['sports', '/sport']],
  ['#', ['a', '/', 'a/b/c', '/a'], ['$x', '$x/a']],
  ['+', ['a', 'finance'], ['/a', 'a/', 'a/b', '/', '$x']],
  ['/+', ['/a', '/'], ['a', '/a/b']],
  ['+/+', ['/a', 'a/', '/', 'a/b'], ['a', 'a/b/c', '$x/a']],
  ['a/+/c', ['a/b/c', 'a//c', 'a/$b/c'], ['a/c', 'a/b/c/d', 'a/b/b/c']],
  ['+/b/#', ['a/b', 'a/b/', '/b/c'], ['b', 'a/a', '$x/b', '$x/b/c']],
  ['$x/#', ['$x', '$x/a'], ['x', '$X/a', '$xa']],
  ['$x/+', ['$x/a', '$x/'], ['$x', '$x/a/b']],
  ['a b/ä', ['a b/ä'], ['ab/ä', 'a b/a', 'A b/ä', 'a b/A\u0308']],
  ['a\u0308', ['a\u0308'], ['ä', 'a']],
  ['ﬁ/①', ['ﬁ/①'], ['fi/1', 'fi/①']],
  ['a', ['a'], ['A', 'a/', '/a', 'a ', ' a', 'a\uFEFF', 'а']],
  ['a//b', ['a//b'], ['a/b', 'a///b']],
  ['a/./b/../c', ['a/./b/../c'], ['a/c', 'a/b/c']],
  ['a%2Fb', ['a%2Fb'], ['a/b']],
];

/** MQTT 5, 4.7: topics and filters. */
export const topicProofs: readonly Proof[] = [
  {
    proves: ['MQTT-4.7.0-1', 'MQTT-4.7.1-1', 'MQTT-4.7.1-2', 'MQTT-4.7.2-1', 'MQTT-4.7.3-4', 'MQTT-3.3.2-3'],
    name: 'filters match the topics they should, and no others',
    async run({ connect, bus }) {
      for (const [filter, matches, not] of MATCHES) {
        const { client } = await connect();
        await subscribe(client, filter);
        for (const topic of [...not, ...matches]) bus.publish({ topic, payload: 'x', origin: 'test' });
        const topics = (await client.takePublishes(matches.length)).map(({ topic }) => topic);
        expect([filter, topics]).toEqual([filter, matches]);
      }
    },
  },
  {
    proves: ['MQTT-4.7.2-1'],
    name: 'filters that start with a wildcard bring no retained messages of topics with $ either',
    async run({ connect, bus }) {
      for (const topic of ['$x/a', 'x/a']) bus.publish({ topic, payload: 'x', retain: true, origin: 'test' });
      const { client } = await connect();
      for (const filter of ['#', '+/a', '+/#']) {
        await subscribe(client, filter);
        expect(await client.takePublishes(1)).toMatchObject([{ topic: 'x/a', retain: true }]);
      }
      await subscribe(client, '$x/#');
      expect(await client.takePublishes(1)).toMatchObject([{ topic: '$x/a' }]);
    },
  },
  {
    proves: ['MQTT-4.7.1-1', 'MQTT-4.7.1-2', 'MQTT-4.7.3-1'],
    name: 'a filter with a wildcard out of place, or without a character, is refused by SUBACK',
    async run({ connect }) {
      const { client } = await connect();
      for (const filter of ['a#', '#a', '#/a', 'a/#/', 'a/b#', '##', 'a+', '+a', 'a/+b', '++', 'a/++', '']) {
        expect([filter, await subscribe(client, filter)]).toEqual([filter, [0x8f]]);
      }
    },
  },
  {
    proves: ['MQTT-4.7.3-1'],
    name: 'a topic has a character at least; one slash is enough',
    async run({ connect }) {
      const { client } = await connect();
      await subscribe(client, '/');
      client.send(publish('/', 'x'));
      expect(await client.takePublishes(1)).toMatchObject([{ topic: '/' }]);
      client.sendBytes(packet(0x30, text(''), props()));
      await closesWith(client, 0x82);
    },
  },
  {
    proves: ['MQTT-4.7.3-3'],
    name: 'topics and filters of 65535 bytes work',
    async run({ connect }) {
      const { client } = await connect();
      const long = `${'ä'.repeat(32_767)}x`;
      for (const filter of [long, `${'ä'.repeat(32_766)}a/+`]) expect(await subscribe(client, filter)).toEqual([0]);
      const topics = [long, `${'ä'.repeat(32_766)}a/b`];
      for (const topic of topics) client.send(publish(topic, 'x'));
      expect((await client.takePublishes(2)).map(({ topic }) => topic)).toEqual(topics);
    },
  },
  {
    proves: ['MQTT-4.7.3-4'],
    name: 'retained messages of topics that only look alike are kept apart',
    async run({ connect }) {
      const { client } = await connect();
      const topics = ['ä', 'a\u0308', 'A', 'a', 'a/', '/a', '//a'];
      for (const topic of topics) client.send(publish(topic, topic, { retain: true }));
      for (const topic of topics) {
        await subscribe(client, topic);
        expect(await client.takePublishes(1)).toMatchObject([{ topic, payload: Buffer.from(topic) }]);
        await client.ask({ cmd: 'unsubscribe', messageId: 2, unsubscriptions: [topic] }, 'unsuback');
      }
    },
  },
];
