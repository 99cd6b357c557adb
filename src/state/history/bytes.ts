import { Damage } from './damage.ts';

/** Writes whole numbers in as few bytes as they need, and what else a row has. Grows as needed. */
export class ByteWriter {
  #bytes = Buffer.allocUnsafe(256);
  #length = 0;

  byte(value: number): void {
    this.#room(1);
    this.#bytes[this.#length] = value;
    this.#length += 1;
  }

  /** 0 to 2^53 - 1. */
  count(value: number): void {
    this.#room(8);
    let rest = value;
    while (rest >= 0x80) {
      this.#bytes[this.#length] = (rest % 0x80) + 0x80;
      this.#length += 1;
      rest = Math.floor(rest / 0x80);
    }
    this.#bytes[this.#length] = rest;
    this.#length += 1;
  }

  /** -(2^52) to 2^52: near 0 it is short. */
  signed(value: number): void {
    this.count(value < 0 ? -2 * value - 1 : 2 * value);
  }

  double(value: number): void {
    this.#room(8);
    this.#bytes.writeDoubleLE(value, this.#length);
    this.#length += 8;
  }

  text(value: string): void {
    const size = Buffer.byteLength(value);
    this.count(size);
    this.#room(size);
    this.#bytes.write(value, this.#length);
    this.#length += size;
  }

  blob(value: Uint8Array): void {
    this.count(value.length);
    this.#room(value.length);
    this.#bytes.set(value, this.#length);
    this.#length += value.length;
  }

  /** A copy of what was written. */
  taken(): Buffer {
    return Buffer.from(this.#bytes.subarray(0, this.#length));
  }

  #room(more: number): void {
    if (this.#length + more <= this.#bytes.length) return;
    const larger = Buffer.allocUnsafe(Math.max(this.#bytes.length * 2, this.#length + more));
    this.#bytes.copy(larger, 0, 0, this.#length);
    this.#bytes = larger;
  }
}

/** Reads what a ByteWriter wrote. Throws when it ends too soon. */
export class ByteReader {
  readonly #bytes: Buffer;
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  get isAtEnd(): boolean {
    return this.#at >= this.#bytes.length;
  }

  byte(): number {
    const value = this.#bytes[this.#at];
    if (value === undefined) throw new Damage('the rows end too soon');
    this.#at += 1;
    return value;
  }

  count(): number {
    let value = 0;
    let scale = 1;
    for (let digit = 0; digit < 8; digit += 1) {
      const byte = this.byte();
      value += (byte % 0x80) * scale;
      if (byte < 0x80) return value;
      scale *= 0x80;
    }
    throw new Damage('a number in the rows is too long');
  }

  signed(): number {
    const value = this.count();
    return value % 2 === 0 ? value / 2 : -(value + 1) / 2;
  }

  double(): number {
    const at = this.#skip(8);
    return this.#bytes.readDoubleLE(at);
  }

  text(): string {
    const size = this.count();
    const at = this.#skip(size);
    return this.#bytes.toString('utf8', at, at + size);
  }

  blob(): Buffer {
    const size = this.count();
    const at = this.#skip(size);
    return this.#bytes.subarray(at, at + size);
  }

  /** Where the next `size` bytes are. */
  #skip(size: number): number {
    const at = this.#at;
    if (at + size > this.#bytes.length) throw new Damage('the rows end too soon');
    this.#at += size;
    return at;
  }
}
