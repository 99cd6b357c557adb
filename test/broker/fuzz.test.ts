import fc from 'fast-check';
import { generate } from 'mqtt-packet';
import { describe, expect, it } from 'vitest';
import { connect, makeTestBroker, openPacketClient, publishPacket, subscribe, turns } from './packet-client.ts';

const RUNS = { numRuns: 150 };
const version = fc.constantFrom(4 as const, 5 as const);

/** Well-formed packets of a client, as bytes, to cut and bend. */
function packetsOf(protocolVersion: 4 | 5): Buffer[] {
  const options = { protocolVersion };
  const subscription = { topic: 'a/#', qos: 1 as const, nl: false, rap: true, rh: 1 };
  return [
    generate(
      { cmd: 'connect', clientId: 'f', protocolVersion, clean: true, will: { topic: 'w', payload: 'x' } },
      options,
    ),
    generate(publishPacket('a/b', 'hello', { properties: { contentType: 't', userProperties: { a: 'b' } } }), options),
    generate(publishPacket('a/b', 'hello', { qos: 1, messageId: 3, retain: true }), options),
    generate(publishPacket('a/b', 'hello', { qos: 2, messageId: 3 }), options),
    generate({ cmd: 'subscribe', messageId: 4, subscriptions: [subscription] }, options),
    generate({ cmd: 'unsubscribe', messageId: 5, unsubscriptions: ['a/#'] }, options),
    generate({ cmd: 'pubrel', messageId: 3, reasonCode: 0 }, options),
    generate({ cmd: 'puback', messageId: 3, reasonCode: 0 }, options),
    generate({ cmd: 'pingreq' }, options),
    generate({ cmd: 'disconnect', reasonCode: 0 }, options),
  ];
}

/** Whatever `bytes` do to one client: the broker lives, another client is served, nothing of the first one stays. */
async function survives(protocolVersion: 4 | 5, bytes: readonly Uint8Array[], isConnected: boolean): Promise<void> {
  const world = makeTestBroker();
  const { client: witness } = await connect(world, 5, { clientId: 'witness' });
  await subscribe(witness, 'still/here');
  const client = isConnected
    ? (await connect(world, protocolVersion, { clientId: 'f' })).client
    : openPacketClient(world, protocolVersion);
  for (const part of bytes) client.sendBytes(part);
  await turns(6);
  client.stream.destroy();
  await turns(6);
  await world.clock.advance(6_000);
  await turns(6);
  world.bus.publish({ topic: 'still/here', payload: 'x', origin: 'test' });
  expect((await witness.takePublishes()).filter(({ topic }) => topic === 'still/here')).toHaveLength(1);
  expect(world.broker.counts).toMatchObject({ clients: 1, sessions: 1 });
  expect(world.bus.counts.subscriptions).toBe(1);
  expect(world.lines.filter(({ level }) => level === 'error')).toEqual([]);
}

describe('a client that sends anything', () => {
  it('random bytes, before and after CONNECT', async () => {
    const bytes = fc.array(fc.uint8Array({ minLength: 1, maxLength: 60 }), { maxLength: 6 });
    await fc.assert(
      fc.asyncProperty(version, bytes, fc.boolean(), (v, parts, isConnected) => survives(v, parts, isConnected)),
      RUNS,
    );
  });

  it('packets with a right first byte and random rest', async () => {
    const packet = fc
      .tuple(fc.integer({ min: 0x10, max: 0xff }), fc.uint8Array({ maxLength: 40 }))
      .map(([first, rest]) => Buffer.from([first, rest.length, ...rest]));
    await fc.assert(
      fc.asyncProperty(version, fc.array(packet, { maxLength: 8 }), (v, parts) => survives(v, parts, true)),
      RUNS,
    );
  });

  it('good packets with bytes changed, cut off or cut in pieces', async () => {
    const change = fc.record({
      which: fc.nat(9),
      at: fc.nat(60),
      value: fc.integer({ min: 0, max: 255 }),
      length: fc.nat(60),
      isCut: fc.boolean(),
    });
    const plan = fc.array(change, { minLength: 1, maxLength: 6 });
    await fc.assert(
      fc.asyncProperty(version, plan, fc.boolean(), (v, changes, isConnected) => {
        const packets = packetsOf(v);
        const bytes = changes.flatMap(({ which, at, value, length, isCut }) => {
          const packet = Buffer.from(packets[which] ?? Buffer.alloc(0));
          packet[at % packet.length] = value;
          const sent = isCut ? packet.subarray(0, length) : packet;
          return [sent.subarray(0, 3), sent.subarray(3)].filter((part) => part.length > 0);
        });
        return survives(v, bytes, isConnected);
      }),
      RUNS,
    );
  });

  it.each([
    ['NUL in a topic', '30050003610062'],
    ['a topic that is not UTF-8', '30050002c32878'],
    ['packet identifier 0', '3206000161000078'],
    ['QoS 3', '3605000161000178'],
    ['a length of five bytes', '30ffffffff01'],
    ['a CONNACK', '20020000'],
    ['SUBSCRIBE with wrong flags', '8006000100016100'],
    ['SUBSCRIBE without a filter', '82020001'],
    ['UNSUBSCRIBE without a filter', 'a2020001'],
  ])('%s closes the connection', async (_name, hex) => {
    const world = makeTestBroker();
    const { client } = await connect(world, 4);
    client.sendBytes(Buffer.from(hex, 'hex'));
    expect(await client.take()).toEqual([]);
    expect(client.isClosed).toBe(true);
    expect(world.lines.at(-1)?.fields.code).toBe('HB180');
  });

  it.each([
    ['a property twice', '300b000161060300016103000162', 0x82],
    ['a property of another packet', '3009000161051100000001', 0x81],
    ['an unknown property', '300600016102770178', 0x81],
    ['AUTH', 'f00118', 0x82],
  ])('%s gets its reason code', async (_name, hex, reasonCode) => {
    const { client } = await connect(makeTestBroker(), 5);
    const bytes = Buffer.from(hex, 'hex');
    bytes[1] = bytes.length - 2;
    client.sendBytes(bytes);
    expect(await client.takeOne('disconnect')).toMatchObject({ reasonCode });
  });
});
