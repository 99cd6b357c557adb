import { describe, expect, it } from 'vitest';
import { connect, makeTestBroker, openPacketClient, publishPacket, subscribe, turns } from './packet-client.ts';

const VERSIONS = [4, 5] as const;

describe.each(VERSIONS)('CONNECT, version %i', (version) => {
  it('is answered with CONNACK and no session', async () => {
    const { connack } = await connect(makeTestBroker(), version);
    expect(connack.sessionPresent).toBe(false);
    expect(version === 5 ? connack.reasonCode : connack.returnCode).toBe(0);
  });

  it('gives an empty client id a name of its own', async () => {
    const world = makeTestBroker();
    const { connack } = await connect(world, version, { clientId: '' });
    await connect(world, version, { clientId: '' });
    expect(world.broker.counts.clients).toBe(2);
    if (version === 5) expect(connack.properties?.assignedClientIdentifier).toMatch(/^auto-/);
  });

  it('takes a session over from the client that has it', async () => {
    const world = makeTestBroker();
    const { client: old } = await connect(world, version, { clientId: 'same' });
    const { client: young } = await connect(world, version, { clientId: 'same' });
    if (version === 5) expect(await old.take()).toMatchObject([{ cmd: 'disconnect', reasonCode: 0x8e }]);
    expect(old.isClosed).toBe(true);
    young.send({ cmd: 'pingreq' });
    await young.takeOne('pingresp');
    expect(world.broker.counts).toMatchObject({ clients: 1, sessions: 1 });
  });

  it('closes a client that sends a second CONNECT', async () => {
    const { client } = await connect(makeTestBroker(), version);
    client.send({ cmd: 'connect', clientId: 'c2', protocolVersion: version });
    const answer = await client.take();
    expect(client.isClosed).toBe(true);
    expect(answer).toMatchObject(version === 5 ? [{ cmd: 'disconnect', reasonCode: 0x82 }] : []);
  });

  it('closes a client that starts with another packet, without a word', async () => {
    const world = makeTestBroker();
    const client = openPacketClient(world, version);
    client.send({ cmd: 'pingreq' });
    expect(await client.take()).toEqual([]);
    expect(client.isClosed).toBe(true);
    expect(world.lines.at(-1)?.fields.code).toBe('HB180');
  });

  it('closes a silent socket after 5 s', async () => {
    const world = makeTestBroker();
    const client = openPacketClient(world, version);
    await world.clock.advance(4_999);
    await turns();
    expect(client.isClosed).toBe(false);
    await world.clock.advance(1);
    await turns();
    expect(client.isClosed).toBe(true);
    expect(world.broker.counts.refusedConnections).toBe(1);
  });

  it('closes a client that is silent for 1.5 times its keep alive, and no other', async () => {
    const world = makeTestBroker();
    const { client: silent } = await connect(world, version, { clientId: 'a', keepalive: 10 });
    const { client: awake } = await connect(world, version, { clientId: 'b', keepalive: 10 });
    const { client: free } = await connect(world, version, { clientId: 'c', keepalive: 0 });
    await world.clock.advance(14_000);
    awake.send({ cmd: 'pingreq' });
    await awake.takeOne('pingresp');
    await world.clock.advance(1_001);
    const last = await silent.take();
    expect(last).toMatchObject(version === 5 ? [{ cmd: 'disconnect', reasonCode: 0x8d }] : []);
    expect([silent.isClosed, awake.isClosed, free.isClosed]).toEqual([true, false, false]);
  });
});

describe('CONNECT', () => {
  it('refuses 3.1.1 without a client id and without a clean session', async () => {
    const { connack, client } = await connect(makeTestBroker(), 4, { clientId: '', clean: true });
    expect(connack.returnCode).toBe(0);
    expect(client.isClosed).toBe(false);
    const refused = openPacketClient(makeTestBroker(), 4);
    refused.sendBytes(Buffer.from('100c00044d51545404000000' + '0000', 'hex'));
    expect((await refused.takeOne('connack')).returnCode).toBe(2);
    expect(refused.isClosed).toBe(true);
  });

  it.each([
    [7, 5, { reasonCode: 0x84 }],
    [2, 4, { returnCode: 1 }],
  ] as const)('answers protocol version %i with an unsupported version', async (announced, version, answer) => {
    const client = openPacketClient(makeTestBroker(), version);
    client.sendBytes(Buffer.from([0x10, 0x0d, 0, 4, 77, 81, 84, 84, announced, 2, 0, 0, 0, 1, 97]));
    expect(await client.takeOne('connack')).toMatchObject(answer);
    expect(client.isClosed).toBe(true);
  });

  it('speaks 3.1 too', async () => {
    const { connack } = await connect(makeTestBroker(), 4, { protocolId: 'MQIsdp', protocolVersion: 3 });
    expect(connack.returnCode).toBe(0);
  });

  it('refuses a larger CONNECT than 4 KB before it is complete', async () => {
    const client = openPacketClient(makeTestBroker(), 5);
    client.sendBytes(Buffer.from([0x10, 0x80, 0x80, 0x80, 0x01]));
    expect(await client.take()).toEqual([]);
    expect(client.isClosed).toBe(true);
  });

  it('tells MQTT 5 clients its limits', async () => {
    const { connack } = await connect(makeTestBroker({ receiveMaximum: 7, topicAliases: 3 }), 5);
    expect(connack.properties).toMatchObject({ receiveMaximum: 7, topicAliasMaximum: 3, maximumPacketSize: 4_194_304 });
  });

  it('refuses enhanced authentication', async () => {
    const { connack } = await connect(makeTestBroker(), 5, { properties: { authenticationMethod: 'SCRAM' } });
    expect(connack.reasonCode).toBe(0x8c);
  });

  it('refuses one client too many, and makes room at the cost of an absent one', async () => {
    const world = makeTestBroker({ sessions: 1 });
    const { client } = await connect(world, 5, { properties: { sessionExpiryInterval: 100 } });
    expect((await connect(world, 5, { clientId: 'c2' })).connack.reasonCode).toBe(0x89);
    client.send({ cmd: 'disconnect', reasonCode: 0 });
    await turns();
    expect((await connect(world, 5, { clientId: 'c2' })).connack.reasonCode).toBe(0);
  });

  it('says goodbye to all when it stops, and settles', async () => {
    const world = makeTestBroker();
    const { client } = await connect(world, 5);
    const { client: old } = await connect(world, 4, { clientId: 'old' });
    await subscribe(client, 'a');
    world.bus.publish({ topic: 'a', payload: 'last words', origin: 'test' });
    await world.broker.stop();
    expect(await client.take()).toMatchObject([{ cmd: 'publish' }, { cmd: 'disconnect', reasonCode: 0x8b }]);
    await turns();
    expect(old.isClosed).toBe(true);
    expect(world.broker.counts).toMatchObject({ clients: 0, sessions: 0 });
    expect(world.bus.counts.subscriptions).toBe(0);
  });

  it('gives a client that does not close 500 ms when it stops', async () => {
    const world = makeTestBroker();
    const { client } = await connect(world, 5);
    client.stream.pause();
    let isStopped = false;
    void world.broker.stop().then(() => (isStopped = true));
    await turns();
    await world.clock.advance(500);
    await turns();
    expect(isStopped).toBe(true);
  });

  it('counts packets and bytes', async () => {
    const world = makeTestBroker();
    const { client } = await connect(world, 5);
    await subscribe(client, 'a');
    client.send(publishPacket('a', 'x'));
    await client.takeOne('publish');
    expect(world.broker.counts).toMatchObject({ messagesIn: 1, messagesOut: 1, clients: 1 });
    expect(world.broker.counts.bytesIn).toBeGreaterThan(20);
    expect(world.broker.counts.bytesOut).toBeGreaterThan(20);
  });
});

describe('sockets that never say CONNECT', () => {
  it('make way, the oldest first, so that nobody is kept out', async () => {
    const world = makeTestBroker({ unknownSockets: 3 });
    const silent = [1, 2, 3, 4].map(() => openPacketClient(world, 4));
    await turns();
    expect(silent.map(({ isClosed }) => isClosed)).toEqual([true, false, false, false]);
    const { client, connack } = await connect(world, 4);
    expect(connack.returnCode).toBe(0);
    expect(silent.map(({ isClosed }) => isClosed)).toEqual([true, true, false, false]);
    openPacketClient(world, 4);
    openPacketClient(world, 4);
    await turns();
    expect(client.isClosed).toBe(false);
    expect(silent.map(({ isClosed }) => isClosed)).toEqual([true, true, true, false]);
  });
});
