import {
  acknowledge,
  connect,
  frame,
  PINGREQ,
  type Property,
  properties,
  publish,
  subscribe,
  text,
  u16,
  unsubscribe,
  type Version,
  varInt,
} from './wire.ts';

/** A packet that no client may send, and what MQTT 5 says to it. Older versions are closed without a word. */
export interface Malformed {
  readonly name: string;
  /** The clause of MQTT 5 that names the reason. */
  readonly clause: string;
  readonly bytes: Buffer;
  /** The reason codes that fit; more than one where the clause leaves it open. */
  readonly reasons: readonly number[];
  /** Only for this version: it is well-formed, or cannot be said, in others. */
  readonly only?: Version;
}

const MALFORMED = [0x81];
const PROTOCOL = [0x82];
const EITHER = [0x81, 0x82];
const BODY = Buffer.from('x');

/** Cases for a client that is connected. Default limits of the broker, or smaller ones. */
export function malformedPackets(version: Version): Malformed[] {
  const { all, ifNew } = makeCases(version);
  return [...(version === 5 ? [...all, ...ifNew] : all)];
}

function makeCases(version: Version): { all: Malformed[]; ifNew: Malformed[] } {
  const noProperties = properties(version, []);
  const filter = (options: number) => subscribe(version, 7, [{ filter: 'm/x', options }]);
  const topic = (hex: string) => publish(version, { topic: Buffer.from(hex, 'hex'), payload: BODY, qos: 0 });
  const all: Malformed[] = [
    { name: 'packet type 0', clause: '2.1.2', bytes: frame(0x00), reasons: EITHER },
    { name: 'a length of five bytes', clause: '1.5.5', bytes: Buffer.from('30ffffffff01', 'hex'), reasons: MALFORMED },
    {
      name: 'QoS 3',
      clause: '3.3.1-4',
      bytes: publish(version, { topic: 'm', payload: BODY, qos: 3, id: 1 }),
      reasons: MALFORMED,
    },
    {
      name: 'packet identifier 0',
      clause: '2.2.1-3',
      bytes: publish(version, { topic: 'm', payload: BODY, qos: 1, id: 0 }),
      reasons: EITHER,
    },
    { name: 'NUL in a topic', clause: '1.5.4-2', bytes: topic('610062'), reasons: MALFORMED },
    { name: 'a topic that is not UTF-8', clause: '1.5.4-1', bytes: topic('61c328'), reasons: MALFORMED },
    { name: 'half a surrogate in a topic', clause: '1.5.4-1', bytes: topic('eda080'), reasons: MALFORMED },
    { name: 'an overlong form in a topic', clause: '1.5.4-1', bytes: topic('c0af'), reasons: MALFORMED },
    { name: 'a topic that is cut off', clause: '4.13', bytes: frame(0x30, u16(50), BODY), reasons: MALFORMED },
    { name: 'PUBLISH without a topic length', clause: '4.13', bytes: frame(0x30, BODY), reasons: MALFORMED },
    { name: 'PUBLISH without its identifier', clause: '4.13', bytes: frame(0x32, text('m')), reasons: MALFORMED },
    {
      name: 'a wildcard in a topic',
      clause: '3.3.2-2',
      bytes: publish(version, { topic: 'm/+', payload: BODY, qos: 0 }),
      reasons: [0x90],
    },
    {
      name: 'no topic',
      clause: '3.3.2-8',
      bytes: publish(version, { topic: '', payload: BODY, qos: 0 }),
      reasons: PROTOCOL,
    },
    { name: 'PUBACK without an identifier', clause: '4.13', bytes: frame(0x40), reasons: MALFORMED },
    { name: 'PUBACK of half an identifier', clause: '4.13', bytes: frame(0x40, BODY), reasons: MALFORMED },
    { name: 'PUBACK of identifier 0', clause: '2.2.1', bytes: acknowledge('puback', 0), reasons: EITHER },
    { name: 'PUBREC of identifier 0', clause: '2.2.1', bytes: acknowledge('pubrec', 0), reasons: EITHER },
    { name: 'PUBREL of identifier 0', clause: '2.2.1', bytes: acknowledge('pubrel', 0), reasons: EITHER },
    { name: 'PUBACK with flags', clause: '2.1.3-1', bytes: frame(0x41, u16(1)), reasons: MALFORMED },
    { name: 'PUBREL without its flags', clause: '3.6.1-1', bytes: frame(0x60, u16(1)), reasons: MALFORMED },
    { name: 'PUBCOMP with flags', clause: '2.1.3-1', bytes: frame(0x72, u16(1)), reasons: MALFORMED },
    { name: 'SUBSCRIBE without its flags', clause: '3.8.1-1', bytes: withFirst(filter(0), 0x80), reasons: MALFORMED },
    {
      name: 'SUBSCRIBE of identifier 0',
      clause: '2.2.1',
      bytes: subscribe(version, 0, [{ filter: 'm', options: 0 }]),
      reasons: EITHER,
    },
    { name: 'SUBSCRIBE without a filter', clause: '3.8.3-2', bytes: subscribe(version, 7, []), reasons: PROTOCOL },
    {
      name: 'SUBSCRIBE without options',
      clause: '4.13',
      bytes: frame(0x82, u16(7), noProperties, text('m')),
      reasons: MALFORMED,
    },
    { name: 'SUBSCRIBE with QoS 3', clause: '3.8.3.1', bytes: filter(3), reasons: PROTOCOL },
    { name: 'SUBSCRIBE with reserved options', clause: '3.8.3-5', bytes: filter(0x40), reasons: MALFORMED },
    {
      name: 'a filter that is not UTF-8',
      clause: '1.5.4-1',
      bytes: subscribe(version, 7, [{ filter: Buffer.from('c328', 'hex'), options: 0 }]),
      reasons: MALFORMED,
    },
    {
      name: 'a filter with NUL',
      clause: '1.5.4-2',
      bytes: subscribe(version, 7, [{ filter: 'a\0', options: 0 }]),
      reasons: MALFORMED,
    },
    {
      name: 'UNSUBSCRIBE without its flags',
      clause: '3.10.1-1',
      bytes: withFirst(unsubscribe(version, 7, ['m']), 0xa0),
      reasons: MALFORMED,
    },
    { name: 'UNSUBSCRIBE without a filter', clause: '3.10.3-2', bytes: unsubscribe(version, 7, []), reasons: PROTOCOL },
    { name: 'UNSUBSCRIBE of identifier 0', clause: '2.2.1', bytes: unsubscribe(version, 0, ['m']), reasons: EITHER },
    {
      name: 'UNSUBSCRIBE of what is not UTF-8',
      clause: '1.5.4-1',
      bytes: unsubscribe(version, 7, [Buffer.from('ff', 'hex')]),
      reasons: MALFORMED,
    },
    { name: 'PINGREQ with content', clause: '3.12', bytes: frame(0xc0, BODY), reasons: MALFORMED },
    { name: 'PINGREQ with flags', clause: '2.1.3-1', bytes: withFirst(PINGREQ, 0xc1), reasons: MALFORMED },
    { name: 'DISCONNECT with flags', clause: '3.14.1-1', bytes: Buffer.from([0xe1, 0]), reasons: MALFORMED },
    {
      name: 'a second CONNECT',
      clause: '3.1.0-2',
      bytes: connect(version, { clientId: 'm', clean: true }),
      reasons: PROTOCOL,
    },
    { name: 'CONNACK from a client', clause: '2.1.2', bytes: frame(0x20, u16(0), noProperties), reasons: EITHER },
    {
      name: 'SUBACK from a client',
      clause: '2.1.2',
      bytes: frame(0x90, u16(7), noProperties, Buffer.from([0])),
      reasons: EITHER,
    },
    {
      name: 'UNSUBACK from a client',
      clause: '2.1.2',
      bytes: frame(0xb0, u16(7), noProperties, Buffer.from([0])),
      reasons: EITHER,
    },
    { name: 'PINGRESP from a client', clause: '2.1.2', bytes: frame(0xd0), reasons: EITHER },
    {
      name: 'a packet that is too large',
      clause: '3.1.2-24',
      bytes: Buffer.concat([Buffer.from([0x30]), varInt(268_435_455)]),
      reasons: [0x95],
    },
  ];
  return { all, ifNew: newCases() };
}

/** What only MQTT 5 can say. */
function newCases(): Malformed[] {
  const say = (list: readonly Property[], topic = 'm') =>
    publish(5, { topic, payload: BODY, qos: 0, properties: list });
  const raw = (hex: string) => frame(0x30, text('m'), Buffer.from(hex, 'hex'));
  const ask = (options: number, list: readonly Property[] = [], filter = 'm/x') =>
    subscribe(5, 7, [{ filter, options }], list);
  const twice = (one: Property): Property[] => [one, one];
  const cases: readonly (readonly [name: string, clause: string, bytes: Buffer, reasons: readonly number[]])[] = [
    ['an unknown property', '2.2.2.2', raw('020401'), MALFORMED],
    ['a property of CONNECT in PUBLISH', '2.2.2.2', say([[0x11, 5]]), MALFORMED],
    ['a property of CONNACK in PUBLISH', '2.2.2.2', say([[0x24, 1]]), MALFORMED],
    ['a property of PUBLISH in SUBSCRIBE', '2.2.2.2', ask(0, [[0x01, 1]]), MALFORMED],
    ['properties that are longer than the packet', '4.13', raw('20'), MALFORMED],
    ['properties whose length is cut off', '4.13', raw('80'), MALFORMED],
    ['a length of properties of five bytes', '1.5.5', raw('8080808001'), MALFORMED],
    ['a property that is cut off', '4.13', raw('020200'), MALFORMED],
    ['a property text that is longer than the properties', '4.13', raw('040300ff41'), MALFORMED],
    ['a user property without a value', '4.13', raw('0426000161'), MALFORMED],
    [
      'a content type that is not UTF-8',
      '1.5.4-1',
      frame(0x30, text('m'), varInt(5), Buffer.from('030002c328', 'hex')),
      MALFORMED,
    ],
    [
      'a user property that is not UTF-8',
      '1.5.4-1',
      frame(0x30, text('m'), varInt(7), Buffer.from('26000161000180', 'hex')),
      MALFORMED,
    ],
    ['a user property with NUL', '1.5.4-2', say([[0x26, ['a\0', 'b']]]), MALFORMED],
    ['the payload format twice', '3.3.2.3.2', say(twice([0x01, 1])), PROTOCOL],
    ['the expiry twice', '3.3.2.3.3', say(twice([0x02, 1])), PROTOCOL],
    ['the content type twice', '3.3.2.3.9', say(twice([0x03, 'a'])), PROTOCOL],
    ['the response topic twice', '3.3.2.3.5', say(twice([0x08, 'a'])), PROTOCOL],
    ['the correlation twice', '3.3.2.3.6', say(twice([0x09, BODY])), PROTOCOL],
    ['the alias twice', '3.3.2.3.4', say(twice([0x23, 1])), PROTOCOL],
    ['payload format 2', '3.3.2.3.2', say([[0x01, 2]]), EITHER],
    ['alias 0', '3.3.2-8', say([[0x23, 0]]), [0x94]],
    ['an alias over the maximum', '3.3.2-9', say([[0x23, 65_535]]), [0x94]],
    ['an alias that was not set', '3.3.2.3.4', say([[0x23, 1]], ''), [0x82, 0x94]],
    ['a response topic with a wildcard', '3.3.2-14', say([[0x08, 'a/#']]), [0x81, 0x82, 0x90]],
    ['a subscription identifier in PUBLISH', '3.3.4-6', say([[0x0b, 1]]), EITHER],
    ['PUBACK with an unknown reason', '3.4.2-1', acknowledge('puback', 1, 0x55), EITHER],
    ['PUBREC with an unknown reason', '3.5.2-1', acknowledge('pubrec', 1, 0x55), EITHER],
    ['PUBREL with an unknown reason', '3.6.2-1', acknowledge('pubrel', 1, 0x55), EITHER],
    ['PUBCOMP with an unknown reason', '3.7.2-1', acknowledge('pubcomp', 1, 0x55), EITHER],
    ['PUBACK with a property of PUBLISH', '2.2.2.2', frame(0x40, u16(1), Buffer.from([0, 2, 0x01, 1])), MALFORMED],
    [
      'PUBACK with two reason strings',
      '3.4.2.2.2',
      frame(0x40, u16(1), Buffer.from([0, 8, 0x1f, 0, 1, 65, 0x1f, 0, 1, 65])),
      PROTOCOL,
    ],
    ['SUBSCRIBE with retain handling 3', '3.8.3.1', ask(0x30), PROTOCOL],
    ['subscription identifier 0', '3.8.2.1.2', ask(0, [[0x0b, 0]]), PROTOCOL],
    ['the subscription identifier twice', '3.8.2.1.2', ask(0, twice([0x0b, 1])), PROTOCOL],
    ['no local on a shared subscription', '3.8.3-4', ask(4, [], '$share/g/m'), PROTOCOL],
    ['DISCONNECT with an unknown reason', '3.14.2-1', frame(0xe0, Buffer.from([0x55])), EITHER],
    [
      'DISCONNECT that brings an expiry to life',
      '3.14.2.2.2',
      frame(0xe0, Buffer.from([0, 5, 0x11, 0, 0, 0, 9])),
      PROTOCOL,
    ],
    [
      'DISCONNECT with the expiry twice',
      '3.14.2.2.2',
      frame(0xe0, Buffer.from([0, 10, 0x11, 0, 0, 0, 0, 0x11, 0, 0, 0, 0])),
      PROTOCOL,
    ],
    ['AUTH that was not agreed', '4.12.0-6', frame(0xf0, Buffer.from([0x18, 0])), PROTOCOL],
    ['AUTH with flags', '3.15.1-1', frame(0xf1, Buffer.from([0x18, 0])), MALFORMED],
  ];
  return cases.map(([name, clause, bytes, reasons]) => ({ name, clause, bytes, reasons }));
}

function withFirst(packet: Buffer, first: number): Buffer {
  const copy = Buffer.from(packet);
  copy[0] = first;
  return copy;
}
