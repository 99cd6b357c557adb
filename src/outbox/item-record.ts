import { ITEM, keyAt, NOTE, sizeFor, valueAt, writeRecord } from '../state/log/record.ts';
import type { Entry } from './entry.ts';

/** Of the value of an item: flags, position, time, number; then the end of its time and what is kept, if any. */
const SEQ_AT = 1;
const TIME_AT = 7;
const ORDINAL_AT = 13;
const FIXED = 17;

const SYNC = 1;
const ALARM = 2;
const HAS_END = 4;
const HAS_KEEP = 8;

const LARGEST_TIME = 2 ** 48 - 1;

/** An item as it stands in a segment. */
export interface ItemRecord {
  readonly seq: number;
  readonly topic: string;
  readonly time: number;
  readonly expiresAt: number;
  readonly isSync: boolean;
  readonly isAlarm: boolean;
  readonly keep: number;
  /** Counts the items written: what is missing between two was lost. */
  readonly ordinal: number;
  readonly payload: Buffer;
}

/** Bytes that the record of an item takes. */
export function itemSize(topic: string, payload: Uint8Array, extras: { hasEnd: boolean; hasKeep: boolean }): number {
  const more = (extras.hasEnd ? 6 : 0) + (extras.hasKeep ? 4 : 0);
  return sizeFor({ kind: ITEM, key: topic, value: payload }) + FIXED + more;
}

const fixed = Buffer.alloc(FIXED + 10);

/** Writes an item at `at`, where its size must be free; its size. */
export function writeItem(into: Buffer, at: number, entry: Entry, { ordinal, salt }: Stamp): number {
  const { seq, time, expiresAt, isSync, isAlarm, keep, payload = NOTHING } = entry;
  const hasEnd = expiresAt !== Number.POSITIVE_INFINITY;
  fixed[0] = (isSync ? SYNC : 0) | (isAlarm ? ALARM : 0) | (hasEnd ? HAS_END : 0) | (keep === 0 ? 0 : HAS_KEEP);
  fixed.writeUIntLE(seq, SEQ_AT, 6);
  fixed.writeUIntLE(wholeMs(time), TIME_AT, 6);
  fixed.writeUInt32LE(ordinal % 2 ** 32, ORDINAL_AT);
  let length = FIXED;
  if (hasEnd) length = fixed.writeUIntLE(wholeMs(expiresAt), length, 6);
  if (keep !== 0) length = fixed.writeUInt32LE(keep, length);
  return writeRecord(
    into,
    at,
    { kind: ITEM, key: entry.topic.name, value: payload, lead: fixed.subarray(0, length) },
    salt,
  );
}

export interface Stamp {
  readonly ordinal: number;
  readonly salt: number;
}

const NOTHING = Buffer.alloc(0);

const wholeMs = (time: number): number => Math.min(Math.max(Math.floor(time), 0), LARGEST_TIME);

/** The item at `at`, which is known to be whole; undefined when it is none of this form. The payload is a view. */
export function itemAt(bytes: Buffer, at: number): ItemRecord | undefined {
  const value = valueAt(bytes, at);
  const flags = value[0] ?? 0;
  const hasEnd = (flags & HAS_END) !== 0;
  const hasKeep = (flags & HAS_KEEP) !== 0;
  const endAt = FIXED;
  const keepAt = endAt + (hasEnd ? 6 : 0);
  const payloadAt = keepAt + (hasKeep ? 4 : 0);
  if (value.length < payloadAt) return undefined;
  return {
    seq: value.readUIntLE(SEQ_AT, 6),
    topic: keyAt(bytes, at),
    time: value.readUIntLE(TIME_AT, 6),
    expiresAt: hasEnd ? value.readUIntLE(endAt, 6) : Number.POSITIVE_INFINITY,
    isSync: (flags & SYNC) !== 0,
    isAlarm: (flags & ALARM) !== 0,
    keep: hasKeep ? value.readUInt32LE(keepAt) : 0,
    ordinal: value.readUInt32LE(ORDINAL_AT),
    payload: value.subarray(payloadAt),
  };
}

/** The record of a note of the outbox about itself. */
export function noteRecord(text: string): { kind: typeof NOTE; key: string; value: Buffer } {
  return { kind: NOTE, key: '', value: Buffer.from(text) };
}
