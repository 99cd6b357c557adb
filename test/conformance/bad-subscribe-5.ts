import { packet, props, text, u16, varint } from './raw.ts';
import { closesWith } from './steps.ts';
import type { Proof } from './table.ts';

/** A SUBSCRIBE or UNSUBSCRIBE that ends the connection, and the reason. */
type Bad = readonly [name: string, proves: readonly string[], reason: number, sent: Buffer];

const BAD: readonly Bad[] = [
  ['SUBSCRIBE with the flags 0000', ['3.8.1-1', '2.1.3-1'], 0x81, packet(0x80, u16(1), props(), text('a'), 0)],
  ['SUBSCRIBE with the flags 0011', ['3.8.1-1', '2.1.3-1'], 0x81, packet(0x83, u16(1), props(), text('a'), 0)],
  ['SUBSCRIBE without a filter', ['3.8.3-2'], 0x82, packet(0x82, u16(1), props())],
  ['SUBSCRIBE with reserved bit 6', ['3.8.3-5'], 0x81, packet(0x82, u16(1), props(), text('a'), 0x40)],
  ['SUBSCRIBE with reserved bit 7', ['3.8.3-5'], 0x81, packet(0x82, u16(1), props(), text('a'), 0x80)],
  ['SUBSCRIBE without options', ['3.8.3-2'], 0x81, packet(0x82, u16(1), props(), text('a'))],
  ['SUBSCRIBE with QoS 3', [], 0x82, packet(0x82, u16(1), props(), text('a'), 0x03)],
  ['SUBSCRIBE with retain handling 3', [], 0x82, packet(0x82, u16(1), props(), text('a'), 0x30)],
  [
    'SUBSCRIBE with no local on a shared filter',
    ['3.8.3-4'],
    0x82,
    packet(0x82, u16(1), props(), text('$share/g/a'), 4),
  ],
  ['SUBSCRIBE with the identifier 0', [], 0x82, packet(0x82, u16(1), props(11, 0), text('a'), 0)],
  ['SUBSCRIBE with two identifiers', [], 0x82, packet(0x82, u16(1), props(11, 1, 11, 2), text('a'), 0)],
  ['SUBSCRIBE with a property of CONNECT', [], 0x81, packet(0x82, u16(1), props(33, u16(1)), text('a'), 0)],
  ['SUBSCRIBE with a filter that is cut off', [], 0x81, packet(0x82, u16(1), props(), u16(9), 0x61)],
  ['SUBSCRIBE with packet identifier 0', [], 0x81, packet(0x82, u16(0), props(), text('a'), 0)],
  ['SUBSCRIBE with a property length beyond its end', [], 0x81, packet(0x82, u16(1), varint(99), text('a'), 0)],
  ['UNSUBSCRIBE with the flags 0000', ['3.10.1-1', '2.1.3-1'], 0x81, packet(0xa0, u16(1), props(), text('a'))],
  ['UNSUBSCRIBE with the flags 1010', ['3.10.1-1', '2.1.3-1'], 0x81, packet(0xaa, u16(1), props(), text('a'))],
  ['UNSUBSCRIBE without a filter', ['3.10.3-2'], 0x82, packet(0xa2, u16(1), props())],
  ['UNSUBSCRIBE with packet identifier 0', [], 0x81, packet(0xa2, u16(0), props(), text('a'))],
  ['UNSUBSCRIBE with a subscription identifier', [], 0x81, packet(0xa2, u16(1), props(11, 1), text('a'))],
];

/** MQTT 5, 3.8 and 3.10: what SUBSCRIBE and UNSUBSCRIBE must not look like. */
export const badSubscribeProofs: readonly Proof[] = BAD.map(
  ([name, proves, reason, sent]): Proof => ({
    proves: ['MQTT-4.13.1-1', ...proves.map((number) => `MQTT-${number}`)],
    name: `${name} is ${reason === 0x81 ? 'malformed' : 'a protocol error'}`,
    async run({ connect }) {
      const { client } = await connect();
      client.sendBytes(sent);
      await closesWith(client, reason);
    },
  }),
);
