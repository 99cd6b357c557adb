import { type Script, seconds } from './mqtt-diff-table.ts';

const V5 = ['5'] as const;
const will = (topic: string, payload: string, ...args: string[]) => [
  '--will-topic',
  topic,
  '--will-payload',
  payload,
  ...args,
];
const delay = (count: number) => ['-D', 'will', 'will-delay-interval', String(count)];

/** What is said for a client that went without goodbye. */
export const willScripts: readonly Script[] = [
  {
    name: 'a silent client is found out by its keep alive',
    async run(kit) {
      const watcher = await kit.sub('will');
      const frozen = await kit.sub('x', ...will(kit.topic('will'), 'silent'), '-k', '5');
      frozen.freeze();
      await watcher.hears('silent');
      return watcher.leave();
    },
  },
  {
    name: 'a will with a delay waits for it',
    versions: V5,
    async run(kit) {
      const watcher = await kit.sub(['will', 'news']);
      const dying = await kit.sub('x', ...will(kit.topic('will'), 'gone'), ...delay(2), '-x', '60', '-i', kit.id('c'));
      await dying.leave();
      await kit.pub('news', 'before');
      await watcher.hears('gone');
      return watcher.leave();
    },
  },
  {
    name: 'a client that comes back in time has no will',
    versions: V5,
    async run(kit) {
      const session = ['-x', '60', '-c', '-i', kit.id('c')];
      const watcher = await kit.sub(['will', 'clock']);
      const dying = await kit.sub('x', ...will(kit.topic('will'), 'gone'), ...delay(1), ...session);
      await dying.leave();
      const back = await kit.sub('x', ...session);
      await seconds(2);
      await kit.pub('clock', 'end');
      await watcher.hears('end');
      await back.leave();
      return watcher.leave();
    },
  },
  {
    name: 'a will is said when the session ends, if that is before its delay',
    versions: V5,
    async run(kit) {
      const watcher = await kit.sub(['will', 'clock']);
      const dying = await kit.sub('x', ...will(kit.topic('will'), 'gone'), ...delay(600), '-i', kit.id('c'));
      const later = await kit.sub('x', ...will(kit.topic('clock'), 'end'));
      await dying.leave();
      await later.leave();
      await watcher.hears('end');
      return watcher.leave();
    },
    differs: {
      why:
        '[MQTT-3.1.2-8]: the will is said when its delay is over or the session ends, whichever comes first. Without an ' +
        'expiry the session ends with the connection; Mosquitto waits for the delay.',
      hanbus: ['will q0 r0 gone', 'clock q0 r0 end'],
      mosquitto: ['clock q0 r0 end'],
    },
  },
  {
    name: 'a will is said when its client begins a new session',
    versions: V5,
    async run(kit) {
      const watcher = await kit.sub(['will', 'clock']);
      const session = ['-x', '60', '-i', kit.id('c')];
      const dying = await kit.sub('x', ...will(kit.topic('will'), 'gone'), ...delay(600), ...session);
      await dying.leave();
      const fresh = await kit.sub('x', ...session);
      await kit.pub('clock', 'end');
      await watcher.hears('end');
      await fresh.leave();
      return watcher.leave();
    },
    differs: {
      why:
        '[MQTT-3.1.2-4] and [MQTT-3.1.2-8]: Clean Start ends the old session, so its will is due. Mosquitto forgets it, as if ' +
        'the client had come back to its session.',
      hanbus: ['will q0 r0 gone', 'clock q2 r0 end'],
      mosquitto: ['clock q2 r0 end'],
    },
  },
  {
    name: 'a killed client leaves its will, with its QoS',
    async run(kit) {
      const watcher = await kit.sub('will/#');
      for (const qos of ['0', '1', '2']) {
        const dying = await kit.sub('x', ...will(kit.topic(`will/${qos}`), `gone${qos}`, '--will-qos', qos));
        await dying.leave();
        await watcher.hears(`gone${qos}`);
      }
      return watcher.leave();
    },
  },
  {
    name: 'a retained will stays for those who come later',
    async run(kit) {
      const watcher = await kit.sub('will');
      const dying = await kit.sub('x', ...will(kit.topic('will'), 'gone', '--will-retain', '--will-qos', '1'));
      await dying.leave();
      await watcher.hears('gone');
      return [await watcher.leave(), await kit.fetch('will', 1)];
    },
  },
  {
    name: 'who says goodbye has no will',
    async run(kit) {
      const watcher = await kit.sub('will');
      await kit.visit('x', ...will(kit.topic('will'), 'gone'));
      await kit.pub('will', 'end');
      await watcher.hears('end');
      return watcher.leave();
    },
  },
  {
    name: 'goodbye with will',
    versions: V5,
    async run(kit) {
      const watcher = await kit.sub('will');
      const payload = Buffer.from('gone');
      const { client } = await kit.open({ will: { topic: kit.topic('will'), payload, qos: 1, retain: false } });
      await client.endAsync(false, { reasonCode: 4 });
      await watcher.hears('gone');
      return watcher.leave();
    },
  },
  {
    name: 'a will that is empty',
    async run(kit) {
      const watcher = await kit.sub('will');
      const dying = await kit.sub('x', '--will-topic', kit.topic('will'));
      await dying.leave();
      await watcher.hearsSome(1);
      return watcher.leave();
    },
  },
  {
    name: 'a will keeps its properties',
    versions: V5,
    async run(kit) {
      const properties = [
        ['user-property', 'a', '1'],
        ['user-property', 'b', '2'],
        ['content-type', 'text/plain'],
        ['response-topic', 'answers'],
        ['correlation-data', 'c1'],
        ['payload-format-indicator', '1'],
        ['message-expiry-interval', '600'],
      ].flatMap((property) => ['-D', 'will', ...property]);
      const watcher = await kit.sub('will');
      const dying = await kit.sub('x', ...will(kit.topic('will'), 'gone'), ...properties);
      await dying.leave();
      await watcher.hears('gone');
      return watcher.leave();
    },
  },
  {
    name: 'take-over: the older client goes, and its will is said',
    async run(kit) {
      const watcher = await kit.sub('will');
      const payload = Buffer.from('gone');
      const clientId = kit.id('same');
      const { client } = await kit.open({
        clientId,
        will: { topic: kit.topic('will'), payload, qos: 1, retain: false },
      });
      const closed = new Promise<void>((resolve) => client.once('close', () => resolve()));
      const young = await kit.open({ clientId });
      await closed;
      await watcher.hears('gone');
      return [`young ${young.client.connected}`, await watcher.leave()];
    },
  },
];
