import fc from 'fast-check';
import { type Packet, parser } from 'mqtt-packet';
import { describe, expect, it } from 'vitest';
import { encodePublish } from '../../src/broker/encode-publish.ts';
import { Framer } from '../../src/broker/framer.ts';
import { findPortHolder } from '../../src/broker/listen/port-holder.ts';
import { isTopicFilter, isTopicName } from '../../src/broker/topic-rules.ts';
import type { Message } from '../../src/bus/message.ts';
import { stampId } from './packet-client.ts';

const text = fc.string({ unit: 'binary', maxLength: 20 }).map((value) => value.replace(/\0|[\ud800-\udfff]/g, ''));
const topic = fc.string({ minLength: 1, maxLength: 200 });

function parse(bytes: Buffer, protocolVersion: 4 | 5): Packet[] {
  const packets: Packet[] = [];
  const codec = parser({ protocolVersion });
  codec.on('packet', (packet) => packets.push(packet));
  codec.on('error', (error) => {
    throw error;
  });
  codec.parse(bytes);
  return packets;
}

describe('encodePublish', () => {
  it('writes what the codec library reads', () => {
    fc.assert(
      fc.property(
        fc.record({
          topic,
          payload: fc.uint8Array({ maxLength: 20_000 }),
          qos: fc.constantFrom(0 as const, 1 as const, 2 as const),
          retain: fc.boolean(),
          version: fc.constantFrom(4 as const, 5 as const),
          id: fc.integer({ min: 1, max: 65_535 }),
          ids: fc.array(fc.integer({ min: 1, max: 268_435_455 }), { maxLength: 3 }),
          contentType: text,
          expiry: fc.integer({ min: 1, max: 0xffff_fffe }),
          user: fc.array(fc.tuple(text, text), { maxLength: 3 }),
        }),
        (sample) => {
          const { qos, retain, version, ids, contentType, user, expiry, id } = sample;
          const props = { contentType, user, expiresAt: expiry * 1_000 };
          const message: Message = { topic: sample.topic, payload: sample.payload, qos, retain, origin: 'x', props };
          const bare = encodePublish(message, { version, qos, retain, ids, now: 0 });
          const [packet] = parse(qos === 0 ? bare : stampId(bare, id, true), version);
          expect(packet).toMatchObject({ cmd: 'publish', topic: sample.topic, qos, retain, dup: qos > 0 });
          if (packet?.cmd !== 'publish') return;
          expect(Buffer.from(sample.payload).equals(Buffer.from(packet.payload))).toBe(true);
          if (qos > 0) expect(packet.messageId).toBe(id);
          if (version === 4) return;
          expect(packet.properties).toMatchObject({ contentType, messageExpiryInterval: expiry });
          expect([packet.properties?.subscriptionIdentifier ?? []].flat()).toEqual(ids);
          const first = user.find(([name]) => name !== '');
          if (first !== undefined) expect(packet.properties?.userProperties?.[first[0]]).toBeDefined();
        },
      ),
    );
  });
});

const packetIn = ({ bytes, place }: Framer): Buffer => bytes.subarray(place.start, place.end);

describe('Framer', () => {
  it('gives the same packets however the stream is cut', () => {
    const packet = fc.uint8Array({ maxLength: 300 }).map((body) => {
      const length = body.length < 128 ? [body.length] : [(body.length & 0x7f) | 0x80, body.length >> 7];
      return Buffer.from([0x30, ...length, ...body]);
    });
    fc.assert(
      fc.property(fc.array(packet), fc.array(fc.integer({ min: 1, max: 50 }), { minLength: 1 }), (packets, cuts) => {
        const framer = new Framer(1_000);
        const stream = Buffer.concat(packets);
        const found: Buffer[] = [];
        for (let at = 0, cut = 0; at < stream.length; cut += 1) {
          const size = cuts[cut % cuts.length] ?? 1;
          framer.push(stream.subarray(at, at + size));
          at += size;
          while (framer.next()) found.push(Buffer.from(packetIn(framer)));
        }
        expect(found).toEqual(packets);
      }),
    );
  });

  it('takes a large packet byte by byte in a moment', () => {
    const framer = new Framer(2_000_000);
    framer.push(Buffer.from([0x30, 0x80, 0x80, 0x40]));
    const byte = Buffer.from([1]);
    let early = 0;
    for (let count = 0; count < 1_048_576; count += 1) {
      if (framer.next()) early += 1;
      framer.push(byte);
    }
    expect(early).toBe(0);
    expect(framer.next()).toBe(true);
    expect(packetIn(framer).length).toBe(1_048_580);
  });
});

describe('topics', () => {
  it.each(['a', '/', 'a//b', '$SYS/x', 'ü/日本'])('%s is a topic name', (name) => expect(isTopicName(name)).toBe(true));
  it.each(['', 'a/+', '#', 'a/b#', '/'.repeat(200)])('%s is no topic name', (name) =>
    expect(isTopicName(name)).toBe(false),
  );
  it.each(['#', '+', 'a/+/b/#', '/+', '$share/g/#', '$SYS/#'])('%s is a filter', (filter) =>
    expect(isTopicFilter(filter)).toBe(true),
  );
  it.each(['', '#/a', 'a#', '+a', '$share/g', '$share/g/', '$share/#/a', '$share/g/a#', '/'.repeat(200)])(
    '%s is no filter',
    (filter) => expect(isTopicFilter(filter)).toBe(false),
  );
});

describe('findPortHolder', () => {
  it('says nothing where the kernel tells nothing', async () => {
    expect(await findPortHolder(1883, '/nonexistent')).toBeUndefined();
  });
});
