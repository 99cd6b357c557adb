import { crc32 } from 'node:zlib';

/** The form of the segments that this hanbus writes. */
export const LOG_VERSION = 1;

/** The first bytes of a segment: one block, written twice, so that a single bad byte takes nothing. */
const BLOCK = 32;
export const HEAD_BYTES = 2 * BLOCK;

const MAGIC = 'HBLG';
const CRC_AT = 28;

/** What a segment says of itself. */
export interface SegmentHead {
  readonly id: number;
  /** Of the whole log, the same in each of its segments: the seed of the checksums. */
  readonly salt: number;
  /** The segment before, and how much of it counts: what stood behind was written again in this one. */
  readonly before: { readonly id: number; readonly end: number };
}

export type ReadHead =
  | { readonly head: SegmentHead }
  /** Written by a newer hanbus. */
  | { readonly newer: number };

export function encodeHead({ id, salt, before }: SegmentHead): Buffer {
  const block = Buffer.alloc(BLOCK);
  block.write(MAGIC, 'latin1');
  block.writeUInt16LE(LOG_VERSION, 4);
  block.writeUInt32LE(id, 8);
  block.writeUInt32LE(salt, 12);
  block.writeUInt32LE(before.id, 16);
  block.writeUInt32LE(before.end, 20);
  block.writeUInt32LE(crc32(block.subarray(0, CRC_AT)), CRC_AT);
  return Buffer.concat([block, block]);
}

/** The head of a segment; undefined when both of its blocks are damaged. */
export function decodeHead(bytes: Buffer): ReadHead | undefined {
  return decodeBlock(bytes.subarray(0, BLOCK)) ?? decodeBlock(bytes.subarray(BLOCK, HEAD_BYTES));
}

function decodeBlock(block: Buffer): ReadHead | undefined {
  if (block.length < BLOCK || block.toString('latin1', 0, 4) !== MAGIC) return undefined;
  if (crc32(block.subarray(0, CRC_AT)) !== block.readUInt32LE(CRC_AT)) return undefined;
  const version = block.readUInt16LE(4);
  if (version > LOG_VERSION) return { newer: version };
  const before = { id: block.readUInt32LE(16), end: block.readUInt32LE(20) };
  return { head: { id: block.readUInt32LE(8), salt: block.readUInt32LE(12), before } };
}
