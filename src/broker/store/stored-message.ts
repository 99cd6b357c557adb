import { bytesOf, type Message, type Props, readingOf } from '../../bus/message.ts';
import { isWire } from '../wire-message.ts';
import { type ByteReader, Malformed } from './byte-reader.ts';
import type { ByteWriter } from './byte-writer.ts';

/** A message as it comes back from the disk: its payload is bytes. */
export interface StoredMessage extends Message {
  readonly payload: Buffer;
}

const RETAIN = 0x04;
const HAS_PROPS = 0x08;
/** Which properties there are. */
const PROP = { format: 1, formatIsText: 2, expiry: 4, contentType: 8, responseTopic: 16, correlation: 32, user: 64 };

export function writeMessage(writer: ByteWriter, message: Message): void {
  const props = propsOf(message);
  writer.byte(message.qos | (message.retain ? RETAIN : 0) | (props === undefined ? 0 : HAS_PROPS));
  writer.text(message.topic).text(message.origin).bytes(payloadOf(message));
  if (props !== undefined) writeProps(writer, props);
}

/** The payload, without the copy that a message from a socket makes for those who keep it. */
export function payloadOf(message: Message): Buffer {
  if (!isWire(message)) return bytesOf(message);
  return message.bytes.subarray(message.end - message.payloadLength, message.end);
}

export function readMessage(reader: ByteReader): StoredMessage {
  const flags = reader.byte();
  const qos = flags & 3;
  if (flags > 15 || (qos !== 0 && qos !== 1 && qos !== 2)) throw new Malformed('no such kind of message');
  const topic = reader.text();
  if (topic === '') throw new Malformed('a message without a topic');
  const rest = { origin: reader.text(), payload: reader.bytes(), retain: (flags & RETAIN) !== 0 };
  const message: StoredMessage = { topic, qos, ...rest };
  return (flags & HAS_PROPS) === 0 ? message : { ...message, props: readProps(reader) };
}

function writeProps(writer: ByteWriter, props: Props): void {
  const { payloadFormat, expiresAt, contentType, responseTopic, correlationData, user } = props;
  const has = (value: unknown, bit: number): number => (value === undefined ? 0 : bit);
  const format = has(payloadFormat, PROP.format) | (payloadFormat === 1 ? PROP.formatIsText : 0);
  const texts = has(contentType, PROP.contentType) | has(responseTopic, PROP.responseTopic);
  const others = has(correlationData, PROP.correlation) | has(user, PROP.user) | has(expiresAt, PROP.expiry);
  writer.byte(format | texts | others);
  if (expiresAt !== undefined) writer.number(Math.max(0, Math.round(expiresAt)));
  if (contentType !== undefined) writer.text(contentType);
  if (responseTopic !== undefined) writer.text(responseTopic);
  if (correlationData !== undefined) writer.bytes(correlationData);
  if (user !== undefined) writer.list(user, ([name, value]) => writer.text(name).text(value));
}

function readProps(reader: ByteReader): Props {
  const bits = reader.byte();
  if (bits > 127) throw new Malformed('no such property');
  const has = (bit: number): boolean => (bits & bit) !== 0;
  return {
    ...(has(PROP.format) ? { payloadFormat: has(PROP.formatIsText) ? 1 : 0 } : {}),
    ...(has(PROP.expiry) ? { expiresAt: reader.number() } : {}),
    ...(has(PROP.contentType) ? { contentType: reader.text() } : {}),
    ...(has(PROP.responseTopic) ? { responseTopic: reader.text() } : {}),
    ...(has(PROP.correlation) ? { correlationData: reader.bytes() } : {}),
    ...(has(PROP.user) ? { user: reader.list((): [string, string] => [reader.text(), reader.text()]) } : {}),
  };
}

/** A reading loses its type on the disk, so what MQTT 5 clients are told with it becomes properties of the message. */
function propsOf(message: Message): Props | undefined {
  const reading = readingOf(message);
  const { payload, props } = message;
  if (reading === undefined || typeof payload !== 'object' || !('form' in payload) || payload.form !== 'plain') {
    return props;
  }
  const { unit, time, quality, epoch, sequence } = reading;
  const pairs: [string, string][] = [];
  if (unit !== undefined) pairs.push(['u', unit]);
  if (time !== undefined) pairs.push(['t', String(time)]);
  pairs.push(['q', quality], ['e', String(epoch)], ['s', String(sequence)]);
  return { ...props, user: [...(props?.user ?? []), ...pairs] };
}
