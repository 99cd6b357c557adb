import { type Script, seconds, sorted } from './mqtt-diff-table.ts';

const V5 = ['5'] as const;

/** RETAIN and what new subscribers get. */
export const retainedScripts: readonly Script[] = [
  {
    name: 'a retained message runs out',
    versions: V5,
    async run(kit) {
      const expiry = ['-D', 'publish', 'message-expiry-interval'];
      await kit.pub('a/short', 'short', '-r', ...expiry, '1');
      await kit.pub('a/long', 'long', '-r', ...expiry, '600');
      const before = sorted(await kit.fetch('a/long', 1));
      await seconds(2.1);
      const listener = await kit.sub('a/#');
      await kit.pub('a/end', 'end');
      await listener.hears('end');
      return [before, await listener.leave()];
    },
  },
  {
    name: 'retained is marked for new subscribers only',
    async run(kit) {
      const early = await kit.sub('a');
      await kit.pub('a', 'kept', '-r');
      await early.hears('kept');
      const late = await kit.sub('a');
      await late.hears('kept');
      return [await early.leave(), await late.leave()];
    },
  },
  {
    name: '--retain-as-published',
    versions: V5,
    async run(kit) {
      const listener = await kit.sub('a', '--retain-as-published');
      await kit.pub('a', 'kept', '-r');
      await kit.pub('a', 'not kept');
      await listener.hears('not kept');
      return listener.leave();
    },
  },
  {
    name: 'the last retained message replaces the others, with its QoS',
    async run(kit) {
      for (const qos of ['2', '0', '1']) await kit.pub('a', `kept${qos}`, '-r', '-q', qos);
      return [await kit.fetch('a', 1, '-q', '2'), await kit.fetch('a', 1, '-q', '0')];
    },
  },
  {
    name: 'an empty retained message clears, and is passed on',
    async run(kit) {
      await kit.pub('a', 'kept', '-r');
      const early = await kit.sub('a');
      await early.hears('kept');
      await kit.pub('a', undefined, '-r');
      await kit.pub('a', 'end');
      await early.hears('end');
      const late = await kit.sub('a');
      await kit.pub('a', 'later');
      for (const listener of [early, late]) await listener.hears('later');
      return [await early.leave(), await late.leave()];
    },
  },
  {
    name: 'an empty message without retain does not clear',
    async run(kit) {
      await kit.pub('a', 'kept', '-r');
      await kit.pub('a', undefined);
      return kit.fetch('a', 1);
    },
  },
  {
    name: 'a message without retain does not replace the retained one',
    async run(kit) {
      await kit.pub('a', 'kept', '-r');
      await kit.pub('a', 'passing');
      return kit.fetch('a', 1);
    },
  },
  {
    name: 'a wildcard finds all that is retained below it',
    async run(kit) {
      for (const topic of ['a', 'a/b', 'a/b/c', 'a/x/c', 'b']) await kit.pub(topic, topic, '-r');
      return [sorted(await kit.fetch('a/#', 4)), sorted(await kit.fetch('a/+/c', 2)), sorted(await kit.fetch('+', 2))];
    },
  },
  {
    name: '--retained-only and --remove-retained',
    async run(kit) {
      for (const topic of ['a/1', 'a/2']) await kit.pub(topic, 'kept', '-r');
      const watcher = await kit.sub('a/#');
      const removing = await kit.sub('a/#', '--retained-only', '--remove-retained');
      await watcher.hearsSome(4);
      const got = sorted(await removing.leave());
      const late = await kit.sub('a/#');
      await kit.pub('a/end', 'end');
      for (const listener of [watcher, late]) await listener.hears('end');
      return [got, sorted(await watcher.leave()), await late.leave()];
    },
  },
  {
    name: 'retain handling: always, if new, never',
    versions: V5,
    async run(kit) {
      await kit.pub('a', 'kept', '-r');
      const report: (readonly string[])[] = [];
      for (const rh of [0, 1, 2] as const) {
        const { client, heard, hears } = await kit.open();
        for (const end of ['once', 'twice']) {
          await client.subscribeAsync(kit.topic('a'), { qos: 1, rh });
          await client.subscribeAsync(kit.topic(`end${rh}`), { qos: 1 });
          await client.publishAsync(kit.topic(`end${rh}`), end, { qos: 1 });
          await hears(end);
        }
        report.push([...heard]);
      }
      return report;
    },
  },
  {
    name: 'who subscribes anew gets what is retained again',
    async run(kit) {
      await kit.pub('a', 'kept', '-r');
      const { client, heard, hears } = await kit.open();
      for (const qos of [0, 1] as const) await client.subscribeAsync(kit.topic('a'), { qos });
      await client.publishAsync(kit.topic('a'), 'end', { qos: 1 });
      await hears('end');
      return [...heard];
    },
  },
  {
    name: 'a retained message keeps its properties',
    versions: V5,
    async run(kit) {
      const properties = [
        ['user-property', 'room', 'kitchen'],
        ['user-property', 'room', 'hall'],
        ['content-type', 'text/plain'],
        ['response-topic', 'answers'],
        ['correlation-data', 'c1'],
        ['payload-format-indicator', '1'],
        ['message-expiry-interval', '600'],
      ].flatMap((property) => ['-D', 'publish', ...property]);
      await kit.pub('a', 'kept', '-r', ...properties);
      return kit.fetch('a', 1);
    },
  },
  {
    name: 'a retained flood comes to a new subscriber whole',
    async run(kit) {
      const { client } = await kit.open();
      const topics = Array.from({ length: 300 }, (_, index) => `a/${index % 10}/${index}`);
      await Promise.all(topics.map((topic) => client.publishAsync(kit.topic(topic), topic, { retain: true, qos: 1 })));
      return [sorted(await kit.fetch('a/#', 300)).map((line) => line.replace(/ q\d/, ''))];
    },
  },
];
