import type { Message } from '../../bus/message.ts';
import { type ByteReader, Malformed } from './byte-reader.ts';
import type { ByteWriter } from './byte-writer.ts';
import { readMessage, type StoredMessage, writeMessage } from './stored-message.ts';

/** A QoS 1 or 2 message of a session: it waits, or it was sent and is not acknowledged. */
export interface Waiting {
  readonly message: Message;
  readonly qos: 1 | 2;
  readonly retain: boolean;
  /** Subscription identifiers. */
  readonly ids: readonly number[];
  /** Packet identifier, when it was sent. */
  readonly id?: number;
  /** QoS 2: PUBREC has come. */
  readonly isReleased?: boolean;
}

/** A stored one, whose message may be kept once for many sessions. */
export interface StoredEntry extends Omit<Waiting, 'message'> {
  readonly message: StoredMessage | { readonly shared: number };
}

const RETAIN = 0x04;
const IS_SENT = 0x08;
const IS_RELEASED = 0x10;
const IS_SHARED = 0x20;

/** `shared`: the number of the message, when it is kept by itself. */
export function writeEntry(writer: ByteWriter, waiting: Waiting, shared: number | undefined): void {
  const { message, qos, retain, ids, id, isReleased } = waiting;
  const state = (id === undefined ? 0 : IS_SENT) | (isReleased === true ? IS_RELEASED : 0);
  writer.byte(qos | (retain ? RETAIN : 0) | state | (shared === undefined ? 0 : IS_SHARED));
  writer.list(ids, (one) => writer.number(one));
  if (id !== undefined) writer.number(id);
  if (shared === undefined) writeMessage(writer, message);
  else writer.number(shared);
}

export function readEntry(reader: ByteReader): StoredEntry {
  const flags = reader.byte();
  const qos = flags & 3;
  if (flags > 63 || (qos !== 1 && qos !== 2)) throw new Malformed('no such kind of entry');
  const ids = reader.list(() => reader.number(268_435_455));
  const id = (flags & IS_SENT) === 0 ? undefined : reader.number(65_535);
  if (id === 0) throw new Malformed('a packet identifier of 0');
  const message = (flags & IS_SHARED) === 0 ? readMessage(reader) : { shared: reader.number() };
  const entry = { message, qos, retain: (flags & RETAIN) !== 0, ids } as const;
  return id === undefined ? entry : { ...entry, id, isReleased: (flags & IS_RELEASED) !== 0 };
}
