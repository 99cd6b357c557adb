import { describe, expect, it } from 'vitest';
import { textOf } from '../../../src/bus/message.ts';
import { VERSION } from '../../../src/schemes/version.ts';
import { connect, makeTestBroker, publishPacket, subscribe, turns } from '../packet-client.ts';

const KNOWN = [
  ...['version', 'uptime', 'heap/current', 'heap/maximum', 'subscriptions/count', 'shared_subscriptions/count'],
  ...['active', 'connected', 'disconnected', 'expired', 'inactive', 'maximum', 'total'].map(
    (name) => `clients/${name}`,
  ),
  ...['messages/received', 'messages/sent', 'messages/stored', 'retained messages/count', 'store/messages/count'],
  ...['received', 'sent', 'dropped'].map((name) => `publish/messages/${name}`),
  ...['bytes/received', 'bytes/sent'],
  ...['bytes/received', 'bytes/sent', 'connections', 'messages/received', 'messages/sent', 'sockets'].flatMap(averages),
  ...['publish/dropped', 'publish/received', 'publish/sent'].flatMap(averages),
];

function averages(name: string): string[] {
  return ['1min', '5min', '15min'].map((span) => `load/${name}/${span}`);
}

const valuesOf = (publishes: readonly { topic: string; payload: unknown }[]) =>
  new Map(publishes.map(({ topic, payload }) => [topic.replace('$SYS/broker/', ''), String(payload)]));

describe('$SYS', () => {
  it('has the topics that tools of Mosquitto look for, at once and retained', async () => {
    const world = makeTestBroker();
    const { client } = await connect(world, 4);
    const got = (await subscribe(client, '$SYS/#')).filter((packet) => packet.cmd === 'publish');
    expect(got.every(({ retain }) => retain)).toBe(true);
    const values = valuesOf(got);
    expect(KNOWN.filter((name) => !values.has(name))).toEqual([]);
    expect(Object.fromEntries(values)).toMatchObject({
      ...{ version: `hanbus ${VERSION}`, uptime: '0 seconds', 'clients/connected': '1', 'clients/total': '1' },
      ...{ 'subscriptions/count': '1', 'messages/received': '2', 'hanbus/due': expect.stringMatching(/^\d+$/) },
    });
  });

  it('tells those who stay what has changed, and nobody else pays', async () => {
    const world = makeTestBroker();
    const { client } = await connect(world, 4);
    const idle = world.clock.pending;
    await subscribe(client, '$SYS/broker/+');
    await world.clock.advance(10_000);
    expect(await client.takePublishes()).toMatchObject([
      { topic: '$SYS/broker/uptime', payload: Buffer.from('10 seconds') },
    ]);
    expect(world.clock.pending).toBe(idle + 1);
    client.send({ cmd: 'unsubscribe', messageId: 2, unsubscriptions: ['$SYS/broker/+'] });
    await client.take();
    await world.clock.advance(10_000);
    expect(world.clock.pending).toBe(idle);
    expect(world.bus.counts.retained).toBe(0);
  });

  it.each(['$share/g/$SYS/broker/uptime', '$SYS/broker/uptime'])(
    'wakes for %s without retained ones',
    async (topic) => {
      const world = makeTestBroker();
      const { client } = await connect(world, 5);
      expect(await subscribe(client, topic, { rh: 2 })).toEqual([]);
      await world.clock.advance(10_000);
      expect((await client.takePublishes()).map(({ payload }) => String(payload))).toEqual(['10 seconds']);
    },
  );

  it('is not for a leading wildcard, and nobody but the broker writes there', async () => {
    const world = makeTestBroker();
    const { client } = await connect(world, 5);
    expect(await subscribe(client, '#')).toEqual([]);
    client.send(publishPacket('$SYS/broker/uptime', 'never', { qos: 1, messageId: 7 }));
    expect(await client.takeOne('puback')).toMatchObject({ reasonCode: 0x87 });
    const [uptime] = world.bus.retained('$SYS/broker/uptime');
    expect(uptime === undefined ? '' : textOf(uptime)).toBe('0 seconds');
    const [refused] = world.bus.retained('$SYS/broker/hanbus/refused/messages/HB182');
    expect(refused === undefined ? '' : textOf(refused)).toBe('1');
  });

  it('averages what came while nobody looked', async () => {
    const world = makeTestBroker();
    const { client } = await connect(world, 4);
    for (let count = 0; count < 60; count += 1) client.send(publishPacket('t', 'x'));
    await turns();
    await world.clock.advance(60_000);
    const load = (span: string) => {
      const [message] = world.bus.retained(`$SYS/broker/load/publish/received/${span}`);
      return Number(message === undefined ? Number.NaN : textOf(message));
    };
    // 60 a minute for a minute, from 0.
    expect(load('1min')).toBeCloseTo(60 * (1 - Math.exp(-1)), 1);
    expect(load('15min')).toBeCloseTo(60 * (1 - Math.exp(-1 / 15)), 1);
  });
});
