import type { IPublishPacket } from 'mqtt-packet';
import { expect } from 'vitest';
import { packet, props, text, u16 } from './raw.ts';
import { acknowledge, closesWith, connectLasting, payloads, publish, publishOnce, subscribe, vanish } from './steps.ts';
import type { Proof } from './table.ts';

const aliased = (topic: string, topicAlias: number, payload = 'x') =>
  publish(topic, payload, { properties: { topicAlias } });

/** The topics that the messages mean, by name or by alias. Throws for an alias that was never set, or is too high. */
function topicsOf(messages: readonly IPublishPacket[], maximum: number): string[] {
  const known = new Map<number, string>();
  return messages.map(({ topic, properties }) => {
    const alias = properties?.topicAlias;
    if (alias !== undefined && (alias < 1 || alias > maximum)) throw new Error(`the alias ${alias} is out of range`);
    if (alias !== undefined && topic !== '') known.set(alias, topic);
    const meant = topic === '' ? known.get(alias ?? 0) : topic;
    if (meant === undefined) throw new Error(`the alias ${alias} has no topic`);
    return meant;
  });
}

const TOPICS = [1, 2, 1, 3, 3, 2, 4, 1, 4, 4].map((number) => `kitchen/lamp/${number}`);

/** MQTT 5, 3.3.2.3.4: topic aliases both ways. */
export const aliasProofs: readonly Proof[] = [
  {
    proves: ['MQTT-3.3.2-12'],
    name: 'every topic alias up to the maximum in CONNACK is accepted, and may be set anew',
    world: { limits: { topicAliases: 7 } },
    async run({ connect }) {
      const { client, connack } = await connect();
      expect(connack.properties?.topicAliasMaximum).toBe(7);
      await subscribe(client, 'a/+');
      for (let alias = 1; alias <= 7; alias += 1) client.send(aliased(`a/${alias}`, alias));
      for (let alias = 7; alias >= 1; alias -= 1) client.send(aliased('', alias));
      client.send(aliased('a/new', 3));
      client.send(aliased('', 3));
      const topics = (await client.takePublishes(16)).map(({ topic }) => topic.slice(2));
      expect(topics.join()).toBe('1,2,3,4,5,6,7,7,6,5,4,3,2,1,new,new');
    },
  },
  {
    proves: ['MQTT-3.3.2-8', 'MQTT-4.13.1-1'],
    name: 'topic alias 0 is invalid',
    async run({ connect }) {
      const { client } = await connect();
      client.sendBytes(packet(0x30, text('a'), props(35, u16(0))));
      await closesWith(client, 0x94);
    },
  },
  {
    proves: ['MQTT-4.13.1-1'],
    name: 'a topic alias above the maximum in CONNACK is invalid',
    world: { limits: { topicAliases: 7 } },
    async run({ connect }) {
      const { client } = await connect();
      client.send(aliased('a', 8));
      await closesWith(client, 0x94);
    },
  },
  {
    proves: ['MQTT-3.3.2-7'],
    name: 'topic aliases of a client end with its connection',
    async run(world) {
      const { client } = await connectLasting(world, 'c1');
      client.send(aliased('a', 1));
      await vanish(world, client);
      const { client: again, connack } = await connectLasting(world, 'c1');
      expect(connack.sessionPresent).toBe(true);
      again.send(aliased('', 1));
      await closesWith(again, 0x82);
    },
  },
  {
    proves: ['MQTT-3.3.2-7'],
    name: 'a topic alias that was set by one client means nothing to another',
    async run({ connect }) {
      const { client: one } = await connect({ clientId: 'one' });
      const { client: two } = await connect({ clientId: 'two' });
      one.send(aliased('a', 1));
      await one.take();
      two.send(aliased('', 1));
      await closesWith(two, 0x82);
    },
  },
  {
    proves: ['MQTT-3.1.2-27'],
    name: 'a client that gives no topic alias maximum, or 0, gets no topic aliases',
    async run({ connect }) {
      for (const properties of [{}, { topicAliasMaximum: 0 }]) {
        const { client } = await connect({ properties });
        await subscribe(client, 'kitchen/#');
        for (const topic of TOPICS) client.send(aliased(topic, Number(topic.slice(-1))));
        const messages = await client.takePublishes(TOPICS.length);
        expect(messages.map(({ topic }) => topic)).toEqual(TOPICS);
        expect(messages.filter((message) => message.properties?.topicAlias !== undefined)).toEqual([]);
        client.vanish();
      }
    },
  },
  {
    proves: ['MQTT-3.1.2-26', 'MQTT-3.3.2-11', 'MQTT-3.3.2-8'],
    name: 'topic aliases to a client stay within its maximum and mean the right topics',
    async run({ connect }) {
      const { client } = await connect({ properties: { topicAliasMaximum: 2 } });
      await subscribe(client, 'kitchen/#', { qos: 1 });
      for (const [at, topic] of TOPICS.entries()) {
        client.send(publish(topic, `${at}`, at % 2 === 0 ? {} : { qos: 1, messageId: at }));
      }
      const packets = await client.take(TOPICS.length + 5);
      const messages = packets.filter((each) => each.cmd === 'publish');
      expect(topicsOf(messages, 2)).toEqual(TOPICS);
      expect(payloads(messages)).toEqual(TOPICS.map((_, at) => `${at}`));
    },
  },
  {
    proves: ['MQTT-3.1.2-26'],
    name: 'a client that takes topic aliases gets a topic once, then its alias',
    async run({ connect }) {
      const { client } = await connect({ properties: { topicAliasMaximum: 5 } });
      await subscribe(client, 'kitchen/#');
      const messages: IPublishPacket[] = [];
      for (let round = 0; round < 4; round += 1) {
        for (const topic of ['kitchen/one', 'kitchen/two']) client.send(publish(topic, 'x'));
        messages.push(...(await client.takePublishes(2)));
      }
      expect(topicsOf(messages, 5)).toEqual([
        'kitchen/one',
        'kitchen/two',
        'kitchen/one',
        'kitchen/two',
        'kitchen/one',
        'kitchen/two',
        'kitchen/one',
        'kitchen/two',
      ]);
      expect(messages.filter(({ topic }) => topic !== '').length).toBeLessThan(8);
    },
  },
  {
    proves: ['MQTT-3.3.2-7', 'MQTT-4.4.0-1'],
    name: 'what is sent again in a new connection has its topic, not an alias of the old one',
    async run(world) {
      const options = {
        clientId: 'c1',
        clean: false,
        properties: { sessionExpiryInterval: 100, topicAliasMaximum: 5 },
      };
      const { client } = await world.connect(options);
      await subscribe(client, 'kitchen/#', { qos: 1 });
      const { client: sender } = await world.connect({ clientId: 'c2' });
      for (const topic of ['kitchen/one', 'kitchen/one', 'kitchen/one']) await publishOnce(sender, publish(topic, 'x'));
      const [first] = await client.takePublishes(3);
      if (first !== undefined) acknowledge(client, [first]);
      await vanish(world, client);
      const { client: again } = await world.connect(options);
      const messages = await again.takePublishes(2);
      expect(topicsOf(messages, 5)).toEqual(['kitchen/one', 'kitchen/one']);
      expect(messages).toMatchObject([{ dup: true }, { dup: true }]);
    },
  },
];
