import { envelope, plainText, type Reading } from '../schemes/reading.ts';

/** Who put a message on the bus: a service (`publisher`), a client (`mqtt:client-7`), a peer. Nothing is echoed to it. */
export type Origin = string;

/** MQTT 5 properties that travel with a message. */
export interface Props {
  readonly contentType?: string;
  readonly responseTopic?: string;
  readonly correlationData?: Uint8Array;
  /** 1: the payload is UTF-8 text. */
  readonly payloadFormat?: 0 | 1;
  /** Wall time, ms since 1970, after which the message is not delivered any more. */
  readonly expiresAt?: number;
  /** In the order sent; names may repeat. */
  readonly user?: readonly (readonly [string, string])[];
}

/** What a message carries: bytes from a socket, a text, or a typed reading whose bytes are made when first asked for. */
export type Payload = Uint8Array | string | ReadingPayload;

export interface ReadingPayload {
  readonly reading: Reading;
  /** `plain`: the value alone; `envelope`: the JSON of `$v`. */
  readonly form: 'plain' | 'envelope';
}

export interface Message {
  readonly topic: string;
  readonly payload: Payload;
  /** Length of the payload in bytes, where it is known without making it. */
  readonly payloadLength?: number;
  /** The payload as text, where that is cheaper than to make it first. */
  text?(): string;
  readonly retain: boolean;
  readonly qos: 0 | 1 | 2;
  readonly props?: Props | undefined;
  /** The packet in which an MQTT client sent it, QoS 1 and 2; `dup`: perhaps not for the first time. */
  readonly packet?: { readonly id: number; readonly dup: boolean } | undefined;
  /** It must be on the disk before its sender hears that it was taken. */
  readonly isDurable?: boolean;
  /** Called when it was retained and is so no more: another took its place, or none. */
  onReplaced?(): void;
  readonly origin: Origin;
}

const made = new WeakMap<Message, Buffer>();
const weights = new WeakMap<Props, number>();

/** What a user property costs beside its letters. */
const PAIR = 96;

/** Bytes of memory for the properties of a message, about; counted once however often it is asked. */
export function weightOfProps(props: Props | undefined): number {
  if (props === undefined) return 0;
  const known = weights.get(props);
  if (known !== undefined) return known;
  const { contentType = '', responseTopic = '', correlationData, user = [] } = props;
  let weight = contentType.length + responseTopic.length + (correlationData?.length ?? 0);
  for (const [name, value] of user) weight += PAIR + name.length + value.length;
  weights.set(props, weight);
  return weight;
}

/** The payload as bytes, encoded once per message however many ask. */
export function bytesOf(message: Message): Buffer {
  const { payload } = message;
  if (payload instanceof Uint8Array)
    return Buffer.isBuffer(payload) ? payload : Buffer.from(payload.buffer, payload.byteOffset, payload.byteLength);
  const known = made.get(message);
  if (known !== undefined) return known;
  const bytes = Buffer.from(textOf(message), 'utf8');
  made.set(message, bytes);
  return bytes;
}

/** The payload as text. */
export function textOf(message: Message): string {
  if (message.text !== undefined) return message.text();
  const { payload } = message;
  if (typeof payload === 'string') return payload;
  if (payload instanceof Uint8Array)
    return Buffer.from(payload.buffer, payload.byteOffset, payload.byteLength).toString('utf8');
  return payload.form === 'plain' ? plainText(payload.reading.value) : envelope(payload.reading);
}

/** The typed reading, when a local service put it there. */
export function readingOf({ payload }: Message): Reading | undefined {
  return typeof payload === 'object' && 'reading' in payload ? payload.reading : undefined;
}

/** An empty retained payload deletes the retained value. */
export function isEmpty(message: Message): boolean {
  if (message.payloadLength !== undefined) return message.payloadLength === 0;
  const { payload } = message;
  return typeof payload === 'string' ? payload === '' : payload instanceof Uint8Array && payload.length === 0;
}
