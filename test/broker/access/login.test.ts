import type { IConnectPacket } from 'mqtt-packet';
import { describe, expect, it } from 'vitest';
import type { SecretCredential } from '../../../src/broker/access/credential-book.ts';
import { makeAccess } from '../../../src/broker/access/make-access.ts';
import { openBroker } from '../../../src/broker/broker.ts';
import type { Peer } from '../../../src/broker/peer.ts';
import { Bus } from '../../../src/bus/bus.ts';
import { textOf } from '../../../src/bus/message.ts';
import { makeFakeClock } from '../../fakes/clock.ts';
import { makeFakeLog } from '../../fakes/log.ts';
import { openPacketClient, publishPacket, type TestVersion } from '../packet-client.ts';

const LAN: Peer = { address: '192.168.1.7', port: 1, transport: 'tls' };
const LAN_PLAIN: Peer = { ...LAN, transport: 'tcp' };
const HERE: Peer = { address: '127.0.0.1', port: 2, transport: 'tcp' };

function credential(name: string, more: Partial<SecretCredential> = {}): SecretCredential {
  const empty = { read: [], write: [], plain: false, certificates: [] };
  return { name, role: 'operator', ...empty, hash: `#${name}`, ...more };
}

const CREDENTIALS = [
  credential('ann'),
  credential('viewer', { role: 'viewer' }),
  credential('tas', { role: 'device', prefix: 'tas', plain: true, clientId: 'DVES_1' }),
  credential('esp', { role: 'device', prefix: 'esp' }),
  credential('asker', { write: ['hanbus/kitchen/$req/read', 'asker/#'] }),
];

function setUp() {
  const clock = makeFakeClock();
  const { log, lines } = makeFakeLog();
  const bus = new Bus((error) => {
    throw error;
  });
  const isPasswordOf = async (password: Uint8Array, hash: string) => `#${Buffer.from(password).toString()}` === hash;
  const access = makeAccess({ clock, log, node: 'kitchen', isPasswordOf });
  access.setRules({ credentials: CREDENTIALS, isLocalOpen: true });
  const broker = openBroker({ bus, clock, log, node: 'kitchen', access });
  const from = (peer: Peer, version: TestVersion) => {
    const attached = {
      ...broker,
      attach: (stream: Parameters<typeof broker.attach>[0]) => broker.attach(stream, peer),
    };
    return openPacketClient({ broker: attached, bus, clock, lines }, version);
  };
  const connect = async (peer: Peer, version: TestVersion, options: Partial<IConnectPacket> = {}) => {
    const client = from(peer, version);
    client.send(connectPacket(version, options));
    return { client, connack: await client.takeOne('connack') };
  };
  return { broker, bus, clock, lines, access, from, connect };
}

function connectPacket(version: TestVersion, options: Partial<IConnectPacket> = {}): IConnectPacket {
  return { cmd: 'connect', clientId: 'c1', protocolId: 'MQTT', protocolVersion: version, clean: true, ...options };
}

const login = (username: string, password = username, clientId = username === 'tas' ? 'DVES_1' : username) => ({
  ...{ username, password: Buffer.from(password), clientId },
});

interface Refused {
  readonly what: string;
  readonly peer: Peer;
  readonly options: Partial<IConnectPacket>;
  /** In CONNACK of 5 and of 3.1.1. */
  readonly codes: readonly [number, number];
  readonly code: string;
}

const REFUSED: readonly Refused[] = [
  { what: 'a wrong password', peer: LAN, options: login('ann', 'hunter22'), codes: [0x86, 4], code: 'HB192' },
  { what: 'an unknown user', peer: LAN, options: login('eve'), codes: [0x86, 4], code: 'HB192' },
  { what: 'a wrong password here', peer: HERE, options: login('ann', 'hunter22'), codes: [0x86, 4], code: 'HB192' },
  { what: 'a user without a password', peer: LAN, options: { username: 'ann' }, codes: [0x86, 4], code: 'HB192' },
  { what: 'no login from another machine', peer: LAN, options: {}, codes: [0x87, 5], code: 'HB192' },
  { what: 'a login without encryption', peer: LAN_PLAIN, options: login('ann'), codes: [0x87, 5], code: 'HB193' },
  { what: 'a bound client id', peer: LAN, options: login('ann', 'ann', 'DVES_1'), codes: [0x85, 2], code: 'HB196' },
  { what: 'a bound client id here', peer: HERE, options: { clientId: 'DVES_1' }, codes: [0x85, 2], code: 'HB196' },
];

describe.each([4, 5] as const)('version %i', (version) => {
  it.each(REFUSED)('turns away $what', async ({ peer, options, codes: [reason, old], code }) => {
    const { connect, lines, broker } = setUp();
    const { client, connack } = await connect(peer, version, options);
    expect(connack).toMatchObject(version === 5 ? { reasonCode: reason } : { returnCode: old });
    expect(connack.sessionPresent).toBe(false);
    expect(client.isClosed).toBe(true);
    const told = lines.filter(({ level }) => level === 'warn');
    expect(told).toMatchObject([{ fields: { code, address: peer.address } }]);
    expect(JSON.stringify(lines)).not.toContain('hunter22');
    expect(broker.counts.clients).toBe(0);
  });

  it('gives a client id that was bound to a login to that login, whoever had a session with it before', async () => {
    const { connect, access } = setUp();
    const lasting = version === 5 ? { properties: { sessionExpiryInterval: 9_999 } } : {};
    const { client } = await connect(LAN, version, { ...login('esp', 'esp', 'plug'), clean: false, ...lasting });
    client.stream.destroy();
    const fan = async () => (await connect(LAN, version, { ...login('ann', 'ann', 'plug'), clean: false })).connack;
    expect(await fan()).toMatchObject(version === 5 ? { reasonCode: 0x85 } : { returnCode: 2 });
    const bound = CREDENTIALS.map((one) => (one.name === 'ann' ? { ...one, clientId: 'plug' } : one));
    access.setRules({ credentials: bound, isLocalOpen: true });
    expect(await fan()).toMatchObject({
      sessionPresent: false,
      ...(version === 5 ? { reasonCode: 0 } : { returnCode: 0 }),
    });
  });

  it('refuses an address for a minute after five wrong passwords', async () => {
    const { connect, clock } = setUp();
    for (let count = 0; count < 5; count += 1) await connect(LAN, version, login('ann', `x${count}`));
    const held = version === 5 ? { reasonCode: 0x8a } : { returnCode: 5 };
    expect((await connect(LAN, version, login('ann'))).connack).toMatchObject(held);
    expect((await connect({ ...LAN, address: '192.168.1.8' }, version, login('ann'))).connack.returnCode ?? 0).toBe(0);
    await clock.advance(60_000);
    const { connack } = await connect(LAN, version, login('ann'));
    expect(version === 5 ? connack.reasonCode : connack.returnCode).toBe(0);
  });

  it('takes nothing before the password was checked, and all that came behind it after', async () => {
    const { from, bus } = setUp();
    const heard: string[] = [];
    bus.subscribe('#', (message) => void heard.push(`${message.topic} ${textOf(message)}`), { origin: 'test' });
    const bad = from(LAN, version);
    bad.send(connectPacket(version, login('ann', 'hunter22')));
    bad.send(publishPacket('a', 'bad'));
    expect(await bad.take()).toMatchObject([{ cmd: 'connack' }]);
    const good = from(LAN, version);
    good.send(connectPacket(version, login('ann')));
    good.send(publishPacket('a', '1', { qos: 1, messageId: 1 }));
    good.send(publishPacket('a', '2'));
    expect(await good.take()).toMatchObject([{ cmd: 'connack' }, { cmd: 'puback', messageId: 1 }]);
    expect(heard).toEqual(['a 1', 'a 2']);
  });

  it('lets a device write and read its own topics only', async () => {
    const { connect, bus } = setUp();
    const heard: string[] = [];
    bus.subscribe('#', (message) => void heard.push(message.topic), { origin: 'test' });
    const { client } = await connect(LAN_PLAIN, version, login('tas'));
    let messageId = 0;
    const publish = async (topic: string, retain = false) => {
      messageId += 1;
      client.send(publishPacket(topic, 'x', { qos: 1, messageId, retain }));
      return (await client.takeOne('puback')).reasonCode ?? 0;
    };
    const no = version === 5 ? 0x87 : 0;
    expect(await publish('tas/a')).toBe(0);
    expect(await publish('tele/tas/LWT', true)).toBe(0);
    expect(await publish('esp/a')).toBe(no);
    expect(await publish('hanbus/kitchen/lamp/power/set')).toBe(no);
    expect(await publish('cmnd/tas/POWER', true)).toBe(version === 5 ? 0x83 : 0);
    expect(heard).toEqual(['tas/a', 'tele/tas/LWT']);
  });

  it('lets each subscribe to what it may read', async () => {
    const { connect } = setUp();
    const { client } = await connect(LAN_PLAIN, version, login('tas'));
    const filters = ['tas/#', 'cmnd/tas/#', 'cmnd/tasmotas/#', '#', '+/tas/#', 'esp/a', '$share/g/tas/#', '$share/g/#'];
    const subscriptions = filters.map((topic) => ({ topic, qos: 0 as const }));
    client.send({ cmd: 'subscribe', messageId: 99, subscriptions });
    const denied = version === 5 ? 0x87 : 0x80;
    const [suback] = (await client.take()).filter(({ cmd }) => cmd === 'suback');
    expect(suback).toMatchObject({ granted: [0, 0, 0, denied, denied, denied, 0, denied] });
    const { client: viewer } = await connect(LAN, version, login('viewer'));
    viewer.send({ cmd: 'subscribe', messageId: 2, subscriptions: ['#', '$SYS/#'].map((topic) => ({ topic, qos: 0 })) });
    expect((await viewer.take())[0]).toMatchObject({ granted: [0, denied] });
  });

  it('refuses what a viewer says, its will too', async () => {
    const { connect } = setUp();
    const { client } = await connect(LAN, version, login('viewer'));
    client.send(publishPacket('a', 'x', { qos: 1, messageId: 1 }));
    expect((await client.takeOne('puback')).reasonCode ?? 0).toBe(version === 5 ? 0x87 : 0);
    const will = { topic: 'a', payload: Buffer.from('x'), qos: 0 as const, retain: false };
    const { connack } = await connect(LAN, version, { ...login('viewer'), will });
    expect(version === 5 ? connack.reasonCode : connack.returnCode).toBe(version === 5 ? 0x87 : 5);
  });

  it('gives a session to its owner alone', async () => {
    const { connect, broker } = setUp();
    const more = version === 5 ? { properties: { sessionExpiryInterval: 60 } } : {};
    const own = { ...login('ann', 'ann', 'phone'), clean: false, ...more };
    const { client } = await connect(LAN, version, own);
    const { connack } = await connect(LAN, version, { ...login('esp', 'esp', 'phone'), clean: false, ...more });
    expect(version === 5 ? connack.reasonCode : connack.returnCode).toBe(version === 5 ? 0x85 : 2);
    expect(client.isClosed).toBe(false);
    expect(broker.counts.clients).toBe(1);
    client.stream.destroy();
    const { connack: again } = await connect(LAN, version, own);
    expect(again.sessionPresent).toBe(true);
  });

  it('begins a session anew that had subscribed to what is not open to it any more', async () => {
    const { connect, access, bus } = setUp();
    const more = version === 5 ? { properties: { sessionExpiryInterval: 60 } } : {};
    const own = { ...login('ann'), clean: false, ...more };
    const { client } = await connect(LAN, version, own);
    const subscriptions = ['ann/#', 'other/#'].map((topic) => ({ topic, qos: 1 as const }));
    client.send({ cmd: 'subscribe', messageId: 1, subscriptions });
    await client.takeOne('suback');
    client.send({ cmd: 'disconnect' });
    await client.take();
    bus.publish({ topic: 'other/waiting', payload: 'x', qos: 1, origin: 'test' });
    const device = credential('ann', { role: 'device', prefix: 'ann' });
    access.setRules({ credentials: [device], isLocalOpen: true });
    const { client: again, connack } = await connect(LAN, version, own);
    expect(connack.sessionPresent).toBe(false);
    again.send({ cmd: 'subscribe', messageId: 2, subscriptions });
    expect(await again.takeOne('suback')).toMatchObject({ granted: [1, version === 5 ? 0x87 : 0x80] });
    for (const topic of ['other/x', 'ann/x']) bus.publish({ topic, payload: 'x', origin: 'test' });
    expect((await again.takePublishes()).map(({ topic }) => topic)).toEqual(['ann/x']);
  });

  it('puts out the clients of a login that is removed or changed, and nobody else', async () => {
    const { connect, access } = setUp();
    const [ann, tas, local] = await Promise.all([
      connect(LAN, version, login('ann')),
      connect(LAN_PLAIN, version, login('tas')),
      connect(HERE, version),
    ]);
    const rest = CREDENTIALS.filter(({ name }) => name !== 'ann');
    access.setRules({ credentials: rest, isLocalOpen: true });
    const said = await ann.client.take();
    if (version === 5) expect(said).toMatchObject([{ cmd: 'disconnect', reasonCode: 0x87 }]);
    expect([ann.client.isClosed, tas.client.isClosed, local.client.isClosed]).toEqual([true, false, false]);
    access.setRules({ credentials: rest.map((one) => ({ ...one, hash: '#new' })), isLocalOpen: true });
    await tas.client.take();
    expect([tas.client.isClosed, local.client.isClosed]).toEqual([true, false]);
    access.setRules({ credentials: rest, isLocalOpen: false });
    await local.client.take();
    expect(local.client.isClosed).toBe(true);
  });
});

/** A broker whose access answers as `isPasswordOf` does. */
function setUpSlow(isPasswordOf: () => Promise<boolean>) {
  const clock = makeFakeClock();
  const { log, lines } = makeFakeLog();
  const bus = new Bus((error) => {
    throw error;
  });
  const access = makeAccess({ clock, log, isPasswordOf });
  access.setRules({ credentials: CREDENTIALS, isLocalOpen: true });
  const broker = openBroker({ bus, clock, log, access });
  const attached = { ...broker, attach: (stream: Parameters<typeof broker.attach>[0]) => broker.attach(stream, LAN) };
  return { clock, from: (version: TestVersion) => openPacketClient({ broker: attached, bus, clock, lines }, version) };
}

it('does not turn away a client that waits for its password to be checked', async () => {
  let answer: (isRight: boolean) => void = () => undefined;
  const { clock, from } = setUpSlow(() => new Promise((resolve) => (answer = resolve)));
  const client = from(5);
  client.send(connectPacket(5, login('ann')));
  expect(await client.take()).toEqual([]);
  await clock.advance(60_000);
  answer(true);
  expect(await client.takeOne('connack')).toMatchObject({ reasonCode: 0 });
});

it.each([4, 5] as const)('says busy when a password cannot be checked, version %i', async (version) => {
  const client = setUpSlow(() => Promise.reject(new Error('no memory'))).from(version);
  client.send(connectPacket(version, login('ann')));
  const { reasonCode, returnCode } = await client.takeOne('connack');
  expect(version === 5 ? reasonCode : returnCode).toBe(version === 5 ? 0x89 : 3);
});

it('asks for answers only where the client itself may write: the node answers with its own rights', async () => {
  const { connect, bus } = setUp();
  const heard: string[] = [];
  bus.subscribe('#', (message) => void heard.push(message.props?.responseTopic ?? ''), { origin: 'test' });
  const { client } = await connect(LAN, 5, login('asker'));
  const ask = async (responseTopic: string, messageId: number) => {
    const properties = { responseTopic };
    client.send(publishPacket('hanbus/kitchen/$req/read', '{}', { qos: 1, messageId, properties }));
    return (await client.takeOne('puback')).reasonCode ?? 0;
  };
  expect(await ask('asker/answers', 1)).toBe(0);
  expect(await ask('hanbus/kitchen/$res/read', 2)).toBe(0);
  expect(await ask('cmnd/tas/POWER', 3)).toBe(0x87);
  expect(heard).toEqual(['asker/answers', 'hanbus/kitchen/$res/read']);
  const properties = { responseTopic: 'cmnd/tas/POWER' };
  const will = {
    topic: 'hanbus/kitchen/$req/read',
    payload: Buffer.from('{}'),
    qos: 0,
    retain: false,
    properties,
  } as const;
  expect((await connect(LAN, 5, { ...login('asker'), will })).connack.reasonCode).toBe(0x87);
});
