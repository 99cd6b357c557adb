import type { Stampable } from './stampable.ts';

/** Slices up to this size are copied beside others rather than written on their own. */
const SMALL = 512;
const SMALLEST_BLOCK = 256;
const LARGEST_BLOCK = 65_536;
/** Blocks up to this size come from Node's own pool. */
const POOLED = 4_096;
/** A slice of less than this part of its bytes is copied: it must not keep the rest in memory. */
const WORTH = 1 / 4;

const NONE: Buffer = Buffer.alloc(0);

/** Whole packets that lie side by side. */
export interface Piece {
  readonly bytes: Buffer;
  readonly packets: number;
  /** How many of them are QoS 0 messages. */
  readonly droppable: number;
}

/** Gathers packets for one write: small ones side by side in one block, large ones and runs of neighbours as they are. */
export class OutBuffer {
  #done: Piece[] = [];
  /** Our own block: what is filled and not in `#done` yet lies from `#from` to `#to`. */
  #block: Buffer = NONE;
  #from = 0;
  #to = 0;
  #packets = 0;
  #droppable = 0;
  /** A run of QoS 0 messages in foreign bytes that may still grow; it comes after the block's part. */
  #slice: Buffer = NONE;
  #sliceStart = 0;
  #sliceEnd = 0;
  #sliceCount = 0;
  #length = 0;
  /** What the last write had: the next may be as long. */
  #hint = 0;

  /** Bytes gathered. */
  get length(): number {
    return this.#length;
  }

  /** A QoS 0 message in bytes that nobody changes until they are written. */
  slice(bytes: Buffer, start: number, end: number): void {
    this.#length += end - start;
    if (this.#slice === bytes && this.#sliceEnd === start) {
      this.#sliceEnd = end;
      this.#sliceCount += 1;
      return;
    }
    if (this.#sliceCount > 0) this.#endSlice();
    this.#slice = bytes;
    this.#sliceStart = start;
    this.#sliceEnd = end;
    this.#sliceCount = 1;
  }

  /** Copies one packet. */
  copy(bytes: Buffer, start: number, end: number, isDroppable: boolean): void {
    const at = this.#reserve(end - start);
    if (isDroppable) this.#droppable += 1;
    bytes.copy(this.#block, at, start, end);
  }

  /** Copies a QoS 0 message, with another first byte. */
  copyHeaded(bytes: Buffer, start: number, end: number, first: number): void {
    const at = this.#reserve(end - start);
    this.#droppable += 1;
    bytes.copy(this.#block, at, start, end);
    this.#block[at] = first;
  }

  /** Copies a QoS 1 or 2 message, with another first byte and packet identifier. */
  copyStamped({ bytes, start, end, idOffset }: Stampable, first: number, id: number): void {
    const at = this.#reserve(end - start);
    bytes.copy(this.#block, at, start, end);
    this.#block[at] = first;
    this.#block[at + idOffset] = id >> 8;
    this.#block[at + idOffset + 1] = id & 0xff;
  }

  /** An acknowledgement of four bytes that says success. */
  acknowledge(first: number, id: number): void {
    const at = this.#reserve(4);
    this.#block[at] = first;
    this.#block[at + 1] = 2;
    this.#block[at + 2] = id >> 8;
    this.#block[at + 3] = id & 0xff;
  }

  /** Everything gathered, in order; it is empty afterwards. */
  take(): Piece[] {
    if (this.#sliceCount > 0) this.#endSlice();
    this.#endBlock();
    const done = this.#done;
    this.#hint = this.#length;
    this.#done = [];
    this.#block = NONE;
    this.#from = 0;
    this.#to = 0;
    this.#length = 0;
    return done;
  }

  /** Room for one packet in the block, to be filled at once; tells where it begins. */
  #reserve(size: number): number {
    if (this.#sliceCount > 0) this.#endSlice();
    this.#makeRoom(size);
    this.#length += size;
    this.#packets += 1;
    const at = this.#to;
    this.#to += size;
    return at;
  }

  #endSlice(): void {
    const start = this.#sliceStart;
    const end = this.#sliceEnd;
    const bytes = this.#slice;
    const count = this.#sliceCount;
    this.#slice = NONE;
    this.#sliceCount = 0;
    const size = end - start;
    const isAlone = this.#to === this.#from && this.#done.length === 0;
    if (size >= bytes.length * WORTH && (isAlone || size > SMALL)) {
      this.#endBlock();
      this.#done.push({ bytes: bytes.subarray(start, end), packets: count, droppable: count });
      return;
    }
    this.#makeRoom(size);
    bytes.copy(this.#block, this.#to, start, end);
    this.#to += size;
    this.#packets += count;
    this.#droppable += count;
  }

  #makeRoom(size: number): void {
    if (this.#to + size <= this.#block.length) return;
    this.#endBlock();
    const wanted = Math.min(Math.max(this.#hint, this.#length, SMALLEST_BLOCK), LARGEST_BLOCK);
    const length = Math.max(wanted, size);
    this.#block = length <= POOLED ? Buffer.allocUnsafe(length) : Buffer.allocUnsafeSlow(length);
    this.#from = 0;
    this.#to = 0;
  }

  #endBlock(): void {
    if (this.#to === this.#from) return;
    const bytes = this.#block.subarray(this.#from, this.#to);
    this.#done.push({ bytes, packets: this.#packets, droppable: this.#droppable });
    this.#from = this.#to;
    this.#packets = 0;
    this.#droppable = 0;
  }
}
