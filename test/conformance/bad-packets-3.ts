import { expect } from 'vitest';
import { type Bytes, bytes, connectBytes, NOT_UTF8, packet, text, u16 } from './raw.ts';
import { subscribe } from './steps.ts';
import type { Proof } from './table.ts';

/** A packet after CONNECT that ends the connection. */
type Bad = readonly [name: string, proves: readonly string[], sent: Buffer];

const BAD: readonly Bad[] = [
  ['PUBLISH with QoS 3', ['3.3.1-4'], packet(0x36, text('a'), u16(1))],
  ['PUBLISH with a wildcard + in its topic', ['3.3.2-2', '4.7.1-1'], packet(0x30, text('a/+'))],
  ['PUBLISH with a wildcard # in its topic', ['3.3.2-2', '4.7.1-1'], packet(0x30, text('#'))],
  ['PUBLISH without a topic', ['4.7.3-1', '3.3.2-1'], packet(0x30, text(''))],
  ['PUBLISH whose topic is cut off', ['3.3.2-1'], packet(0x30, u16(9), 0x61)],
  ['PUBLISH with the identifier 0', [], packet(0x32, text('a'), u16(0))],
  ['PUBLISH with QoS 1 and no identifier', [], packet(0x32, text('a'))],
  ['PUBREL with the flags 0000', ['3.6.1-1', '2.2.2-1'], packet(0x60, u16(1))],
  ['PUBREL with the flags 0110', ['3.6.1-1', '2.2.2-2'], packet(0x66, u16(1))],
  ['PUBACK with flags', ['2.2.2-2'], packet(0x42, u16(1))],
  ['SUBSCRIBE with the flags 0000', ['3.8.1-1', '2.2.2-1'], packet(0x80, u16(1), text('a'), 0)],
  ['SUBSCRIBE without a filter', ['3.8.3-3'], packet(0x82, u16(1))],
  ['SUBSCRIBE with QoS 3', ['3.8.3-4'], packet(0x82, u16(1), text('a'), 3)],
  ['SUBSCRIBE with a reserved bit', ['3.8.3-4'], packet(0x82, u16(1), text('a'), 4)],
  ['SUBSCRIBE with the highest bit', ['3.8.3-4'], packet(0x82, u16(1), text('a'), 0x80)],
  ['SUBSCRIBE without a QoS', [], packet(0x82, u16(1), text('a'))],
  ['SUBSCRIBE with the identifier 0', [], packet(0x82, u16(0), text('a'), 0)],
  ['UNSUBSCRIBE with the flags 0000', ['3.10.1-1', '2.2.2-1'], packet(0xa0, u16(1), text('a'))],
  ['UNSUBSCRIBE without a filter', ['3.10.3-2'], packet(0xa2, u16(1))],
  ['UNSUBSCRIBE with the identifier 0', [], packet(0xa2, u16(0), text('a'))],
  ['DISCONNECT with a reserved bit', ['3.14.1-1', '2.2.2-2'], packet(0xe2)],
  ['PINGREQ with a reserved bit', ['2.2.2-2'], packet(0xc1)],
  ['a packet of type 0', [], packet(0x00)],
  ['a packet of type 15', [], packet(0xf0)],
  ['CONNACK', [], packet(0x20, u16(0))],
  ['SUBACK', [], packet(0x90, u16(1), 0)],
  ['PINGRESP', [], packet(0xd0)],
  ['a length of five bytes', [], bytes(0x30, 0x80, 0x80, 0x80, 0x80, 0x01)],
];

const bad = BAD.map(
  ([name, proves, sent]): Proof => ({
    proves: ['MQTT-4.8.0-1', ...proves.map((number) => `MQTT-${number}`)],
    name: `${name} ends the connection, without a word`,
    async run({ connect, bus }) {
      const heard: string[] = [];
      bus.subscribe('#', ({ topic }) => void heard.push(topic), { origin: 'test' });
      const { client } = await connect();
      const before = client.bytes.length;
      client.sendBytes(sent);
      expect(await client.takeUntilClosed()).toEqual([]);
      expect([client.bytes.length - before, heard]).toEqual([0, []]);
    },
  }),
);

const CONNECT_TEXTS: Readonly<Record<string, readonly [string, (content: Bytes) => Bytes, number]>> = {
  'client id': ['MQTT-3.1.3-4', (content) => text(content), 0x02],
  'will topic': ['MQTT-3.1.3-10', (content) => bytes(text('c1'), text(content), text('gone')), 0x06],
  'user name': ['MQTT-3.1.3-11', (content) => bytes(text('c1'), text(content)), 0x82],
};

const PACKET_TEXTS: Readonly<Record<string, readonly [string, (content: Bytes) => Buffer]>> = {
  'topic of PUBLISH': ['MQTT-3.3.2-1', (content) => packet(0x30, text(content), 0x78)],
  'filter of SUBSCRIBE': ['MQTT-3.8.3-1', (content) => packet(0x82, u16(1), text(content), 0)],
  'filter of UNSUBSCRIBE': ['MQTT-3.10.3-1', (content) => packet(0xa2, u16(1), text(content))],
};

const NUL: Bytes = [0x61, 0x00, 0x62];

const inConnect = Object.entries(CONNECT_TEXTS).flatMap(([where, [id, payload, flags]]): Proof[] => [
  {
    proves: ['MQTT-1.5.3-1', id],
    name: `a ${where} that is not UTF-8 ends the connection`,
    async run({ open }) {
      for (const content of Object.values(NOT_UTF8)) {
        const caller = await open();
        caller.sendBytes(connectBytes({ version: 4, flags, payload: payload(content) }));
        expect(await caller.takeUntilClosed()).toEqual([]);
      }
    },
  },
  {
    proves: ['MQTT-1.5.3-2'],
    name: `a ${where} with NUL ends the connection`,
    async run({ open }) {
      const caller = await open();
      caller.sendBytes(connectBytes({ version: 4, flags, payload: payload(NUL) }));
      expect(await caller.takeUntilClosed()).toEqual([]);
    },
  },
]);

const inPackets = Object.entries(PACKET_TEXTS).flatMap(([where, [id, make]]): Proof[] => [
  {
    proves: ['MQTT-1.5.3-1', id],
    name: `a ${where} that is not UTF-8 ends the connection`,
    async run({ connect }) {
      for (const content of Object.values(NOT_UTF8)) {
        const { client } = await connect();
        client.sendBytes(make(content));
        expect(await client.takeUntilClosed()).toEqual([]);
      }
    },
  },
  {
    proves: ['MQTT-1.5.3-2', 'MQTT-4.7.3-2'],
    name: `a ${where} with NUL ends the connection`,
    async run({ connect }) {
      const { client } = await connect();
      client.sendBytes(make(NUL));
      expect(await client.takeUntilClosed()).toEqual([]);
    },
  },
]);

/** MQTT 3.1.1, 1.5.3, 2.2.2 and 4.8: what no client may send. */
export const badPacketProofs3: readonly Proof[] = [
  ...bad,
  ...inConnect,
  ...inPackets,
  {
    proves: ['MQTT-4.8.0-2'],
    name: 'what the broker has no room for ends the connection instead of being lost unseen, and nobody else notices',
    world: { limits: { packetBytes: 1_000 } },
    async run({ connect }) {
      const { client: other } = await connect({ clientId: 'c2' });
      await subscribe(other, '#');
      const { client } = await connect();
      client.sendBytes(packet(0x32, text('a'), u16(1), Buffer.alloc(2_000)));
      expect(await client.takeUntilClosed()).toEqual([]);
      await other.ask({ cmd: 'pingreq' }, 'pingresp');
    },
  },
];
