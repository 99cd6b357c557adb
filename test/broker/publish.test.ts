import { describe, expect, it } from 'vitest';
import { encodePublish } from '../../src/broker/encode-publish.ts';
import { type Message, textOf } from '../../src/bus/message.ts';
import { connect, makeTestBroker, publishPacket, stampId, subscribe } from './packet-client.ts';

const local = { origin: 'test' };
const reading = {
  value: 21.5,
  unit: '°C',
  time: 1_763_796_600_123,
  quality: 'good',
  epoch: 17,
  sequence: 48_211,
} as const;

describe('PUBLISH from a client', () => {
  it.each([
    ['a wildcard', publishPacket('a/+', 'x'), 0x90],
    ['no topic', publishPacket('', 'x'), 0x82],
    ['an alias of 0', publishPacket('a', 'x', { properties: { topicAlias: 0 } }), 0x94],
    ['an alias beyond the limit', publishPacket('a', 'x', { properties: { topicAlias: 65 } }), 0x94],
    ['an unknown alias', publishPacket('', 'x', { properties: { topicAlias: 3 } }), 0x82],
    ['a wildcard in the response topic', publishPacket('a', 'x', { properties: { responseTopic: 'b/#' } }), 0x82],
    ['a subscription identifier', publishPacket('a', 'x', { properties: { subscriptionIdentifier: 3 } }), 0x82],
    ['201 levels', publishPacket('a/'.repeat(200), 'x'), 0x90],
  ])('with %s ends the connection with the right reason', async (_name, packet, reasonCode) => {
    const { client } = await connect(makeTestBroker(), 5);
    client.send(packet);
    expect(await client.takeOne('disconnect')).toMatchObject({ reasonCode });
    expect(client.isClosed).toBe(true);
  });

  it('may use topic aliases, each connection its own', async () => {
    const world = makeTestBroker();
    const heard: string[] = [];
    world.bus.subscribe('#', (message) => void heard.push(`${message.topic} ${textOf(message)}`), local);
    const { client } = await connect(world, 5);
    client.send(publishPacket('a', '1', { properties: { topicAlias: 1 } }));
    client.send(publishPacket('', '2', { properties: { topicAlias: 1 } }));
    client.send(publishPacket('b', '3', { properties: { topicAlias: 1 } }));
    client.send(publishPacket('', '4', { properties: { topicAlias: 1 } }));
    await client.take();
    expect(heard).toEqual(['a 1', 'a 2', 'b 3', 'b 4']);
  });

  it('passes its properties on to MQTT 5 and the plain value to 3.1.1', async () => {
    const world = makeTestBroker();
    const { client } = await connect(world, 5);
    const { client: old } = await connect(world, 4, { clientId: 'old' });
    await subscribe(client, 'a');
    await subscribe(old, 'a');
    const properties = {
      contentType: 'text/plain',
      responseTopic: 'answer/here',
      correlationData: Buffer.from([0, 255]),
      payloadFormatIndicator: true,
      userProperties: { z: 'last', a: ['1', '2'] },
    };
    client.send(publishPacket('a', 'x', { properties }));
    const { properties: got } = await client.takeOne('publish');
    expect({ ...got, userProperties: { ...got?.userProperties } }).toEqual(properties);
    expect((await old.takeOne('publish')).properties).toBeUndefined();
  });

  it.each([0, 1] as const)('keeps the order of its user properties, QoS %i', async (qos) => {
    const world = makeTestBroker();
    const heard: Message[] = [];
    world.bus.subscribe('a', (message) => void heard.push(message), local);
    const { client } = await connect(world, 5);
    const user: [string, string][] = [
      ['b', '1'],
      ['10', ''],
      ['a', 'ü'],
      ['b', '2'],
      ['10', 'x'],
    ];
    const props = {
      user,
      contentType: 't',
      expiresAt: 9e12,
      correlationData: Buffer.from('c'),
      payloadFormat: 1 as const,
    };
    const message: Message = { topic: 'a', payload: 'x', retain: false, qos, origin: 'x', props };
    const bytes = encodePublish(message, { version: 5, qos, retain: false, ids: [], now: 0 });
    client.sendBytes(qos === 0 ? bytes : stampId(bytes, 7, false));
    await client.take();
    expect(heard[0]?.props?.user).toEqual(user);
    await subscribe(client, 'a');
    world.bus.put({ ...message, origin: 'y' });
    expect(Object.keys((await client.takeOne('publish')).properties?.userProperties ?? {})).toEqual(['10', 'b', 'a']);
  });

  it.each([
    'hanbus/kitchen/pump/state/set',
    'hanbus/kitchen/pump/state/$cmd',
    'hanbus/kitchen/air/temperature/$publish/set',
    'hanbus/kitchen/$req/list',
  ])('to %s is refused when it is retained', async (topic) => {
    const world = makeTestBroker();
    const heard: Message[] = [];
    world.bus.subscribe('#', (message) => void heard.push(message), local);
    const { client } = await connect(world, 5);
    client.send(publishPacket(topic, 'on', { retain: true, qos: 1, messageId: 1 }));
    const puback = await client.takeOne('puback');
    expect(puback).toMatchObject({ reasonCode: 0x83, properties: { reasonString: expect.stringMatching(/^HB181/) } });
    expect(world.lines.filter(({ fields }) => fields.code === 'HB181')).toHaveLength(1);
    expect([heard.length, world.bus.counts.retained]).toEqual([0, 0]);
    client.send(publishPacket(topic, '', { retain: true, qos: 1, messageId: 2 }));
    expect(await client.takeOne('puback')).toMatchObject({ reasonCode: 0 });
    expect(heard).toHaveLength(0);
    client.send(publishPacket(topic, 'on'));
    await client.take();
    expect(heard).toHaveLength(1);
  });

  it('to a third-party topic that ends in set may be retained', async () => {
    const world = makeTestBroker();
    const { client } = await connect(world, 5);
    client.send(publishPacket('zigbee2mqtt/lamp/set', 'on', { retain: true }));
    await client.take();
    expect(world.bus.counts.retained).toBe(1);
  });

  it('to a topic of the broker is refused', async () => {
    const world = makeTestBroker();
    const { client } = await connect(world, 5);
    const { client: old } = await connect(world, 4, { clientId: 'old' });
    client.send(publishPacket('$SYS/x', 'x', { qos: 2, messageId: 1 }));
    expect(await client.takeOne('pubrec')).toMatchObject({ reasonCode: 0x87 });
    old.send(publishPacket('$SYS/x', 'x', { qos: 1, messageId: 1 }));
    await old.takeOne('puback');
    expect(world.bus.counts.published).toBe(0);
    expect(world.broker.counts.dropped.refused).toBe(2);
  });

  it('is refused with the quota code when the bus is full', async () => {
    const world = makeTestBroker();
    world.bus.put = () => false;
    const { client } = await connect(world, 5);
    client.send(publishPacket('a', 'x', { qos: 1, messageId: 1 }));
    expect(await client.takeOne('puback')).toMatchObject({ reasonCode: 0x97 });
    const { client: old } = await connect(world, 4, { clientId: 'old' });
    old.send(publishPacket('a', 'x', { qos: 1, messageId: 1 }));
    expect(await old.take()).toEqual([]);
    expect(old.isClosed).toBe(true);
  });

  it('leaves no reason string when the client does not want one', async () => {
    const { client } = await connect(makeTestBroker(), 5, { properties: { requestProblemInformation: false } });
    client.send(publishPacket('$x', 'x', { qos: 1, messageId: 1 }));
    expect((await client.takeOne('puback')).properties).toBeUndefined();
  });
});

describe('PUBLISH to a client', () => {
  it('carries unit, time, quality, epoch and sequence of a reading', async () => {
    const world = makeTestBroker();
    const { client } = await connect(world, 5);
    const { client: old } = await connect(world, 4, { clientId: 'old' });
    for (const each of [client, old]) await subscribe(each, '#');
    world.bus.publish({ topic: 'hanbus/k/air/t', payload: { reading, form: 'plain' }, ...local });
    const got = await client.takeOne('publish');
    expect(String(got.payload)).toBe('21.5');
    expect({ ...got.properties?.userProperties }).toEqual({
      u: '°C',
      t: '1763796600123',
      q: 'good',
      e: '17',
      s: '48211',
    });
    expect(String((await old.takeOne('publish')).payload)).toBe('21.5');
    world.bus.publish({ topic: 'hanbus/k/air/t/$v', payload: { reading, form: 'envelope' }, ...local });
    const envelope = await client.takeOne('publish');
    expect(envelope.properties).toBeUndefined();
    expect(JSON.parse(String(envelope.payload))).toMatchObject({ v: 21.5, u: '°C' });
  });

  it('counts the expiry down and drops what is over', async () => {
    const world = makeTestBroker();
    const { client } = await connect(world, 5);
    client.send(publishPacket('a', 'x', { retain: true, properties: { messageExpiryInterval: 30 } }));
    await client.take();
    await world.clock.advance(10_500);
    expect(await subscribe(client, 'a')).toMatchObject([{ properties: { messageExpiryInterval: 20 } }]);
    await world.clock.advance(20_000);
    expect(await subscribe(client, 'a')).toEqual([]);
    expect(world.broker.counts.dropped.expired).toBe(1);
  });

  it('drops what is larger than the client takes', async () => {
    const world = makeTestBroker();
    const { client } = await connect(world, 5, { properties: { maximumPacketSize: 50 } });
    await subscribe(client, 'a', { qos: 1 });
    for (const qos of [0, 1] as const) world.bus.publish({ topic: 'a', payload: 'x'.repeat(50), qos, ...local });
    world.bus.publish({ topic: 'a', payload: 'ok', qos: 1, ...local });
    expect((await client.takePublishes()).map(({ payload }) => String(payload))).toEqual(['ok']);
    expect(world.broker.counts.dropped.tooLarge).toBe(2);
  });

  it('never delays others when one client is frozen, and keeps the newest of each topic for it', async () => {
    const world = makeTestBroker({ queueMessages: 50 });
    const { client: frozen } = await connect(world, 5, { clientId: 'frozen' });
    const { client: lively } = await connect(world, 5, { clientId: 'lively' });
    for (const client of [frozen, lively]) await subscribe(client, '#');
    frozen.stream.pause();
    for (let count = 0; count < 2_000; count += 1) {
      world.bus.publish({ topic: `t/${count % 10}`, payload: `${count} ${'x'.repeat(200)}`, ...local });
      if (count % 100 === 0) expect((await lively.takePublishes()).length).toBeGreaterThan(0);
    }
    expect((await lively.takePublishes()).length).toBe(99);
    expect(frozen.isClosed).toBe(false);
    expect(world.broker.counts.dropped.superseded).toBeGreaterThan(1_000);
    frozen.stream.resume();
    const late = await frozen.takePublishes();
    const newest = late.slice(-10).map(({ payload }) => Number.parseInt(String(payload), 10));
    expect(newest).toEqual([1990, 1991, 1992, 1993, 1994, 1995, 1996, 1997, 1998, 1999]);
  });

  it('disconnects a frozen client when too many topics wait', async () => {
    const world = makeTestBroker({ queueMessages: 50 });
    const { client: frozen } = await connect(world, 5);
    await subscribe(frozen, '#');
    frozen.stream.pause();
    for (let count = 0; count < 2_000; count += 1) {
      world.bus.publish({ topic: `t/${count}`, payload: 'x'.repeat(200), ...local });
      if (count % 100 === 0) await frozen.take();
    }
    expect(world.broker.counts.clients).toBe(0);
    expect(world.lines.at(-1)?.fields).toMatchObject({ code: 'HB184', client: 'c1' });
    frozen.stream.resume();
    expect((await frozen.take()).at(-1)).toMatchObject({ cmd: 'disconnect', reasonCode: 0x97 });
  });

  it('disconnects a frozen client of QoS 1 and keeps what its session may hold', async () => {
    const world = makeTestBroker({ sessionMessages: 100 });
    const options = { clean: false, properties: { sessionExpiryInterval: 60, receiveMaximum: 10 } };
    const { client: frozen } = await connect(world, 5, options);
    await subscribe(frozen, '#', { qos: 1 });
    frozen.stream.pause();
    for (let count = 0; count < 500; count += 1)
      world.bus.publish({ topic: 't', payload: String(count), qos: 1, ...local });
    await frozen.take();
    expect(world.broker.counts).toMatchObject({ clients: 0, sessions: 1 });
    frozen.stream.destroy();
    const { client, connack } = await connect(world, 5, { ...options, properties: { sessionExpiryInterval: 60 } });
    expect(connack.sessionPresent).toBe(true);
    const got = (await client.takePublishes()).map(({ payload, dup }) => ({ at: Number(payload), dup }));
    expect(got.slice(0, 10)).toEqual(Array.from({ length: 10 }, (_, at) => ({ at, dup: true })));
    expect(got.slice(10)).toEqual(Array.from({ length: 100 }, (_, at) => ({ at: 400 + at, dup: false })));
    expect(world.broker.counts.dropped.full).toBe(390);
  });

  it('is bounded in bytes too', async () => {
    const world = makeTestBroker({ queueBytes: 200_000 });
    const { client: frozen } = await connect(world, 4);
    await subscribe(frozen, '#');
    frozen.stream.pause();
    for (let count = 0; count < 60; count += 1) {
      world.bus.publish({ topic: `t/${count}`, payload: 'x'.repeat(10_000), ...local });
      await frozen.take();
    }
    expect(world.broker.counts.clients).toBe(0);
  });
});
