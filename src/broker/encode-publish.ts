import { bytesOf, type Message, type Props, readingOf } from '../bus/message.ts';
import type { Reading } from '../schemes/reading.ts';
import type { Version } from './codec.ts';
import { Page } from './page.ts';
import type { Stampable } from './stampable.ts';

/** How one message is to be written for one kind of subscriber. */
export interface PublishForm {
  readonly version: Version;
  readonly qos: 0 | 1 | 2;
  readonly retain: boolean;
  /** Subscription identifiers, MQTT 5. */
  readonly ids: readonly number[];
  /** A topic alias, and whether the client knows it already: then it stands for the topic. */
  readonly alias?: number;
  readonly isAliasKnown?: boolean;
  /** Wall time now, ms, for what is left of the message's expiry. */
  readonly now: number;
}

/** The property topic alias. MQTT 5, 3.3.2.3.4. */
export const ALIAS = 0x23;

const NO_PROPERTIES = Buffer.from([0]);

/** A PUBLISH packet, MQTT 5 and 3.1.1, 3.3. With QoS 1 or 2 its packet identifier is 0, to be set where `idOffsetOf` says. */
export function encodePublish(message: Message, form: PublishForm): Buffer {
  const { bytes, start, end } = writePublish(message, form, new Page(0));
  return bytes.subarray(start, end);
}

/** The same, in a page beside others. */
export function writePublish(message: Message, form: PublishForm, page: Page): Stampable {
  // A text goes straight into the packet; the bytes of a reading are made once.
  const payload = typeof message.payload === 'string' ? message.payload : bytesOf(message);
  const properties = form.version === 5 ? propertiesOf(message, form) : undefined;
  const topic = form.isAliasKnown === true ? '' : message.topic;
  const topicLength = Buffer.byteLength(topic);
  const idLength = form.qos > 0 ? 2 : 0;
  const remaining = 2 + topicLength + idLength + (properties?.length ?? 0) + Buffer.byteLength(payload);
  const start = page.reserve(1 + varSize(remaining) + remaining);
  const { bytes } = page;
  bytes[start] = 0x30 | (form.qos << 1) | (form.retain ? 1 : 0);
  let at = writeVar(bytes, start + 1, remaining);
  at = bytes.writeUInt16BE(topicLength, at);
  at += bytes.write(topic, at);
  const idOffset = at - start;
  if (idLength > 0) at = bytes.writeUInt16BE(0, at);
  if (properties !== undefined) at += properties.copy(bytes, at);
  at += typeof payload === 'string' ? bytes.write(payload, at) : payload.copy(bytes, at);
  return { bytes, start, end: at, idOffset: idLength > 0 ? idOffset : 0 };
}

/** Where the packet identifier of a QoS 1 or 2 packet lies. */
export function idOffsetOf(packet: Buffer): number {
  let at = 1;
  while ((packet[at] ?? 0) >= 0x80) at += 1;
  return at + 3 + packet.readUInt16BE(at + 1);
}

function propertiesOf(message: Message, { ids, now, alias }: PublishForm): Buffer {
  const parts: Buffer[] = [];
  if (alias !== undefined) parts.push(Buffer.from([ALIAS, alias >> 8, alias & 0xff])); // the first: `thin` looks for it
  if (message.props !== undefined) addProps(parts, message.props, now);
  for (const id of ids) parts.push(Buffer.from([0x0b]), varBytes(id));
  const { payload } = message;
  if (typeof payload === 'object' && 'form' in payload && payload.form === 'plain') {
    const reading = readingOf(message);
    if (reading !== undefined) addReading(parts, reading);
  }
  if (parts.length === 0) return NO_PROPERTIES;
  const all = Buffer.concat(parts);
  return Buffer.concat([varBytes(all.length), all]);
}

/** MQTT 5, 3.3.2.3; user properties in the order they came. [MQTT-3.3.2-18] */
function addProps(parts: Buffer[], props: Props, now: number): void {
  if (props.payloadFormat !== undefined) parts.push(Buffer.from([0x01, props.payloadFormat]));
  if (props.expiresAt !== undefined) {
    const left = Buffer.from([0x02, 0, 0, 0, 0]);
    left.writeUInt32BE(Math.min(Math.max(Math.ceil((props.expiresAt - now) / 1_000), 0), 0xffff_ffff), 1); // [MQTT-3.3.2-6]
    parts.push(left);
  }
  if (props.contentType !== undefined) addText(parts, 0x03, props.contentType);
  if (props.responseTopic !== undefined) addText(parts, 0x08, props.responseTopic);
  if (props.correlationData !== undefined) addBytes(parts, 0x09, props.correlationData);
  for (const [name, value] of props.user ?? []) addPair(parts, name, value);
}

/** Unit, time, quality, epoch and sequence of a local reading. Architecture page, section 4.1. */
function addReading(parts: Buffer[], { unit, time, quality, epoch, sequence }: Reading): void {
  if (unit !== undefined) addPair(parts, 'u', unit);
  if (time !== undefined) addPair(parts, 't', String(time));
  addPair(parts, 'q', quality);
  addPair(parts, 'e', String(epoch));
  addPair(parts, 's', String(sequence));
}

function addPair(parts: Buffer[], name: string, value: string): void {
  addText(parts, 0x26, name);
  const bytes = Buffer.from(value);
  parts.push(lengthOf(bytes), bytes);
}

const addText = (parts: Buffer[], code: number, text: string) => addBytes(parts, code, Buffer.from(text));

function addBytes(parts: Buffer[], code: number, bytes: Uint8Array): void {
  parts.push(Buffer.from([code]), lengthOf(bytes), Buffer.from(bytes));
}

const lengthOf = (bytes: Uint8Array): Buffer => Buffer.from([bytes.length >> 8, bytes.length & 0xff]);

/** MQTT 5, 1.5.5: variable byte integer. */
function varSize(value: number): number {
  if (value < 0x80) return 1;
  if (value < 0x4000) return 2;
  return value < 0x20_0000 ? 3 : 4;
}

function writeVar(into: Buffer, at: number, value: number): number {
  let rest = value;
  let place = at;
  while (rest >= 0x80) {
    into[place] = (rest & 0x7f) | 0x80;
    rest >>>= 7;
    place += 1;
  }
  into[place] = rest;
  return place + 1;
}

function varBytes(value: number): Buffer {
  const bytes = Buffer.allocUnsafe(varSize(value));
  writeVar(bytes, 0, value);
  return bytes;
}
