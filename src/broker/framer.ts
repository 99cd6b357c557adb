import { ProtocolError, REASON } from './reason.ts';

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

  /** The next whole packet, or undefined until more bytes come. Throws ProtocolError 0x81 or 0x95. */
  next(): Buffer | undefined {
    const length = this.#end - this.#start;
    if (length < this.#needed) return undefined;
    const size = packetSize(this.#bytes, this.#start, this.#end);
    if (size > this.limit)
      throw new ProtocolError(REASON.packetTooLarge, `a packet is larger than ${this.limit} bytes`);
    if (size === 0 || length < size) {
      this.#needed = size === 0 ? length + 1 : size;
      return undefined;
    }
    this.#needed = 2;
    const packet = this.#bytes.subarray(this.#start, this.#start + size);
    this.#start += size;
    if (this.#start === this.#end) this.#take(EMPTY, 0, false);
    return packet;
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

/** The whole size of the packet that starts here, 0 while its length is not complete. */
function packetSize(bytes: Buffer, start: number, end: number): number {
  let value = 0;
  for (let place = 0; place < 4; place += 1) {
    const at = start + 1 + place;
    if (at >= end) return 0;
    const byte = bytes[at] ?? 0;
    value += (byte & 0x7f) * 2 ** (7 * place);
    if (byte < 0x80) return 2 + place + value;
  }
  throw new ProtocolError(REASON.malformed, 'the packet length has more than four bytes');
}
