import { MARK, MARK_BYTES, sizeFor, writeRecord } from '../state/log/record.ts';
import type { Entry } from './entry.ts';
import { noteRecord, writeItem } from './item-record.ts';

/** What goes to the disk with one write and one sync. */
export interface Group {
  readonly entries: readonly Entry[];
  readonly bytes: number;
}

export interface GroupStamp {
  /** So much of the segment is on the disk. */
  readonly synced: number;
  readonly salt: number;
  /** The number of the first item. */
  readonly ordinal: number;
  readonly note: string | undefined;
}

/** Where an item of a group stands, from the start of the group on. */
export interface Encoded {
  readonly bytes: Buffer;
  readonly offsets: readonly number[];
}

/** A buffer of this size is kept; for a larger group there is one that goes again. */
const KEPT_BYTES = 262_144;

/** Makes the bytes of groups. */
export class GroupEncoder {
  #buffer = Buffer.alloc(0);

  /** The bytes hold until the next call. */
  encode({ entries, bytes }: Group, { synced, salt, ordinal, note }: GroupStamp): Encoded {
    const record = note === undefined ? undefined : noteRecord(note);
    const needed = MARK_BYTES + bytes + (record === undefined ? 0 : sizeFor(record));
    const into = this.#bufferOf(needed);
    const mark = Buffer.alloc(4);
    mark.writeUInt32LE(synced);
    let at = writeRecord(into, 0, { kind: MARK, key: '', value: mark }, salt);
    if (record !== undefined) at += writeRecord(into, at, record, salt);
    const offsets: number[] = [];
    const stamp = { ordinal, salt };
    for (const entry of entries) {
      offsets.push(at);
      at += writeItem(into, at, entry, stamp);
      stamp.ordinal += 1;
    }
    return { bytes: into.subarray(0, at), offsets };
  }

  #bufferOf(bytes: number): Buffer {
    if (bytes > KEPT_BYTES) return Buffer.allocUnsafeSlow(bytes);
    if (this.#buffer.length === 0) this.#buffer = Buffer.allocUnsafeSlow(KEPT_BYTES);
    return this.#buffer;
  }
}
