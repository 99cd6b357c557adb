import { IN_MEMORY, type KeyIndex, type Place } from './key-index.ts';
import { isPutAt, MARK, MARK_BYTES, type NewRecord, sizeAt, sizeFor, writeRecord } from './record.ts';

/** A batch is written when it has so many bytes; one larger record is a batch of its own. */
export const BATCH_BYTES = 131_072;
const FIRST_BYTES = 4_096;
/** Stands for the slot of a key that is deleted. */
const NO_SLOT = -1;

/** Records that are written together, and kept until the disk has them. */
export class Batch {
  readonly number: number;
  #bytes: Buffer;
  #length = MARK_BYTES;
  readonly #slots: number[] = [];
  #segment: number;
  #from = 0;

  constructor(number: number) {
    this.number = number;
    this.#segment = IN_MEMORY + (number % IN_MEMORY);
    this.#bytes = Buffer.allocUnsafeSlow(FIRST_BYTES);
  }

  get length(): number {
    return this.#length;
  }

  /** The bytes to write now that so much of their segment is on the disk. */
  stamped(synced: number, salt: number): Buffer {
    const value = Buffer.alloc(4);
    value.writeUInt32LE(synced);
    writeRecord(this.#bytes, 0, { kind: MARK, key: '', value }, salt);
    return this.#bytes.subarray(0, this.#length);
  }

  hasRoomFor(bytes: number): boolean {
    return this.#length === MARK_BYTES || this.#length + bytes <= BATCH_BYTES;
  }

  add(record: NewRecord, salt: number, index: KeyIndex): void {
    this.#reserve(sizeFor(record));
    const size = writeRecord(this.#bytes, this.#length, record, salt);
    const slot = isPutAt(this.#bytes, this.#length) ? index.put(record.key, this.#end(), size) : NO_SLOT;
    this.#slots.push(slot);
    this.#length += size;
  }

  /** A copy of a whole record; `key` when it puts one. */
  copy(record: Buffer, key: string | undefined, index: KeyIndex): void {
    this.#reserve(record.length);
    record.copy(this.#bytes, this.#length);
    this.#slots.push(key === undefined ? NO_SLOT : index.put(key, this.#end(), record.length));
    this.#length += record.length;
  }

  /** The batch stands in that segment now, from there on. */
  settle(place: Place, index: KeyIndex): void {
    let at = MARK_BYTES;
    for (const slot of this.#slots) {
      const from = { segment: this.#segment, offset: this.#from + at };
      if (slot !== NO_SLOT) index.move(slot, from, { segment: place.segment, offset: place.offset + at });
      at += sizeAt(this.#bytes, at);
    }
    this.#segment = place.segment;
    this.#from = place.offset;
  }

  #end(): Place {
    return { segment: this.#segment, offset: this.#from + this.#length };
  }

  #reserve(more: number): void {
    const needed = this.#length + more;
    if (needed <= this.#bytes.length) return;
    const grown = Buffer.allocUnsafeSlow(Math.max(needed, this.#bytes.length * 4));
    this.#bytes.copy(grown, 0, 0, this.#length);
    this.#bytes = grown;
  }
}
