import { expect } from 'vitest';
import { bytes, packet, packetsIn, props, text, u16, u32, varint } from './raw.ts';
import { closesWith, connectLasting, publish, publishOnce, subscribe } from './steps.ts';
import type { Proof } from './table.ts';

/** Bytes after CONNECT that end the connection, and the reason. */
type Bad = readonly [name: string, proves: readonly string[], reason: number, sent: Buffer];

const BAD: readonly Bad[] = [
  ['DISCONNECT with reserved flags', ['3.14.1-1', '2.1.3-1'], 0x81, packet(0xe1, 0)],
  ['AUTH with reserved flags', ['3.15.1-1', '2.1.3-1'], 0x81, packet(0xf2, 0x18, props(21, text('x')))],
  ['PUBREL with the flags 0000', ['3.6.1-1', '2.1.3-1'], 0x81, packet(0x60, u16(1))],
  ['PUBREL with the flags 0110', ['3.6.1-1', '2.1.3-1'], 0x81, packet(0x66, u16(1))],
  ['PUBACK with reserved flags', ['2.1.3-1'], 0x81, packet(0x42, u16(1))],
  ['PUBREC with reserved flags', ['2.1.3-1'], 0x81, packet(0x51, u16(1))],
  ['PUBCOMP with reserved flags', ['2.1.3-1'], 0x81, packet(0x72, u16(1))],
  ['PINGREQ with reserved flags', ['2.1.3-1'], 0x81, packet(0xc1)],
  ['PINGREQ with a body', [], 0x81, packet(0xc0, 0)],
  ['packet type 0', [], 0x81, packet(0x00)],
  ['a length of five bytes', [], 0x81, bytes(0x30, 0xff, 0xff, 0xff, 0xff, 0x01)],
  ['PUBLISH that ends within its topic', [], 0x81, packet(0x30, u16(9), 0x61)],
  ['PUBLISH that ends before its properties', [], 0x81, packet(0x30, text('a'))],
  ['PUBLISH that ends within its identifier', [], 0x81, packet(0x32, text('a'), 0)],
  ['PUBLISH with properties beyond its end', [], 0x81, packet(0x30, text('a'), varint(9), 1, 0)],
  ['PUBLISH with a property that is cut off', [], 0x81, packet(0x30, text('a'), props(2, 0, 0))],
  ['PUBLISH with a property that nobody knows', [], 0x81, packet(0x30, text('a'), props(0x7f, 0))],
  ['PUBLISH with a property of CONNECT', [], 0x81, packet(0x30, text('a'), props(17, u32(1)))],
  ['PUBLISH with two content types', [], 0x82, packet(0x30, text('a'), props(3, text('t'), 3, text('t')))],
  ['PUBLISH with two expiries', [], 0x82, packet(0x30, text('a'), props(2, u32(1), 2, u32(1)))],
  ['PUBLISH with two topic aliases', [], 0x82, packet(0x30, text('a'), props(35, u16(1), 35, u16(2)))],
  ['PUBLISH with packet identifier 0', [], 0x81, packet(0x32, text('a'), u16(0), props())],
  ['PUBACK without an identifier', [], 0x81, packet(0x40)],
  ['PUBACK with a reason code that it does not have', ['3.4.2-1'], 0x81, packet(0x40, u16(1), 0x01)],
  ['PUBREC with a reason code that it does not have', ['3.5.2-1'], 0x81, packet(0x50, u16(1), 0x92)],
  ['PUBREL with a reason code that it does not have', ['3.6.2-1'], 0x81, packet(0x62, u16(1), 0x80)],
  ['PUBCOMP with a reason code that it does not have', ['3.7.2-1'], 0x81, packet(0x70, u16(1), 0x10)],
  ['PUBACK with two reason strings', [], 0x82, packet(0x40, u16(1), 0, props(31, text('a'), 31, text('b')))],
  ['PUBACK with a topic alias', [], 0x81, packet(0x40, u16(1), 0, props(35, u16(1)))],
  ['DISCONNECT with a reason code that it does not have', ['3.14.2-1'], 0x81, packet(0xe0, 0x01)],
  ['DISCONNECT with two expiries', [], 0x82, packet(0xe0, 0, props(17, u32(1), 17, u32(1)))],
  ['DISCONNECT with a server reference', [], 0x81, packet(0xe0, 0, props(28, text('x')))],
  ['DISCONNECT that lets a session live on that was to end', [], 0x82, packet(0xe0, 0, props(17, u32(9)))],
  ['AUTH without an authentication method in CONNECT', ['4.12.0-6'], 0x82, packet(0xf0, 0x18, props(21, text('x')))],
  ['AUTH with a reason code that it does not have', ['3.15.2-1'], 0x81, packet(0xf0, 0x01, props(21, text('x')))],
  ['CONNACK from a client', [], 0x82, packet(0x20, 0, 0, props())],
  ['SUBACK from a client', [], 0x82, packet(0x90, u16(1), props(), 0)],
  ['UNSUBACK from a client', [], 0x82, packet(0xb0, u16(1), props(), 0)],
  ['PINGRESP from a client', [], 0x82, packet(0xd0)],
];

/** MQTT 5, 4.13: each mistake has its reason code, and ends the connection. */
const bad = BAD.map(
  ([name, proves, reason, sent]): Proof => ({
    proves: ['MQTT-4.13.1-1', 'MQTT-4.13.2-1', ...proves.map((number) => `MQTT-${number}`)],
    name: `${name} is ${reason === 0x81 ? 'malformed' : 'a protocol error'}`,
    async run({ connect }) {
      const { client } = await connect();
      client.sendBytes(sent);
      await closesWith(client, reason);
    },
  }),
);

const others: readonly Proof[] = [
  {
    proves: ['MQTT-4.13.1-1'],
    name: 'a packet larger than CONNACK allows is told so with 0x95, before it is complete',
    world: { limits: { packetBytes: 1_000 } },
    async run({ connect }) {
      const { client, connack } = await connect();
      expect(connack.properties?.maximumPacketSize).toBe(1_000);
      await publishOnce(client, publish('a', Buffer.alloc(1_000 - 9)));
      const { client: large } = await connect();
      large.sendBytes(bytes(0x30, varint(998)), text('a'));
      await closesWith(large, 0x95);
    },
  },
  {
    proves: ['MQTT-3.14.4-1', 'MQTT-3.14.4-2', 'MQTT-3.14.2-1'],
    name: 'after its DISCONNECT the broker sends nothing more and closes',
    async run({ connect, bus }) {
      const { client } = await connect();
      await subscribe(client, 'a', { qos: 1 });
      client.sendBytes(bytes(0x00, 0x00));
      bus.publish({ topic: 'a', payload: 'x', qos: 1, origin: 'test' });
      await client.takeUntilClosed();
      expect(packetsIn(client.bytes).at(-1)?.[0]).toBe(0xe0);
    },
  },
  {
    proves: ['MQTT-3.14.4-2', 'MQTT-3.14.4-1'],
    name: 'after DISCONNECT from a client nothing of it counts, and the broker closes without a word',
    async run({ connect }) {
      const { client } = await connect();
      const { client: reader } = await connect({ clientId: 'c2' });
      await subscribe(reader, '#');
      client.sendBytes(packet(0xe0), packet(0x30, text('a'), props()), packet(0xc0));
      expect(await client.takeUntilClosed()).toEqual([]);
      expect(await reader.take()).toEqual([]);
    },
  },
  {
    proves: ['MQTT-3.14.2-2', 'MQTT-3.14.2-1'],
    name: 'DISCONNECT from the broker has no session expiry: when it stops it says 0x8B',
    async run(world) {
      const { client } = await connectLasting(world, 'c1');
      const stopped = world.broker.stop();
      const [packet5, ...more] = await client.takeUntilClosed();
      await world.clock.advance(1_000);
      await stopped;
      expect(packet5).toMatchObject({ cmd: 'disconnect', reasonCode: 0x8b });
      expect([packet5].map((each) => each?.cmd === 'disconnect' && each.properties?.sessionExpiryInterval)).toEqual([
        undefined,
      ]);
      expect(more).toEqual([]);
    },
  },
  {
    proves: ['MQTT-3.14.4-1'],
    name: 'what was acknowledged before DISCONNECT arrives at others',
    async run({ connect }) {
      const { client } = await connect();
      const { client: reader } = await connect({ clientId: 'c2' });
      await subscribe(reader, 'a');
      await publishOnce(client, publish('a', 'last words'));
      client.send({ cmd: 'disconnect', reasonCode: 0 });
      await client.takeUntilClosed();
      expect(await reader.takePublishes(1)).toMatchObject([{ payload: Buffer.from('last words') }]);
    },
  },
];

export const disconnectProofs: readonly Proof[] = [...bad, ...others];
