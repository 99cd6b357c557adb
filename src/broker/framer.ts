import { ProtocolError, REASON } from './reason.ts';

/** Where a packet lies: its first byte, the first after its length, and one past its end. */
export interface Place {
  start: number;
  bodyAt: number;
  end: number;
}

const EMPTY = Buffer.alloc(0);

/**
 * Cuts a byte stream into whole MQTT packets. Looks only at the first byte and the length (MQTT 5, 2.1.4), so a packet
 * that is announced too large is refused before it is collected. A packet that came in one chunk is not copied.
 */
export class Framer {
  #bytes: Buffer = EMPTY;
  #start = 0;
  #end = 0;
  #isOwn = false;
  #needed = 2;
  /** The largest packet that `next` accepts, in bytes. */
  limit: number;
  /** Where the packet lies that `next` found; its bytes are `bytes`. */
  readonly place: Place = { start: 0, bodyAt: 0, end: 0 };
  bytes: Buffer = EMPTY;

  readonly #onHeld: (bytes: number) => void;

  /** `onHeld` hears how many more bytes are held for a packet that is not whole, or fewer. */
  constructor(limit: number, onHeld: (bytes: number) => void = () => undefined) {
    this.limit = limit;
    this.#onHeld = onHeld;
  }

  /** Bytes of memory held for a packet that is not whole. */
  get held(): number {
    return this.#bytes.length;
  }

  clear(): void {
    this.bytes = EMPTY;
    this.#take(EMPTY, 0, false);
  }

  push(chunk: Buffer): void {
    const length = this.#end - this.#start;
    if (length === 0) {
      this.#take(chunk, chunk.length, false);
      return;
    }
    if (!this.#isOwn || this.#end + chunk.length > this.#bytes.length) this.#grow(length + chunk.length);
    this.#bytes.set(chunk, this.#end);
    this.#end += chunk.length;
  }

  /**
   * Moves to the next whole packet: `bytes` and `place` tell where it lies, until the next call. False until more bytes
   * come. Throws ProtocolError 0x81 or 0x95.
   */
  next(): boolean {
    const length = this.#end - this.#start;
    if (length < this.#needed) return this.#rest();
    const bodyAt = bodyOf(this.#bytes, this.#start, this.#end);
    const size = bodyAt === 0 ? 0 : bodyAt - this.#start + lengthAt(this.#bytes, this.#start + 1, bodyAt);
    if (size > this.limit) {
      throw new ProtocolError(REASON.packetTooLarge, `a packet is larger than ${this.limit} bytes`);
    }
    if (size === 0 || length < size) {
      this.#needed = size === 0 ? length + 1 : size;
      return this.#rest();
    }
    this.#needed = 2;
    this.bytes = this.#bytes;
    this.place.start = this.#start;
    this.place.bodyAt = bodyAt;
    this.#start += size;
    this.place.end = this.#start;
    if (this.#start === this.#end) this.#take(EMPTY, 0, false);
    return true;
  }

  /** The start of a packet stays; in an own buffer, so that it does not keep a read that was handed on. */
  #rest(): false {
    this.bytes = EMPTY;
    const length = this.#end - this.#start;
    if (length > 0 && !this.#isOwn && this.#start > 0) this.#grow(Math.max(length, Math.min(this.#needed, 4_096)));
    return false;
  }

  #grow(length: number): void {
    const bytes = Buffer.allocUnsafe(Math.max(2 * length, 64));
    this.#bytes.copy(bytes, 0, this.#start, this.#end);
    this.#take(bytes, this.#end - this.#start, true);
  }

  #take(bytes: Buffer, end: number, isOwn: boolean): void {
    if (bytes.length !== this.#bytes.length) this.#onHeld(bytes.length - this.#bytes.length);
    this.#bytes = bytes;
    this.#start = 0;
    this.#end = end;
    this.#isOwn = isOwn;
  }
}

/** Where the packet that starts here has its first byte after the length; 0 while the length is not complete. */
function bodyOf(bytes: Buffer, start: number, end: number): number {
  for (let at = start + 1; at <= start + 4; at += 1) {
    if (at >= end) return 0;
    if ((bytes[at] ?? 0) < 0x80) return at + 1;
  }
  throw new ProtocolError(REASON.malformed, 'the packet length has more than four bytes'); // [MQTT-1.5.5-1]
}

function lengthAt(bytes: Buffer, start: number, end: number): number {
  let value = 0;
  for (let at = end - 1; at >= start; at -= 1) value = value * 128 + ((bytes[at] ?? 0) & 0x7f);
  return value;
}
