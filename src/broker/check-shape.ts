import { malformed, protocol, ShapeReader } from './shape-reader.ts';

/** MQTT 5, table 2-4: which properties a client may send in which packet. */
const ALLOWED = {
  connect: new Set([0x11, 0x15, 0x16, 0x17, 0x19, 0x21, 0x22, 0x26, 0x27]),
  will: new Set([0x01, 0x02, 0x03, 0x08, 0x09, 0x18, 0x26]),
  publish: new Set([0x01, 0x02, 0x03, 0x08, 0x09, 0x0b, 0x23, 0x26]),
  acknowledge: new Set([0x1f, 0x26]),
  subscribe: new Set([0x0b, 0x26]),
  unsubscribe: new Set([0x26]),
  disconnect: new Set([0x11, 0x1f, 0x26]),
  auth: new Set([0x15, 0x16, 0x1f, 0x26]),
} as const;

const HAS_WILL = 0x04;
const HAS_PASSWORD = 0x40;
const HAS_USERNAME = 0x80;

type Walk = (reader: ShapeReader, isFive: boolean, flags: number) => void;

/** What follows the length, by the kind of the packet. Kinds that are not here are not for clients to send. */
const WALKS: Readonly<Record<number, Walk>> = {
  1: walkConnect,
  3: walkPublish,
  4: walkAcknowledgement,
  5: walkAcknowledgement,
  6: walkAcknowledgement,
  7: walkAcknowledgement,
  8: walkSubscribe,
  10: walkUnsubscribe,
  12: (reader) => reader.end(),
  14: (reader, isFive) => walkReason(reader, isFive, ALLOWED.disconnect),
  15: (reader, isFive) => walkReason(reader, isFive, ALLOWED.auth),
};

/**
 * Whether the fields of a whole packet are where and what they must be: lengths, UTF-8, properties. The codec library
 * lets much of that pass. Throws ProtocolError 0x81 or 0x82.
 */
export function checkShape(bytes: Buffer, isFive: boolean): void {
  const first = bytes[0] ?? 0;
  const reader = new ShapeReader(bytes, 1);
  reader.varInt();
  WALKS[first >> 4]?.(reader, isFive, first & 0x0f);
}

/** MQTT 5 and 3.1.1, 3.1 */
function walkConnect(reader: ShapeReader): void {
  reader.text();
  const isFive = reader.byte() === 5;
  const flags = reader.byte();
  reader.two();
  if (isFive) reader.properties(ALLOWED.connect);
  reader.text();
  if ((flags & HAS_WILL) !== 0) {
    if (isFive) reader.properties(ALLOWED.will);
    reader.text();
    reader.binary();
  }
  if ((flags & HAS_USERNAME) !== 0) reader.text();
  if ((flags & HAS_PASSWORD) !== 0) reader.binary();
  reader.end();
}

/** 3.3 */
function walkPublish(reader: ShapeReader, isFive: boolean, flags: number): void {
  reader.text();
  if ((flags & 0x06) !== 0) reader.two();
  if (isFive) reader.properties(ALLOWED.publish);
}

/** 3.4 to 3.7 */
function walkAcknowledgement(reader: ShapeReader, isFive: boolean): void {
  reader.two();
  walkReason(reader, isFive, ALLOWED.acknowledge);
}

/** A reason code and properties, which MQTT 5 may leave out. */
function walkReason(reader: ShapeReader, isFive: boolean, allowed: ReadonlySet<number>): void {
  if (isFive && !reader.isOver) reader.byte();
  if (isFive && !reader.isOver) reader.properties(allowed);
  reader.end();
}

/** 3.8 */
function walkSubscribe(reader: ShapeReader, isFive: boolean): void {
  reader.two();
  if (isFive) reader.properties(ALLOWED.subscribe);
  while (!reader.isOver) {
    reader.text();
    checkOptions(reader.byte(), isFive);
  }
}

/** 3.8.3.1. Before MQTT 5 there is the QoS alone. */
function checkOptions(options: number, isFive: boolean): void {
  if ((options & (isFive ? 0xc0 : 0xfc)) !== 0) throw malformed('reserved options are set'); // [MQTT-3.8.3-5]
  if ((options & 0x03) === 3) throw protocol('there is no QoS 3');
  if ((options & 0x30) === 0x30) throw protocol('there is no retain handling 3');
}

/** 3.10 */
function walkUnsubscribe(reader: ShapeReader, isFive: boolean): void {
  reader.two();
  if (isFive) reader.properties(ALLOWED.unsubscribe);
  while (!reader.isOver) reader.text();
}
