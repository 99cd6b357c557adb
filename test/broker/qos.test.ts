import { describe, expect, it } from 'vitest';
import { connect, makeTestBroker, publishPacket, subscribe, turns } from './packet-client.ts';

const VERSIONS = [4, 5] as const;
const local = { origin: 'test' };

describe.each(VERSIONS)('quality of service, version %i', (version) => {
  it('acknowledges QoS 1 and delivers it', async () => {
    const world = makeTestBroker();
    const { client } = await connect(world, version);
    const { client: other } = await connect(world, version, { clientId: 'c2' });
    await subscribe(other, 'a', { qos: 1 });
    client.send(publishPacket('a', 'x', { qos: 1, messageId: 9 }));
    expect(await client.takeOne('puback')).toMatchObject({ messageId: 9 });
    const got = await other.takeOne('publish');
    expect(got).toMatchObject({ topic: 'a', qos: 1, dup: false });
    expect(String(got.payload)).toBe('x');
  });

  it('takes a QoS 2 message once, however often it comes', async () => {
    const world = makeTestBroker();
    const { client } = await connect(world, version);
    const heard: string[] = [];
    world.bus.subscribe('a', (message) => void heard.push(message.topic), local);
    const packet = publishPacket('a', 'x', { qos: 2, messageId: 9 });
    client.send(packet);
    await client.takeOne('pubrec');
    client.send({ ...packet, dup: true });
    await client.takeOne('pubrec');
    client.send({ cmd: 'pubrel', messageId: 9, reasonCode: 0 });
    await client.takeOne('pubcomp');
    expect(heard).toEqual(['a']);
    client.send(packet);
    await client.takeOne('pubrec');
    expect(heard).toEqual(['a', 'a']);
  });

  it('walks a QoS 2 delivery through its four packets', async () => {
    const world = makeTestBroker();
    const { client } = await connect(world, version);
    await subscribe(client, 'a', { qos: 2 });
    world.bus.publish({ topic: 'a', payload: 'x', qos: 2, ...local });
    const { messageId = 0, qos } = await client.takeOne('publish');
    expect(qos).toBe(2);
    client.send({ cmd: 'pubrec', messageId, reasonCode: 0 });
    expect(await client.takeOne('pubrel')).toMatchObject({ messageId });
    client.send({ cmd: 'pubcomp', messageId, reasonCode: 0 });
    expect(await client.take()).toEqual([]);
  });

  it('never gives more than was asked for, nor more than was sent', async () => {
    const world = makeTestBroker();
    const { client } = await connect(world, version);
    await subscribe(client, 'low', { qos: 0 });
    await subscribe(client, 'high', { qos: 2 });
    world.bus.publish({ topic: 'low', payload: 'x', qos: 2, ...local });
    world.bus.publish({ topic: 'high', payload: 'x', qos: 1, ...local });
    expect((await client.takePublishes()).map(({ qos }) => qos)).toEqual([0, 1]);
  });

  it('sends again, marked, what was not acknowledged, in the old order', async () => {
    const world = makeTestBroker();
    const persistent = version === 5 ? { properties: { sessionExpiryInterval: 60 } } : {};
    const { client } = await connect(world, version, { clean: false, ...persistent });
    await subscribe(client, '#', { qos: 2 });
    world.bus.publish({ topic: 'one', payload: '1', qos: 1, ...local });
    world.bus.publish({ topic: 'two', payload: '2', qos: 2, ...local });
    world.bus.publish({ topic: 'three', payload: '3', qos: 1, ...local });
    const [one, two] = await client.takePublishes();
    client.send({ cmd: 'puback', messageId: one?.messageId ?? 0, reasonCode: 0 });
    client.send({ cmd: 'pubrec', messageId: two?.messageId ?? 0, reasonCode: 0 });
    await client.takeOne('pubrel');
    client.stream.destroy();
    await turns();
    world.bus.publish({ topic: 'four', payload: '4', qos: 1, ...local });
    world.bus.publish({ topic: 'lost', payload: '5', qos: 0, ...local });

    const { client: again, connack } = await connect(world, version, { clean: false, ...persistent });
    expect(connack.sessionPresent).toBe(true);
    expect(await again.take()).toMatchObject([
      { cmd: 'pubrel', messageId: two?.messageId },
      { cmd: 'publish', topic: 'three', dup: true },
      { cmd: 'publish', topic: 'four', dup: false },
    ]);
  });

  it('goes on past 65,535 messages with packet identifiers that are free', async () => {
    const world = makeTestBroker();
    const { client } = await connect(world, version);
    await subscribe(client, 'a', { qos: 1 });
    world.bus.publish({ topic: 'a', payload: 'kept', qos: 1, ...local });
    const { messageId: kept } = await client.takeOne('publish');
    const seen = new Set<number>();
    for (let round = 0; round < 66; round += 1) {
      for (let count = 0; count < 1_000; count += 1) world.bus.publish({ topic: 'a', payload: 'x', qos: 1, ...local });
      for (const { messageId = 0 } of await client.takePublishes()) {
        seen.add(messageId);
        client.send({ cmd: 'puback', messageId, reasonCode: 0 });
      }
      await turns(4);
    }
    expect(seen.has(kept ?? 0)).toBe(false);
    expect(seen.has(0)).toBe(false);
    expect(seen.size).toBeGreaterThan(60_000); // some are passed over while `kept` is in their slot
  });
});

describe('flow control', () => {
  it('keeps within the receive maximum of the client', async () => {
    const world = makeTestBroker();
    const { client } = await connect(world, 5, { properties: { receiveMaximum: 2 } });
    await subscribe(client, 'a', { qos: 1 });
    for (let count = 0; count < 5; count += 1)
      world.bus.publish({ topic: 'a', payload: String(count), qos: 1, ...local });
    const first = await client.takePublishes();
    expect(first.map(({ payload }) => String(payload))).toEqual(['0', '1']);
    client.send({ cmd: 'puback', messageId: first[0]?.messageId ?? 0, reasonCode: 0 });
    expect((await client.takePublishes()).map(({ payload }) => String(payload))).toEqual(['2']);
  });

  it('ends a QoS 2 message that the client refuses', async () => {
    const world = makeTestBroker();
    const { client } = await connect(world, 5, { properties: { receiveMaximum: 1 } });
    await subscribe(client, 'a', { qos: 2 });
    world.bus.publish({ topic: 'a', payload: '1', qos: 2, ...local });
    world.bus.publish({ topic: 'a', payload: '2', qos: 2, ...local });
    const { messageId = 0 } = await client.takeOne('publish');
    client.send({ cmd: 'pubrec', messageId, reasonCode: 0x87 });
    expect(String((await client.takeOne('publish')).payload)).toBe('2');
  });

  it('disconnects a client that sends more QoS 2 messages than it may', async () => {
    const { client } = await connect(makeTestBroker({ receiveMaximum: 2 }), 5);
    for (const messageId of [1, 2, 3]) client.send(publishPacket('a', 'x', { qos: 2, messageId }));
    const answers = await client.take();
    expect(answers.at(-1)).toMatchObject({ cmd: 'disconnect', reasonCode: 0x93 });
    expect(client.isClosed).toBe(true);
  });

  it('answers a release of nothing with identifier not found', async () => {
    const { client } = await connect(makeTestBroker(), 5);
    client.send({ cmd: 'pubrel', messageId: 5, reasonCode: 0 });
    expect(await client.takeOne('pubcomp')).toMatchObject({ messageId: 5, reasonCode: 0x92 });
    client.send({ cmd: 'pubrec', messageId: 6, reasonCode: 0 });
    expect(await client.takeOne('pubrel')).toMatchObject({ messageId: 6, reasonCode: 0x92 });
  });
});
