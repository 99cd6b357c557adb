import { type Message, readingOf } from '../bus/message.ts';
import { jsonIn } from '../schemes/json-text.ts';
import { envelope, isQuality, isValue, type Reading } from '../schemes/reading.ts';

/** First byte: what follows on the second, which has QoS and the retain flag. */
const READING = 1;
const BYTES = 2;
const RETAIN = 4;

/** What waits in the outbox for the engine; the topic is kept beside it. */
export function packMessage(message: Message, bytes: Uint8Array): Buffer {
  const reading = readingOf(message);
  const body = reading === undefined ? bytes : Buffer.from(envelope(reading));
  const flags = message.qos | (message.retain ? RETAIN : 0);
  return Buffer.concat([Buffer.from([reading === undefined ? BYTES : READING, flags]), body]);
}

/** The message that was packed; undefined when the bytes are none. */
export function unpackMessage(topic: string, packed: Uint8Array, origin: string): Message | undefined {
  const bytes = Buffer.from(packed.buffer, packed.byteOffset, packed.byteLength);
  const [form, flags = 0] = bytes;
  const body = bytes.subarray(2);
  const qos = flags & 2 ? 2 : flags & 1 ? 1 : 0;
  const facts = { topic, retain: (flags & RETAIN) !== 0, qos, origin } as const;
  if (form === BYTES) return { ...facts, payload: body };
  const reading = form === READING ? readEnvelope(body.toString()) : undefined;
  return reading === undefined ? undefined : { ...facts, payload: { reading, form: 'plain' } };
}

function readEnvelope(text: string): Reading | undefined {
  const raw = jsonIn(text);
  if (typeof raw !== 'object' || raw === null || !('v' in raw && 'q' in raw && 'e' in raw && 's' in raw))
    return undefined;
  const { v: value, q: quality, e: epoch, s: sequence } = raw;
  if (!isValue(value) || !isQuality(quality) || typeof epoch !== 'number' || typeof sequence !== 'number')
    return undefined;
  const unit = 'u' in raw && typeof raw.u === 'string' ? { unit: raw.u } : {};
  const time = 't' in raw && typeof raw.t === 'number' ? { time: raw.t } : {};
  const why = 'why' in raw && typeof raw.why === 'string' ? { why: raw.why } : {};
  return { value, quality, epoch, sequence, ...unit, ...time, ...why };
}
