import { type Script, seconds } from './mqtt-diff-table.ts';

const V5 = ['5'] as const;
const V3 = ['311'] as const;
const QOS = ['0', '1', '2'] as const;
const expiry = (count: string) => ['-D', 'publish', 'message-expiry-interval', count];

/** What stays while a client is away. */
export const sessionScripts: readonly Script[] = [
  {
    name: 'a session ends when its expiry comes, and not before',
    versions: V5,
    async run(kit) {
      const options = (name: string, sessionExpiryInterval: number) => ({
        clientId: kit.id(name),
        clean: false,
        properties: { sessionExpiryInterval },
      });
      for (const [name, count] of [
        ['short', 1],
        ['long', 600],
      ] as const) {
        const { client } = await kit.open(options(name, count));
        await client.endAsync();
      }
      await seconds(3.1);
      const short = await kit.open(options('short', 1));
      const long = await kit.open(options('long', 600));
      return [`${short.hasSession} ${long.hasSession}`];
    },
  },
  {
    name: 'a message that waits for an absent client runs out',
    versions: V5,
    async run(kit) {
      const session = ['-c', '-x', '60', '-i', kit.id('c')];
      await kit.visit('a', ...session);
      await kit.pub('a', 'short', ...expiry('1'));
      await kit.pub('a', 'long', ...expiry('600'));
      await kit.pub('a', 'end');
      await seconds(2.1);
      const back = await kit.sub('a', ...session);
      await back.hears('end');
      return back.leave();
    },
  },
  {
    name: 'DISCONNECT shortens the session',
    versions: V5,
    async run(kit) {
      const options = { clientId: kit.id('c'), clean: false, properties: { sessionExpiryInterval: 600 } };
      const { client } = await kit.open(options);
      await client.endAsync(false, { properties: { sessionExpiryInterval: 0 } });
      return [String((await kit.open(options)).hasSession)];
    },
  },
  {
    name: 'QoS 1 and 2 wait for an absent client, in order, and QoS 0 does not',
    async run(kit) {
      const session = ['-c', '-i', kit.id('c')];
      await kit.visit('a/#', ...session);
      for (const round of ['1', '2']) {
        for (const qos of QOS) await kit.pub(`a/${qos}`, `${round}${qos}`, '-q', qos);
      }
      await kit.pub('a/end', 'end');
      const back = await kit.sub('a/#', ...session);
      await back.hears('end');
      return back.leave();
    },
  },
  {
    name: 'a subscription with QoS 0 keeps nothing',
    async run(kit) {
      const session = ['-c', '-i', kit.id('c'), '-q', '0'];
      await kit.visit('a', ...session);
      await kit.pub('a', 'lost');
      const back = await kit.sub('a', ...session);
      await kit.pub('a', 'end');
      await back.hears('end');
      return back.leave();
    },
  },
  {
    name: 'a killed client finds its session too',
    async run(kit) {
      const session = ['-c', '-i', kit.id('c')];
      await (await kit.sub('a', ...session)).leave();
      await kit.pub('a', 'waited');
      const back = await kit.sub('a', ...session);
      await back.hears('waited');
      return back.leave();
    },
  },
  {
    name: 'a clean start forgets what waited',
    async run(kit) {
      const clientId = kit.id('c');
      const properties = kit.version === '5' ? { properties: { sessionExpiryInterval: 600 } } : {};
      const first = await kit.open({ clientId, clean: false, ...properties });
      await first.client.subscribeAsync(kit.topic('a'), { qos: 1 });
      await first.client.endAsync();
      await kit.pub('a', 'lost');
      const clean = await kit.open({ clientId, clean: true });
      await kit.pub('a', 'lost too');
      await clean.client.endAsync();
      const again = await kit.open({ clientId, clean: false, ...properties });
      return [`${first.hasSession} ${clean.hasSession} ${again.hasSession}`, ...clean.heard, ...again.heard];
    },
  },
  {
    name: 'a 3.1.1 session that is not clean has no end by itself',
    versions: V3,
    async run(kit) {
      const options = { clientId: kit.id('c'), clean: false };
      await (await kit.open(options)).client.endAsync();
      const second = await kit.open(options);
      await second.client.endAsync();
      const fresh = await kit.open({ ...options, clean: true });
      await fresh.client.endAsync();
      return [`${second.hasSession} ${fresh.hasSession} ${(await kit.open(options)).hasSession}`];
    },
  },
  {
    name: 'a session goes from 3.1.1 to 5 and back',
    async run(kit) {
      const other = kit.as(kit.version === '5' ? '311' : '5');
      const session = ['-c', '-i', kit.id('c')];
      await kit.visit('a', ...session);
      await kit.pub('a', 'one');
      const second = await other.sub('a', ...session);
      await second.hears('one');
      const got = await second.leave();
      await kit.pub('a', 'two');
      const third = await kit.sub('a', ...session);
      await third.hears('two');
      return [got, await third.leave()];
    },
  },
  {
    name: 'unsubscribed is unsubscribed in the session too',
    async run(kit) {
      const session = ['-c', '-i', kit.id('c')];
      await kit.visit(['a', 'b'], ...session);
      await kit.visit('b', ...session, '-U', kit.topic('a'));
      await kit.pub('a', 'lost');
      await kit.pub('b', 'end');
      const back = await kit.sub('b', ...session);
      await back.hears('end');
      return back.leave();
    },
  },
  {
    name: 'take-over: the session and what waits go with it',
    async run(kit) {
      const clientId = kit.id('c');
      const properties = kit.version === '5' ? { properties: { sessionExpiryInterval: 600 } } : {};
      const old = await kit.open({ clientId, clean: false, ...properties });
      await old.client.subscribeAsync(kit.topic('a'), { qos: 1 });
      const closed = new Promise<void>((resolve) => old.client.once('close', () => resolve()));
      const young = await kit.open({ clientId, clean: false, ...properties });
      await closed;
      await kit.pub('a', 'for the young');
      await young.hears('for the young');
      return [String(young.hasSession), [...old.heard], [...young.heard]];
    },
  },
  {
    name: 'many messages wait, and all come in order',
    async run(kit) {
      const session = ['-c', '-i', kit.id('c'), '-q', '1'];
      await kit.visit('a', ...session);
      const { client } = await kit.open();
      const numbers = Array.from({ length: 90 }, (_, index) => String(index));
      await Promise.all(numbers.map((number) => client.publishAsync(kit.topic('a'), number, { qos: 1 })));
      const back = await kit.sub('a', ...session);
      await back.hearsSome(90);
      return back.leave();
    },
  },
];
