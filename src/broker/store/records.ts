import type { Message } from '../../bus/message.ts';
import { ByteReader, Malformed } from './byte-reader.ts';
import { ByteWriter } from './byte-writer.ts';
import { readEntry, type StoredEntry, type Waiting, writeEntry } from './stored-entry.ts';
import { readMessage, type StoredMessage, writeMessage } from './stored-message.ts';
import { readFacts, type SessionFacts, type StoredFacts, writeFacts } from './stored-session.ts';

/** The first byte of every record. */
const FORM = 1;

/**
 * Keys: `r/<topic>` a retained message, `s/<client>` a session, `i/<client>` its QoS 2 identifiers received and not
 * released, `q/<client>/<number>` a message of it in the order of the numbers, `m/<number>` a message of many sessions.
 */
export const keyOf = {
  retained: (topic: string) => `r/${topic}`,
  session: (clientId: string) => `s/${clientId}`,
  received: (clientId: string) => `i/${clientId}`,
  entry: (clientId: string, number: number) => `q/${clientId}/${number}`,
  message: (number: number) => `m/${number}`,
} as const;

export type StoredRecord =
  | { readonly kind: 'retained'; readonly message: StoredMessage }
  | { readonly kind: 'session'; readonly clientId: string; readonly facts: StoredFacts }
  | { readonly kind: 'received'; readonly clientId: string; readonly ids: readonly number[] }
  | { readonly kind: 'entry'; readonly clientId: string; readonly number: number; readonly entry: StoredEntry }
  | { readonly kind: 'message'; readonly number: number; readonly message: StoredMessage };

export const encodeMessage = (message: Message): Buffer => encode((writer) => writeMessage(writer, message));
export const encodeFacts = (facts: SessionFacts): Buffer => encode((writer) => writeFacts(writer, facts));
export const encodeEntry = (waiting: Waiting, shared?: number): Buffer =>
  encode((writer) => writeEntry(writer, waiting, shared));
export const encodeReceived = (ids: Iterable<number>): Buffer =>
  encode((writer) => writer.list(ids, (id) => writer.number(id)));

function encode(write: (writer: ByteWriter) => unknown): Buffer {
  const writer = new ByteWriter().byte(FORM);
  write(writer);
  return writer.done();
}

/** Throws Malformed when it is not a record of the broker. */
export function decodeRecord(key: string, value: Buffer): StoredRecord {
  const reader = new ByteReader(value);
  if (reader.byte() !== FORM) throw new Malformed('no such form of a record');
  const record = readRecord(key, reader);
  reader.end();
  return record;
}

function readRecord(key: string, reader: ByteReader): StoredRecord {
  const rest = key.slice(2);
  switch (key.slice(0, 2)) {
    case 'r/':
      return { kind: 'retained', message: retained(rest, readMessage(reader)) };
    case 's/':
      return { kind: 'session', clientId: rest, facts: readFacts(reader) };
    case 'i/':
      return { kind: 'received', clientId: rest, ids: reader.list(() => packetId(reader)) };
    case 'q/': {
      const end = rest.lastIndexOf('/');
      return {
        kind: 'entry',
        clientId: rest.slice(0, end),
        number: count(rest.slice(end + 1)),
        entry: readEntry(reader),
      };
    }
    case 'm/':
      return { kind: 'message', number: count(rest), message: readMessage(reader) };
    default:
      throw new Malformed('no such kind of record');
  }
}

function retained(topic: string, message: StoredMessage): StoredMessage {
  if (topic !== message.topic || !message.retain) throw new Malformed('it is not the retained message of its topic');
  return message;
}

function packetId(reader: ByteReader): number {
  const id = reader.number(65_535);
  if (id === 0) throw new Malformed('a packet identifier of 0');
  return id;
}

function count(text: string): number {
  const number = /^[1-9]\d{0,15}$/.test(text) ? Number(text) : Number.NaN;
  if (!Number.isSafeInteger(number)) throw new Malformed('its number is none');
  return number;
}
