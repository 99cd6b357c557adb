const FIRST_BYTES = 256;

/** Bytes of a record, one field after the other. Texts and bytes come with their length in front. */
export class ByteWriter {
  #bytes = Buffer.allocUnsafe(FIRST_BYTES);
  #length = 0;

  byte(value: number): this {
    this.#reserve(1);
    this.#bytes[this.#length] = value;
    this.#length += 1;
    return this;
  }

  /** A whole number from 0 on, seven bits a byte, lowest first. */
  number(value: number): this {
    let rest = value;
    while (rest >= 0x80) {
      this.byte((rest % 0x80) | 0x80);
      rest = Math.floor(rest / 0x80);
    }
    return this.byte(rest);
  }

  text(value: string): this {
    const length = Buffer.byteLength(value);
    this.number(length);
    this.#reserve(length);
    this.#bytes.write(value, this.#length);
    this.#length += length;
    return this;
  }

  bytes(value: Uint8Array): this {
    this.number(value.length);
    this.#reserve(value.length);
    this.#bytes.set(value, this.#length);
    this.#length += value.length;
    return this;
  }

  /** How many, then each of them. */
  list<T>(items: Iterable<T>, write: (item: T) => void): this {
    const all = [...items];
    this.number(all.length);
    for (const item of all) write(item);
    return this;
  }

  done(): Buffer {
    return this.#bytes.subarray(0, this.#length);
  }

  #reserve(more: number): void {
    const needed = this.#length + more;
    if (needed <= this.#bytes.length) return;
    const grown = Buffer.allocUnsafe(Math.max(needed, this.#bytes.length * 2));
    this.#bytes.copy(grown, 0, 0, this.#length);
    this.#bytes = grown;
  }
}
