import { describe, expect, it } from 'vitest';
import { textOf } from '../../src/bus/message.ts';
import { connect, makeTestBroker, publishPacket, subscribe, turns } from './packet-client.ts';

const local = { origin: 'test' };
const keep = (seconds: number) => ({ clean: false, properties: { sessionExpiryInterval: seconds } });
const will = (more: object = {}) => ({ will: { topic: 'w', payload: Buffer.from('gone'), qos: 0 as const, ...more } });

describe('sessions', () => {
  it('end with the connection when they are clean', async () => {
    const world = makeTestBroker();
    const { client } = await connect(world, 4);
    await subscribe(client, 'a', { qos: 1 });
    client.stream.destroy();
    await turns();
    expect(world.bus.counts.subscriptions).toBe(0);
    expect((await connect(world, 4, { clean: false })).connack.sessionPresent).toBe(false);
  });

  it('of 3.1.1 wait for ever when they are not clean', async () => {
    const world = makeTestBroker();
    const { client } = await connect(world, 4, { clean: false });
    await subscribe(client, 'a', { qos: 1 });
    client.send({ cmd: 'disconnect' });
    await turns();
    await world.clock.advance(365 * 24 * 3_600_000);
    world.bus.publish({ topic: 'a', payload: 'x', qos: 1, ...local });
    const { client: again, connack } = await connect(world, 4, { clean: false });
    expect(connack.sessionPresent).toBe(true);
    expect(await again.takePublishes()).toMatchObject([{ topic: 'a' }]);
  });

  it('of MQTT 5 end when their expiry comes', async () => {
    const world = makeTestBroker();
    const { client } = await connect(world, 5, keep(60));
    client.stream.destroy();
    await turns();
    await world.clock.advance(59_999);
    const { client: again, connack } = await connect(world, 5, keep(60));
    expect(connack.sessionPresent).toBe(true);
    again.stream.destroy();
    await turns();
    await world.clock.advance(60_000);
    expect((await connect(world, 5, keep(60))).connack.sessionPresent).toBe(false);
  });

  it('may wait longer than a timer of the machine can', async () => {
    const world = makeTestBroker();
    const days = 40 * 24 * 3_600;
    const { client } = await connect(world, 5, keep(days));
    client.stream.destroy();
    await turns();
    await world.clock.advance(days * 1_000 - 1);
    expect(world.broker.counts.sessions).toBe(1);
    await world.clock.advance(1);
    expect(world.broker.counts.sessions).toBe(0);
  });

  it('take a new expiry from DISCONNECT, but do not come to life by it', async () => {
    const world = makeTestBroker();
    const { client } = await connect(world, 5, keep(60));
    client.send({ cmd: 'disconnect', reasonCode: 0, properties: { sessionExpiryInterval: 0 } });
    await turns();
    expect(world.broker.counts.sessions).toBe(0);
    const { client: short } = await connect(world, 5);
    short.send({ cmd: 'disconnect', reasonCode: 0, properties: { sessionExpiryInterval: 9 } });
    expect(await short.takeOne('disconnect')).toMatchObject({ reasonCode: 0x82 });
  });

  it('are forgotten at a clean start', async () => {
    const world = makeTestBroker();
    const { client } = await connect(world, 5, keep(60));
    await subscribe(client, 'a', { qos: 1 });
    const { connack } = await connect(world, 5, { clean: true });
    expect(connack.sessionPresent).toBe(false);
    expect(world.bus.counts.subscriptions).toBe(0);
  });

  it('drop the oldest when too much waits for an absent client, and count it', async () => {
    const world = makeTestBroker({ sessionMessages: 2 });
    const { client } = await connect(world, 5, keep(60));
    await subscribe(client, 'a', { qos: 1 });
    client.stream.destroy();
    await turns();
    for (const payload of ['1', '2', '3']) world.bus.publish({ topic: 'a', payload, qos: 1, ...local });
    const { client: again } = await connect(world, 5, keep(60));
    expect((await again.takePublishes()).map(({ payload }) => String(payload))).toEqual(['2', '3']);
    expect(world.broker.counts.dropped.full).toBe(1);
  });

  it('remember received QoS 2 identifiers', async () => {
    const world = makeTestBroker();
    const heard: string[] = [];
    world.bus.subscribe('a', (message) => void heard.push(message.topic), local);
    const { client } = await connect(world, 5, keep(60));
    client.send(publishPacket('a', 'x', { qos: 2, messageId: 4 }));
    await client.takeOne('pubrec');
    client.stream.destroy();
    await turns();
    const { client: again } = await connect(world, 5, keep(60));
    again.send(publishPacket('a', 'x', { qos: 2, messageId: 4, dup: true }));
    await again.takeOne('pubrec');
    expect(heard).toEqual(['a']);
  });
});

describe('wills', () => {
  async function listen(limits = {}) {
    const world = makeTestBroker(limits);
    const said: string[] = [];
    world.bus.subscribe('w', (message) => void said.push(`${textOf(message)} ${message.retain}`), local);
    return { world, said };
  }

  it.each([4, 5] as const)('are said when the connection breaks, version %i', async (version) => {
    const { world, said } = await listen();
    const { client } = await connect(world, version, will({ retain: true }));
    client.stream.destroy();
    await turns();
    expect(said).toEqual(['gone true']);
    expect(world.bus.retainedAt('w')).toBeDefined();
  });

  it('are not said after DISCONNECT, unless it asks for it', async () => {
    const { world, said } = await listen();
    const { client } = await connect(world, 5, will());
    client.send({ cmd: 'disconnect', reasonCode: 0 });
    await turns();
    expect(said).toEqual([]);
    const { client: other } = await connect(world, 5, will());
    other.send({ cmd: 'disconnect', reasonCode: 4 });
    await turns();
    expect(said).toEqual(['gone false']);
  });

  it('wait for their delay, and are forgotten when the client is back in time', async () => {
    const { world, said } = await listen();
    const delayed = { ...keep(60), ...will({ properties: { willDelayInterval: 10 } }) };
    const { client } = await connect(world, 5, delayed);
    client.stream.destroy();
    await turns();
    await world.clock.advance(9_999);
    expect(said).toEqual([]);
    const { client: again } = await connect(world, 5, delayed);
    await world.clock.advance(20_000);
    expect(said).toEqual([]);
    again.stream.destroy();
    await turns();
    await world.clock.advance(10_000);
    expect(said).toEqual(['gone false']);
  });

  it('are said at the end of the session at the latest', async () => {
    const { world, said } = await listen();
    const { client } = await connect(world, 5, { ...keep(5), ...will({ properties: { willDelayInterval: 10 } }) });
    client.stream.destroy();
    await turns();
    await world.clock.advance(5_000);
    expect(said).toEqual(['gone false']);
    await world.clock.advance(10_000);
    expect(said).toEqual(['gone false']);
  });

  it('are said when the keep alive runs out', async () => {
    const { world, said } = await listen();
    await connect(world, 4, { keepalive: 10, ...will() });
    await world.clock.advance(15_001);
    expect(said).toEqual(['gone false']);
  });

  it.each([
    ['+/x', {}, 0x90],
    ['$SYS/x', {}, 0x87],
    ['hanbus/kitchen/pump/state/set', { retain: true }, 0x87],
  ])('to %s are refused at CONNECT', async (topic, more, reasonCode) => {
    const { connack } = await connect(makeTestBroker(), 5, will({ topic, ...more }));
    expect(connack.reasonCode).toBe(reasonCode);
  });

  it('count their expiry from when they are said', async () => {
    const { world } = await listen();
    const properties = { willDelayInterval: 10, messageExpiryInterval: 30 };
    const { client } = await connect(world, 5, { ...keep(60), ...will({ retain: true, properties }) });
    client.stream.destroy();
    await turns();
    await world.clock.advance(10_000);
    expect(world.bus.retainedAt('w')?.props?.expiresAt).toBe(world.clock.now() + 30_000);
  });
});
