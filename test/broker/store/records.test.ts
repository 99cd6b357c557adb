import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Malformed } from '../../../src/broker/store/byte-reader.ts';
import {
  decodeRecord,
  encodeEntry,
  encodeFacts,
  encodeMessage,
  encodeReceived,
  keyOf,
} from '../../../src/broker/store/records.ts';
import { WireMessage } from '../../../src/broker/wire-message.ts';
import { bytesOf, type Message } from '../../../src/bus/message.ts';
import { facts, message, waiting } from './arbitrary.ts';

test('a retained message comes back as it was', () => {
  fc.assert(
    fc.property(message, (one) => {
      const kept = { ...one, retain: true };
      const record = decodeRecord(keyOf.retained(one.topic), encodeMessage(kept));
      expect(record).toEqual({ kind: 'retained', message: kept });
    }),
  );
});

test('a session comes back as it was', () => {
  fc.assert(
    fc.property(facts, (one) => {
      const record = decodeRecord(keyOf.session('a/b'), encodeFacts(one));
      expect(record).toEqual({ kind: 'session', clientId: 'a/b', facts: one });
    }),
  );
});

test('messages that wait come back as they were, with their message or with its number', () => {
  fc.assert(
    fc.property(waiting, fc.option(fc.nat(), { nil: undefined }), (one, shared) => {
      const record = decodeRecord(keyOf.entry('a/b/', 17), encodeEntry(one, shared));
      const kept = shared === undefined ? one.message : { shared };
      expect(record).toEqual({ kind: 'entry', clientId: 'a/b/', number: 17, entry: { ...one, message: kept } });
    }),
  );
});

test('packet identifiers come back as they were', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 1, max: 65_535 })), (ids) => {
      expect(decodeRecord(keyOf.received('x'), encodeReceived(ids))).toMatchObject({ clientId: 'x', ids });
    }),
  );
});

test('bytes of any kind give a record or are refused, with no other error', () => {
  const key = fc.constantFrom('r/t', 's/x', 'i/x', 'q/x/1', 'q/x', 'm/1', 'm/01', '', 'z/x');
  const noise = fc.uint8Array({ maxLength: 60 }).map((some) => Buffer.from([1, ...some]));
  const cutShort = fc.tuple(facts, fc.nat(80)).map(([one, length]) => encodeFacts(one).subarray(0, length));
  const bent = fc.tuple(waiting, fc.nat(80), fc.nat(255)).map(([one, at, byte]) => {
    const bytes = Buffer.from(encodeEntry(one));
    bytes[at % bytes.length] = byte;
    return bytes;
  });
  fc.assert(
    fc.property(key, fc.oneof(noise, cutShort, bent), (at, bytes) => {
      try {
        decodeRecord(at, bytes);
      } catch (error) {
        expect(error).toBeInstanceOf(Malformed);
      }
    }),
    { numRuns: 2_000 },
  );
});

test.each<[string, string, Buffer]>([
  ['another topic', 'r/other', encodeMessage(retainedOf('t'))],
  ['a message that was not retained', 'r/t', encodeMessage({ ...retainedOf('t'), retain: false })],
  ['more than the record', 'r/t', Buffer.concat([encodeMessage(retainedOf('t')), Buffer.from([0])])],
  ['a newer form', 'r/t', Buffer.from([2])],
  ['a huge list', 'i/x', Buffer.from([1, 0xff, 0xff, 0xff, 0x7f])],
  ['a packet identifier of 0', 'i/x', Buffer.from([1, 1, 0])],
  ['bad UTF-8', 'm/1', Buffer.from([1, 0, 1, 0xff, 0, 0])],
  ['a number that is none', 'm/1e3', encodeMessage(retainedOf('t'))],
])('%s is refused', (_what, key, bytes) => {
  expect(() => decodeRecord(key, bytes)).toThrow(Malformed);
});

function retainedOf(topic: string): Message {
  return { topic, origin: 'mqtt:x', payload: Buffer.from('1'), qos: 0, retain: true };
}

test('what MQTT 5 clients are told with a reading is kept with it', () => {
  const reading = {
    value: 21.5,
    unit: '°C',
    time: 1_763_796_600_123,
    quality: 'good',
    epoch: 17,
    sequence: 4,
  } as const;
  const one: Message = { ...retainedOf('t'), payload: { reading, form: 'plain' }, props: { user: [['a', 'b']] } };
  const record = decodeRecord('r/t', encodeMessage(one));
  const user = [
    ['a', 'b'],
    ['u', '°C'],
    ['t', '1763796600123'],
    ['q', 'good'],
    ['e', '17'],
    ['s', '4'],
  ];
  expect(record).toMatchObject({ message: { payload: Buffer.from('21.5'), props: { user } } });
});

test('a message that still lies in the bytes of a socket is kept without a second copy of it', () => {
  const bytes = Buffer.from([9, 9, 0x33, 7, 0, 1, 0x74, 0, 5, 0x68, 0x69, 9]);
  const one = new WireMessage('t', 'mqtt:x', 4, { bytes, start: 2, idAt: 7, payloadAt: 9, end: 11 });
  const record = decodeRecord('r/t', encodeMessage(one));
  expect(record).toMatchObject({ message: { topic: 't', qos: 1, retain: true, payload: Buffer.from('hi') } });
  expect(bytesOf(one).toString()).toBe('hi');
});

test('a will counts its expiry from when it is said', () => {
  const will = {
    delayMs: 5_000,
    message: (now: number): Message => ({ ...retainedOf('gone'), props: { expiresAt: now + 7_000, contentType: 'x' } }),
  };
  const one = { version: 5, owner: 'me', expiryMs: 10_000, disconnectedAt: 3, subscriptions: [], will } as const;
  const record = decodeRecord('s/x', encodeFacts(one));
  const kept = record.kind === 'session' ? record.facts.will : undefined;
  expect(kept?.delayMs).toBe(5_000);
  expect(kept?.topic).toBe('gone');
  expect(kept?.message(1_000_000)).toEqual(will.message(1_000_000));
});
