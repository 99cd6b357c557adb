import { describe, expect, it } from 'vitest';
import { connect, makeTestBroker, publishPacket, subscribe } from './packet-client.ts';

const local = { origin: 'test' };
const VERSIONS = [4, 5] as const;

describe.each(VERSIONS)('SUBSCRIBE, version %i', (version) => {
  it('answers each filter in its order', async () => {
    const { client } = await connect(makeTestBroker(), version);
    client.send({
      cmd: 'subscribe',
      messageId: 7,
      subscriptions: ['ok', 'a/#/b', 'a+', '+/#', '$share//a', '$share/g/a', '$share/g+/a'].map((topic) => ({
        topic,
        qos: 1,
      })),
    });
    const bad = version === 5 ? 0x8f : 0x80;
    expect(await client.takeOne('suback')).toMatchObject({ messageId: 7, granted: [1, bad, bad, 1, bad, 1, bad] });
  });

  it('stops after UNSUBSCRIBE', async () => {
    const world = makeTestBroker();
    const { client } = await connect(world, version);
    await subscribe(client, 'a/+');
    client.send({ cmd: 'unsubscribe', messageId: 3, unsubscriptions: ['a/+', 'never'] });
    const unsuback = await client.takeOne('unsuback');
    if (version === 5) expect(unsuback.granted).toEqual([0, 0x11]);
    world.bus.publish({ topic: 'a/b', payload: 'x', ...local });
    expect(await client.take()).toEqual([]);
  });

  it('delivers once when two filters of a client match, with the higher QoS', async () => {
    const world = makeTestBroker();
    const { client } = await connect(world, version);
    await subscribe(client, 'a/#', { qos: 0 });
    await subscribe(client, 'a/b', { qos: 2 });
    world.bus.publish({ topic: 'a/b', payload: 'x', qos: 1, ...local });
    expect(await client.takePublishes()).toMatchObject([{ topic: 'a/b', qos: 1 }]);
  });

  it('shares a group fairly and gives other subscribers theirs', async () => {
    const world = makeTestBroker();
    const { client: one } = await connect(world, version, { clientId: 'one' });
    const { client: two } = await connect(world, version, { clientId: 'two' });
    const { client: all } = await connect(world, version, { clientId: 'all' });
    await subscribe(one, '$share/g/a');
    await subscribe(two, '$share/g/a');
    await subscribe(all, 'a');
    for (let count = 0; count < 6; count += 1) world.bus.publish({ topic: 'a', payload: 'x', ...local });
    const counts = await Promise.all([one, two, all].map(async (client) => (await client.takePublishes()).length));
    expect(counts).toEqual([3, 3, 6]);
  });

  it('sends retained messages with the retain flag, live ones without', async () => {
    const world = makeTestBroker();
    world.bus.publish({ topic: 'a/b', payload: 'old', retain: true, ...local });
    const { client } = await connect(world, version);
    expect(await subscribe(client, 'a/#')).toMatchObject([{ cmd: 'publish', topic: 'a/b', retain: true }]);
    world.bus.publish({ topic: 'a/b', payload: 'new', retain: true, ...local });
    expect(await client.takePublishes()).toMatchObject([{ topic: 'a/b', retain: false }]);
    expect(await subscribe(client, 'a/#')).toMatchObject([{ topic: 'a/b', retain: true }]);
  });

  it('keeps and deletes retained messages of clients', async () => {
    const world = makeTestBroker();
    const { client } = await connect(world, version);
    client.send(publishPacket('a', 'kept', { retain: true }));
    await client.take();
    expect(world.bus.retainedAt('a')?.origin).toBe('mqtt:c1');
    client.send(publishPacket('a', '', { retain: true }));
    await client.take();
    expect(world.bus.retainedAt('a')).toBeUndefined();
  });

  it('sends 5,000 retained messages to one new subscriber, each once', async () => {
    const world = makeTestBroker({ queueMessages: 100 });
    for (let count = 0; count < 5_000; count += 1)
      world.bus.publish({ topic: `r/${count}`, payload: 'x'.repeat(100), retain: true, qos: 1, ...local });
    const { client } = await connect(world, version);
    client.send({ cmd: 'subscribe', messageId: 1, subscriptions: [{ topic: 'r/#', qos: 0 }] });
    const topics = new Set<string>();
    for (let round = 0; round < 50 && topics.size < 5_000; round += 1) {
      for (const packet of await client.take()) if (packet.cmd === 'publish') topics.add(packet.topic);
    }
    expect(topics.size).toBe(5_000);
    expect(client.isClosed).toBe(false);
  });
});

describe('MQTT 5 subscription options', () => {
  it('honours no local', async () => {
    const world = makeTestBroker();
    const { client } = await connect(world, 5);
    await subscribe(client, 'a', { nl: true });
    client.send(publishPacket('a', 'mine'));
    world.bus.publish({ topic: 'a', payload: 'theirs', ...local });
    expect((await client.takePublishes()).map(({ payload }) => String(payload))).toEqual(['theirs']);
  });

  it('honours retain as published', async () => {
    const world = makeTestBroker();
    const { client } = await connect(world, 5);
    await subscribe(client, 'a', { rap: true });
    world.bus.publish({ topic: 'a', payload: 'x', retain: true, ...local });
    world.bus.publish({ topic: 'a', payload: 'y', ...local });
    expect((await client.takePublishes()).map(({ retain }) => retain)).toEqual([true, false]);
  });

  it.each([
    [0, [1, 1]],
    [1, [1, 0]],
    [2, [0, 0]],
  ])('honours retain handling %i on the first and the second SUBSCRIBE', async (rh, counts) => {
    const world = makeTestBroker();
    world.bus.publish({ topic: 'a', payload: 'x', retain: true, ...local });
    const { client } = await connect(world, 5);
    const first = await subscribe(client, 'a', { rh });
    const second = await subscribe(client, 'a', { rh });
    expect([first.length, second.length]).toEqual(counts);
  });

  it('sends no retained messages for a shared subscription', async () => {
    const world = makeTestBroker();
    world.bus.publish({ topic: 'a', payload: 'x', retain: true, ...local });
    const { client } = await connect(world, 5);
    expect(await subscribe(client, '$share/g/a')).toEqual([]);
  });

  it('gives the subscription identifiers of all matching filters', async () => {
    const world = makeTestBroker();
    const { client } = await connect(world, 5);
    const options = { nl: false, rap: false, rh: 0, qos: 0 } as const;
    const ask = (topic: string, subscriptionIdentifier: number) =>
      client.send({
        cmd: 'subscribe',
        messageId: 1,
        subscriptions: [{ topic, ...options }],
        properties: { subscriptionIdentifier },
      });
    ask('a/#', 300_000);
    ask('a/b', 2);
    await client.take();
    world.bus.publish({ topic: 'a/b', payload: 'x', ...local });
    world.bus.publish({ topic: 'a/c', payload: 'x', ...local });
    const [both, one] = await client.takePublishes();
    expect(new Set([both?.properties?.subscriptionIdentifier].flat())).toEqual(new Set([2, 300_000]));
    expect(one?.properties?.subscriptionIdentifier).toBe(300_000);
  });

  it('disconnects for no local on a shared subscription', async () => {
    const { client } = await connect(makeTestBroker(), 5);
    client.send({ cmd: 'subscribe', messageId: 1, subscriptions: [{ topic: '$share/g/a', qos: 0, nl: true }] });
    expect(await client.takeOne('disconnect')).toMatchObject({ reasonCode: 0x82 });
  });

  it('refuses one subscription too many', async () => {
    const { client } = await connect(makeTestBroker({ subscriptionsPerClient: 1 }), 5);
    client.send({
      cmd: 'subscribe',
      messageId: 1,
      subscriptions: ['a', 'b', 'a'].map((topic) => ({ topic, qos: 0 })),
    });
    expect((await client.takeOne('suback')).granted).toEqual([0, 0x97, 0]);
  });
});
