import { crc32 } from 'node:zlib';

/**
 * One record of a log: a fixed byte, checksum, length of the rest, kind, length of the key, key, value. Numbers are little
 * endian. The checksum covers all that follows it, seeded with the salt of the log: bytes that look like a record inside
 * a value are not taken for one. It says nothing of where the record stands, so a record may be copied as it is.
 */
export const PUT = 1;
export const DELETE = 2;
/** At the start of each batch: how much of the segment was on the disk for certain when the batch was written. */
export const MARK = 3;
/** Of a queue: one thing in it, and what is told about the queue itself. */
export const ITEM = 4;
export const NOTE = 5;
export type Kind = typeof PUT | typeof DELETE | typeof MARK | typeof ITEM | typeof NOTE;

/** A mark has no key and a number of four bytes. */
export const MARK_BYTES = 18;

export interface NewRecord {
  readonly kind: Kind;
  readonly key: string;
  readonly value: Uint8Array;
  /** What stands before the value and belongs to it; default: nothing. */
  readonly lead?: Uint8Array;
}

const FIRST_BYTE = 0xb5;
const CRC_AT = 1;
const LENGTH_AT = 5;
const KIND_AT = 9;
const KEY_LENGTH_AT = 10;
const KEY_AT = 14;
/** The bytes before the ones that the length counts. */
const BEFORE = KIND_AT;
/** The shortest that the length may say: kind and length of the key. */
const LEAST = KEY_AT - KIND_AT;

/** Bytes that the record takes. */
export function sizeFor({ key, value, lead }: NewRecord): number {
  return KEY_AT + Buffer.byteLength(key) + (lead?.length ?? 0) + value.length;
}

/** Writes the record at `at`, where `sizeFor` bytes must be free; its size. */
export function writeRecord(into: Buffer, at: number, record: NewRecord, salt: number): number {
  const keyLength = into.write(record.key, at + KEY_AT);
  const leadLength = record.lead?.length ?? 0;
  if (record.lead !== undefined) into.set(record.lead, at + KEY_AT + keyLength);
  into.set(record.value, at + KEY_AT + keyLength + leadLength);
  const length = LEAST + keyLength + leadLength + record.value.length;
  into[at] = FIRST_BYTE;
  into.writeUInt32LE(length, at + LENGTH_AT);
  into[at + KIND_AT] = record.kind;
  into.writeUInt32LE(keyLength, at + KEY_LENGTH_AT);
  const end = at + BEFORE + length;
  into.writeUInt32LE(crc32(into.subarray(at + LENGTH_AT, end), salt), at + CRC_AT);
  return end - at;
}

/** The size of the whole record at `at` that ends at `end` at the latest; 0 when there is none. */
export function checkRecord(bytes: Buffer, at: number, end: number, salt: number): number {
  if (at + KEY_AT > end || bytes[at] !== FIRST_BYTE) return 0;
  const length = bytes.readUInt32LE(at + LENGTH_AT);
  const kind = bytes[at + KIND_AT] ?? 0;
  if (length < LEAST || at + BEFORE + length > end) return 0;
  if (kind < PUT || kind > NOTE || bytes.readUInt32LE(at + KEY_LENGTH_AT) > length - LEAST) return 0;
  const sum = crc32(bytes.subarray(at + LENGTH_AT, at + BEFORE + length), salt);
  return sum === bytes.readUInt32LE(at + CRC_AT) ? BEFORE + length : 0;
}

/** The size of a record that is known to be whole. */
export const sizeAt = (bytes: Buffer, at: number): number => BEFORE + bytes.readUInt32LE(at + LENGTH_AT);

export const isPutAt = (bytes: Buffer, at: number): boolean => bytes[at + KIND_AT] === PUT;
export const kindAt = (bytes: Buffer, at: number): number => bytes[at + KIND_AT] ?? 0;
export const isMarkAt = (bytes: Buffer, at: number): boolean => bytes[at + KIND_AT] === MARK;

export function keyAt(bytes: Buffer, at: number): string {
  return bytes.toString('utf8', at + KEY_AT, at + KEY_AT + bytes.readUInt32LE(at + KEY_LENGTH_AT));
}

/** The value, as a view of `bytes`. */
export function valueAt(bytes: Buffer, at: number): Buffer {
  return bytes.subarray(at + KEY_AT + bytes.readUInt32LE(at + KEY_LENGTH_AT), at + sizeAt(bytes, at));
}

/** Where the next record may begin, from `at` on; -1 when there is none. */
export const nextStart = (bytes: Buffer, at: number): number => bytes.indexOf(FIRST_BYTE, at);
