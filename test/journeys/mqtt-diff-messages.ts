import type { Kit } from './mqtt-diff-kit.ts';
import type { Report, Script } from './mqtt-diff-table.ts';

const QOS = ['0', '1', '2'] as const;

interface Matching {
  readonly filters: readonly string[];
  readonly topics: readonly string[];
}

/** Which topics each filter brings. The last topic has more levels than any filter has. */
async function matches(kit: Kit, { filters, topics }: Matching): Promise<Report> {
  const end = 'end/of/it/all';
  const listeners = await Promise.all(filters.map((filter) => kit.sub([filter, end])));
  for (const topic of topics) await kit.pub(topic, 'x');
  await kit.pub(end, 'end');
  for (const listener of listeners) await listener.hears('end');
  return await Promise.all(listeners.map((listener) => listener.leave()));
}

/** PUBLISH on its way to those who are connected. */
export const messageScripts: readonly Script[] = [
  {
    name: 'every QoS published to every QoS subscribed: the lower one',
    async run(kit) {
      const listeners = await Promise.all(QOS.map((qos) => kit.sub('a/#', '-q', qos)));
      for (const qos of QOS) await kit.pub(`a/${qos}`, `sent${qos}`, '-q', qos);
      for (const listener of listeners) await listener.hearsSome(3);
      return [listeners.map(({ granted }) => granted), ...(await Promise.all(listeners.map((one) => one.leave())))];
    },
  },
  {
    name: 'an empty payload',
    async run(kit) {
      const listener = await kit.sub('a');
      await kit.pub('a', undefined);
      await kit.pub('a', 'end');
      await listener.hears('end');
      return listener.leave();
    },
  },
  {
    name: 'a large payload with every QoS',
    async run(kit) {
      const listener = await kit.sub('a');
      for (const qos of QOS) await kit.pub('a', `${qos}${'x'.repeat(100_000)}`, '-q', qos);
      await listener.hearsSome(3);
      return listener.leave();
    },
  },
  {
    name: 'topics and payloads in many alphabets',
    async run(kit) {
      const listener = await kit.sub(['küche/温度/+', '🏠/#']);
      await kit.pub('küche/温度/☃', '21,5 °C – тепло');
      await kit.pub('🏠/спальня', '😀"\\ ');
      await listener.hearsSome(2);
      return listener.leave();
    },
  },
  {
    name: 'messages of one publisher stay in order',
    async run(kit) {
      const listener = await kit.sub('a');
      const { client } = await kit.open();
      const numbers = Array.from({ length: 60 }, (_, index) => String(index));
      await Promise.all(numbers.map((number) => client.publishAsync(kit.topic('a'), number, { qos: 1 })));
      await listener.hearsSome(60);
      return listener.leave();
    },
  },
  {
    name: 'mosquitto_pub --repeat',
    async run(kit) {
      const listener = await kit.sub('a', '-q', '1');
      await kit.pub('a', 'again', '--repeat', '5', '-q', '1');
      await listener.hearsSome(5);
      return listener.leave();
    },
  },
  {
    name: 'empty levels in topics and filters',
    run: (kit) =>
      matches(kit, {
        filters: ['+', '+/+', '/+', '+/+/+', 'a//b', 'a/+/b', 'a/#', '/#'],
        topics: ['a', '/', '/a', 'a/', 'a//b', '//', 'a//'],
      }),
  },
  {
    name: 'wildcards match whole levels, and # its parent',
    run: (kit) =>
      matches(kit, {
        filters: ['house/+/temp', 'house/#', 'house/kitchen/+', '+/kitchen/#', 'house/kitchen/temp/#', 'House/#'],
        topics: ['house', 'house/kitchen', 'house/kitchen/temp', 'house/kitchen/temp/1', 'houses/x'],
      }),
  },
  {
    name: 'a message of one version for a client of the other',
    async run(kit) {
      const other = kit.as(kit.version === '5' ? '311' : '5');
      const listener = await kit.sub('a');
      const answers = await other.sub('b');
      const props = ['-D', 'publish', 'user-property', 'a', 'b', '-D', 'publish', 'content-type', 'text/plain'];
      await other.pub('a', 'there', ...(other.version === '5' ? props : []));
      await kit.pub('b', 'back', ...(kit.version === '5' ? props : []));
      await listener.hears('there');
      await answers.hears('back');
      return [await listener.leave(), await answers.leave()];
    },
  },
  {
    name: 'topics that begin with $ do not match a wildcard at the beginning',
    async run(kit) {
      const { client, heard, hears } = await kit.open();
      await client.subscribeAsync(['#', '+/broker/version']);
      await client.publishAsync(kit.topic('end'), 'end', { qos: 1 });
      await hears('end');
      return [`${heard.filter((line) => line.startsWith('$')).length} topics with $`];
    },
  },
  {
    name: 'clients talk on a topic that begins with $',
    async run(kit) {
      const { client } = await kit.open();
      const topic = `$other/${kit.id('x')}`;
      const got: string[] = [];
      client.on('message', (_topic, payload) => void got.push(payload.toString()));
      await client.subscribeAsync([topic, kit.topic('end')], { qos: 1 });
      await client.publishAsync(topic, 'x', { qos: 1 }).catch(() => undefined);
      await client.publishAsync(kit.topic('end'), 'end', { qos: 1 });
      while (!got.includes('end')) await new Promise((resolve) => client.once('message', resolve));
      return got;
    },
    differs: {
      why: '4.7.2: a server should keep clients from using such topics among themselves. Ours does (HB182).',
      hanbus: ['end'],
      mosquitto: ['x', 'end'],
    },
  },
];
