import { describe, expect, it } from 'vitest';
import { sortRows } from '../../../src/broker/watch/client-rows.ts';
import { connect, makeTestBroker, openPacketClient, publishPacket, subscribe, turns } from '../packet-client.ts';

const keep = { clean: false, properties: { sessionExpiryInterval: 60 } };

describe('rows of clients', () => {
  it('tell who is connected, how, and what passed', async () => {
    const world = makeTestBroker();
    const will = { topic: 'w', payload: Buffer.from('gone'), qos: 0 as const };
    const { client } = await connect(world, 5, { clientId: 'a', keepalive: 30, will, ...keep });
    await subscribe(client, 't/#', { qos: 1 });
    client.send(publishPacket('t/1', 'hello', { qos: 1, messageId: 4 }));
    await client.take();
    expect(world.broker.client('a')).toMatchObject({
      ...{ id: 'a', connected: true, address: 'memory', transport: 'memory', version: '5', role: 'operator' },
      ...{ since: world.clock.now(), keepAliveS: 30, subscriptions: 1, inflight: 1, queued: 0 },
      ...{ messagesIn: 1, messagesOut: 1, willTopic: 'w', expiryMs: 60_000, filters: [{ filter: 't/#', qos: 1 }] },
    });
    expect(world.broker.client('b')).toBeUndefined();
  });

  it('remember who is away, with the counts of all its connections', async () => {
    const world = makeTestBroker();
    for (const at of [1, 2]) {
      const { client } = await connect(world, 5, { clientId: 'a', ...keep });
      client.send(publishPacket('t', 'x'));
      await turns();
      await world.clock.advance(1_000);
      client.stream.destroy();
      await turns();
      expect(world.broker.clients()).toMatchObject([{ connected: false, messagesIn: at, since: world.clock.now() }]);
    }
    await world.clock.advance(60_000);
    expect(world.broker.clients()).toEqual([]);
    expect(world.broker.counts.expiredSessions).toBe(1);
  });

  it('tell what was dropped for each, and why', async () => {
    const world = makeTestBroker({ sessionMessages: 1 });
    const { client } = await connect(world, 5, { clientId: 'a', ...keep });
    await subscribe(client, 't', { qos: 1 });
    await connect(world, 5, { clientId: 'b' });
    client.stream.destroy();
    await turns();
    for (const qos of [0, 1, 1] as const) world.bus.publish({ topic: 't', payload: 'x', qos, origin: 'test' });
    const [a, b] = world.broker.clients();
    expect(a).toMatchObject({ queued: 1, dropped: { absent: 1, full: 1 } });
    expect(Object.values(b?.dropped ?? {}).every((count) => count === 0)).toBe(true);
  });

  it.each([
    ['HB184', { queueMessages: 4 }, 0x97],
    ['HB180', {}, 0x82],
    ['HB198', {}, 0x8e],
    ['HB199', {}, 0x98],
  ] as const)('keep the last error: %s', async (code, limits, reason) => {
    const world = makeTestBroker(limits);
    const { client } = await connect(world, 5, { clientId: 'a', ...keep });
    await subscribe(client, '#');
    if (code === 'HB184') {
      client.stream.pause();
      for (let count = 0; count < 90; count += 1) {
        world.bus.publish({ topic: `t/${count}`, payload: 'x'.repeat(2_000), origin: 'test' });
        await turns(1);
      }
    }
    if (code === 'HB180') client.send({ cmd: 'connect', clientId: 'a', protocolId: 'MQTT', protocolVersion: 5 });
    if (code === 'HB198') await connect(world, 5, { clientId: 'a', ...keep });
    if (code === 'HB199') expect(world.broker.kick('a')).toBe(true);
    await turns();
    expect(world.broker.client('a')?.lastError).toMatchObject({ code, reason, time: world.clock.now() });
    client.stream.resume();
    expect((await client.take()).at(-1)).toMatchObject({ cmd: 'disconnect', reasonCode: reason });
  });

  it('have rates while somebody looks, and no timer when nobody does', async () => {
    const world = makeTestBroker();
    const { client } = await connect(world, 4, { clientId: 'a' });
    const idle = world.clock.pending;
    expect(world.broker.clients()[0]?.rate).toBeUndefined();
    const measured = world.broker.measure();
    for (let count = 0; count < 20; count += 1) client.send(publishPacket('t', 'x'));
    await turns();
    await world.clock.advance(500);
    await measured;
    expect(world.broker.clients()[0]?.rate).toMatchObject({ messagesIn: 40, messagesOut: 0 });
    expect(world.broker.rate()).toMatchObject({ messagesIn: 40 });
    await world.clock.advance(29_500);
    expect(world.broker.clients()[0]?.rate).toMatchObject({ messagesIn: 0 });
    await world.clock.advance(60_000);
    expect(world.clock.pending).toBe(idle);
    expect(world.broker.rate()).toBeUndefined();
  });

  it('have the largest first when they are sorted, else the order of their ids', async () => {
    const world = makeTestBroker();
    for (const clientId of ['b', 'c', 'a']) await connect(world, 5, { clientId, ...keep });
    const { client } = await connect(world, 5, { clientId: 'b', ...keep });
    client.send(publishPacket('t', 'x'));
    await turns();
    const rows = world.broker.clients();
    expect(sortRows(rows, 'id').map(({ id }) => id)).toEqual(['a', 'b', 'c']);
    expect(sortRows(rows, 'bytes').map(({ id }) => id)).toEqual(['b', 'a', 'c']);
  });

  it('cannot be kicked when they are away', async () => {
    const world = makeTestBroker();
    const { client } = await connect(world, 4, { clientId: 'a', clean: false });
    expect(world.broker.kick('a')).toBe(true);
    await client.take();
    expect(client.isClosed).toBe(true);
    expect([world.broker.kick('a'), world.broker.kick('b')]).toEqual([false, false]);
  });
});

describe('refusals', () => {
  it('of connections are counted by code', async () => {
    const world = makeTestBroker();
    const { client } = await connect(world, 5);
    for (const bytes of [
      [0x10, 0],
      [0x30, 2, 0, 0],
    ]) {
      openPacketClient(world, 4).sendBytes(Buffer.from(bytes));
    }
    await turns();
    openPacketClient(world, 4);
    openPacketClient(world, 4).stream.destroy();
    await turns();
    await world.clock.advance(5_000);
    expect(Object.fromEntries(world.broker.counts.refusals)).toEqual({ HB180: 2, HB190: 1, left: 1 });
    expect(world.broker.counts.refusedConnections).toBe(4);
    expect(client.isClosed).toBe(false);
  });
});
