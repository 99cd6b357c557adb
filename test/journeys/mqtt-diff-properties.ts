import type { Script } from './mqtt-diff-table.ts';

const V5 = ['5'] as const;
const publish = (...property: string[]) => ['-D', 'publish', ...property];
const connect = (...property: string[]) => ['-D', 'connect', ...property];

/** Properties of MQTT 5 as mosquitto_pub, mosquitto_sub and mosquitto_rr use them. */
export const propertyScripts: readonly Script[] = [
  {
    name: 'user properties come in their order, and the same name more than once',
    versions: V5,
    async run(kit) {
      const listener = await kit.sub('a');
      const pairs = [
        ['z', '1'],
        ['a', '2'],
        ['z', '3'],
        ['', ''],
        ['ä', '°C'],
        ['z', '1'],
      ];
      await kit.pub('a', 'x', ...pairs.flatMap((pair) => publish('user-property', ...pair)));
      await listener.hears('x');
      return listener.leave();
    },
  },
  {
    name: 'content type, payload format, response topic and correlation data pass unchanged',
    versions: V5,
    async run(kit) {
      const listener = await kit.sub('a');
      await kit.pub(
        'a',
        'one',
        ...publish('content-type', 'application/json'),
        ...publish('payload-format-indicator', '1'),
      );
      await kit.pub('a', 'two', ...publish('response-topic', 'r/t'), ...publish('correlation-data', 'c-1'));
      await kit.pub('a', 'three', ...publish('payload-format-indicator', '0'));
      await listener.hears('three');
      return listener.leave();
    },
  },
  {
    name: 'the expiry of a message is told',
    versions: V5,
    async run(kit) {
      const listener = await kit.sub('a');
      await kit.pub('a', 'long', ...publish('message-expiry-interval', '600'));
      await kit.pub('a', 'longest', ...publish('message-expiry-interval', '4294967295'));
      await kit.pub('a', 'end');
      await listener.hears('end');
      return (await listener.leave()).map((line) => line.replace(/429496729\d/, 'about 4294967295'));
    },
  },
  {
    name: 'mosquitto_rr: a question and its answer',
    versions: V5,
    async run(kit) {
      const answering = await kit.sub('ask', '-q', '1');
      const answer = kit.ask('ask', 'answer', 'how warm?');
      await answering.hears('how warm?');
      const asked = await answering.leave();
      const correlation = /correlation-data:(\S+)/.exec(asked[0] ?? '')?.[1] ?? '';
      await kit.pub('answer', '21', ...publish('correlation-data', correlation));
      return [asked.map((line) => line.replace(correlation, 'some')), await answer];
    },
  },
  {
    name: 'mosquitto_rr with 3.1.1',
    versions: ['311'],
    async run(kit) {
      const answering = await kit.sub('ask', '-q', '1');
      const answer = kit.ask('ask', 'answer', 'how warm?');
      await answering.hears('how warm?');
      await kit.pub('answer', '21');
      return [await answering.leave(), await answer];
    },
  },
  {
    name: 'topic aliases of a publisher',
    versions: V5,
    async run(kit) {
      const listener = await kit.sub('#');
      const { client } = await kit.open();
      const properties = { topicAlias: 3 };
      await client.publishAsync(kit.topic('a'), 'named', { qos: 1, properties });
      await client.publishAsync('', 'by alias', { qos: 1, properties });
      await client.publishAsync(kit.topic('b'), 'named anew', { qos: 2, properties });
      await client.publishAsync('', 'by alias again', { qos: 2, properties });
      await client.publishAsync(kit.topic('end'), 'end', { qos: 2 });
      await listener.hears('end');
      return listener.leave();
    },
  },
  {
    name: 'mosquitto_pub with a topic alias',
    versions: V5,
    async run(kit) {
      const listener = await kit.sub('a');
      await kit.pub('a', 'x', ...publish('topic-alias', '2'));
      await listener.hears('x');
      return listener.leave();
    },
  },
  {
    name: 'a subscriber that takes topic aliases sees the topics',
    versions: V5,
    async run(kit) {
      const { client, heard, hears } = await kit.open({ properties: { topicAliasMaximum: 5 } });
      await client.subscribeAsync(kit.topic('#'), { qos: 1 });
      for (const round of ['1', '2'])
        for (const topic of ['a', 'b']) await kit.pub(topic, `${topic}${round}`, '-q', '1');
      await hears('b2');
      return [...heard];
    },
  },
  {
    name: 'who takes small packets only does not get the large ones',
    versions: V5,
    async run(kit) {
      const listener = await kit.sub('a', '-q', '1', ...connect('maximum-packet-size', '200'));
      const other = await kit.sub('a', '-q', '1');
      await kit.pub('a', 'before', '-q', '1');
      await kit.pub('a', 'x'.repeat(300), '-q', '1');
      await kit.pub('a', 'end', '-q', '1');
      await listener.hears('end');
      await other.hears('end');
      return [await listener.leave(), await other.leave()];
    },
  },
  {
    name: 'receive maximum 1: all come, one after the other',
    versions: V5,
    async run(kit) {
      const listener = await kit.sub('a', ...connect('receive-maximum', '1'));
      const { client } = await kit.open();
      const numbers = Array.from({ length: 15 }, (_, index) => String(index));
      await Promise.all(numbers.map((number) => client.publishAsync(kit.topic('a'), number, { qos: 2 })));
      await listener.hearsSome(15);
      return listener.leave();
    },
  },
  {
    name: 'an empty message with properties',
    versions: V5,
    async run(kit) {
      const listener = await kit.sub('a');
      await kit.pub('a', undefined, ...publish('content-type', 'none'), ...publish('user-property', 'k', 'v'));
      await listener.hearsSome(1);
      return listener.leave();
    },
  },
  {
    name: 'properties wait with their message for an absent client',
    versions: V5,
    async run(kit) {
      const session = ['-c', '-x', '600', '-i', kit.id('c'), '-q', '1'];
      const identifier = ['-D', 'subscribe', 'subscription-identifier', '9'];
      await kit.visit('a', ...session, ...identifier);
      await kit.pub('a', 'waited', ...publish('user-property', 'k', 'v'), ...publish('response-topic', 'r'));
      const { client, heard, hears } = await kit.open({ clientId: kit.id('c'), clean: false });
      await hears('waited');
      await client.endAsync();
      return [...heard];
    },
  },
];
