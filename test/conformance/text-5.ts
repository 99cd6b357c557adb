import { expect } from 'vitest';
import type { World } from './harness.ts';
import { type Bytes, bytes, connectBytes, NOT_UTF8, packet, props, text, u16 } from './raw.ts';
import { closesWith, disconnect, payloads, publish, refusesConnect, subscribe } from './steps.ts';
import type { Proof } from './table.ts';

/** Every packet after CONNECT that carries a text, with that text. */
const TEXTS: Readonly<Record<string, (content: Bytes) => Buffer>> = {
  topic: (content) => packet(0x30, text(content), props()),
  'topic filter': (content) => packet(0x82, u16(1), props(), text(content), 0),
  'filter of UNSUBSCRIBE': (content) => packet(0xa2, u16(1), props(), text(content)),
  'response topic': (content) => packet(0x30, text('a'), props(8, text(content))),
  'content type': (content) => packet(0x30, text('a'), props(3, text(content))),
  'name of a user property': (content) => packet(0x30, text('a'), props(38, text(content), text('v'))),
  'value of a user property': (content) => packet(0x30, text('a'), props(38, text('n'), text(content))),
  'user property of SUBSCRIBE': (content) => packet(0x82, u16(1), props(38, text('n'), text(content)), text('a'), 0),
  'reason string of PUBACK': (content) => packet(0x40, u16(1), 0x10, props(31, text(content))),
  'reason string of DISCONNECT': (content) => packet(0xe0, 0, props(31, text(content))),
};

/** Every text of CONNECT, with that text. */
const CONNECT_TEXTS: Readonly<Record<string, (content: Bytes) => Buffer>> = {
  'client id': (content) => connectBytes({ payload: text(content) }),
  'user name': (content) => connectBytes({ flags: 0x82, payload: bytes(text('c1'), text(content)) }),
  'will topic': (content) =>
    connectBytes({ flags: 0x06, payload: bytes(text('c1'), props(), text(content), text('gone')) }),
  'content type of the will': (content) =>
    connectBytes({ flags: 0x06, payload: bytes(text('c1'), props(3, text(content)), text('w'), text('gone')) }),
  'response topic of the will': (content) =>
    connectBytes({ flags: 0x06, payload: bytes(text('c1'), props(8, text(content)), text('w'), text('gone')) }),
  'user property of the will': (content) =>
    connectBytes({
      flags: 0x06,
      payload: bytes(text('c1'), props(38, text(content), text('v')), text('w'), text('gone')),
    }),
  'user property': (content) => connectBytes({ properties: props(38, text('n'), text(content)) }),
};

const NUL: Bytes = [0x61, 0x00, 0x62];

async function isMalformed({ connect }: World, content: Bytes, where: string): Promise<void> {
  const { client } = await connect();
  client.sendBytes(TEXTS[where]?.(content) ?? bytes());
  await closesWith(client, 0x81);
}

async function isRefused({ open }: World, content: Bytes, where: string): Promise<void> {
  const caller = await open();
  caller.sendBytes(CONNECT_TEXTS[where]?.(content) ?? bytes());
  await refusesConnect(caller, 0x81);
}

const extra: Readonly<Record<string, readonly string[]>> = {
  topic: ['MQTT-3.3.2-1'],
  'topic filter': ['MQTT-3.8.3-1'],
  'filter of UNSUBSCRIBE': ['MQTT-3.10.3-1'],
  'response topic': ['MQTT-3.3.2-13'],
  'content type': ['MQTT-3.3.2-19'],
  'name of a user property': ['MQTT-1.5.7-1'],
  'value of a user property': ['MQTT-1.5.7-1'],
  'client id': ['MQTT-3.1.3-4'],
  'user name': ['MQTT-3.1.3-12'],
  'will topic': ['MQTT-3.1.3-11'],
};

const inPackets = Object.keys(TEXTS).flatMap((where): Proof[] => [
  {
    proves: ['MQTT-1.5.4-1', ...(extra[where] ?? [])],
    name: `${where} that is not UTF-8 is malformed`,
    async run(world) {
      for (const content of Object.values(NOT_UTF8)) await isMalformed(world, content, where);
    },
  },
  {
    proves: ['MQTT-1.5.4-2', ...(/^(topic|filter)/.test(where) ? ['MQTT-4.7.3-2'] : [])],
    name: `${where} with NUL is malformed`,
    run: (world) => isMalformed(world, NUL, where),
  },
]);

const inConnect = Object.keys(CONNECT_TEXTS).flatMap((where): Proof[] => [
  {
    proves: ['MQTT-1.5.4-1', ...(extra[where] ?? [])],
    name: `CONNECT: ${where} that is not UTF-8 is malformed`,
    async run(world) {
      for (const content of Object.values(NOT_UTF8)) await isRefused(world, content, where);
    },
  },
  {
    proves: ['MQTT-1.5.4-2'],
    name: `CONNECT: ${where} with NUL is malformed`,
    run: (world) => isRefused(world, NUL, where),
  },
]);

const others: readonly Proof[] = [
  {
    proves: ['MQTT-1.5.4-3'],
    name: 'a byte order mark is a character like any other, in topics, filters, properties and client ids',
    async run({ connect }) {
      const { client } = await connect({ clientId: '\uFEFFc1' });
      await subscribe(client, '\uFEFFa');
      client.send(publish('a', 'without'));
      client.send(publish('\uFEFFa', 'with', { properties: { contentType: '\uFEFFt' } }));
      const [message, ...more] = await client.takePublishes(1);
      expect(more).toEqual([]);
      expect(message).toMatchObject({ topic: '\uFEFFa', properties: { contentType: '\uFEFFt' } });
      const { client: other } = await connect({ clientId: 'c1' });
      await disconnect(other);
      client.send({ cmd: 'pingreq' });
      expect(await client.take(1)).toMatchObject([{ cmd: 'pingresp' }]);
    },
  },
  {
    proves: ['MQTT-1.5.5-1', 'MQTT-4.2.0-1'],
    name: 'messages of every size around the steps of the length arrive whole, with the shortest length',
    async run({ connect }) {
      const { client } = await connect();
      await subscribe(client, 'a');
      for (const size of [123, 124, 125, 16_379, 16_380, 16_381, 2_097_147, 2_097_148]) {
        const before = client.bytes.length;
        const payload = Buffer.alloc(size, 'x');
        client.send(publish('a', payload));
        expect(payloads(await client.takePublishes(1))).toEqual([payload.toString()]);
        expect(client.bytes.subarray(before)).toEqual(packet(0x30, text('a'), props(), payload));
      }
    },
  },
];

/** MQTT 5, 1.5: texts and numbers. */
export const textProofs: readonly Proof[] = [...inPackets, ...inConnect, ...others];
