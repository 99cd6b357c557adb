/** The bytes are not a record of this kind. */
export class Malformed extends Error {
  constructor(what: string) {
    super(what);
    this.name = 'Malformed';
  }
}

const STRICT = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** Reads what a ByteWriter wrote; throws Malformed when it is something else. */
export class ByteReader {
  readonly #bytes: Buffer;
  #at = 0;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  byte(): number {
    const value = this.#bytes[this.#at];
    if (value === undefined) throw new Malformed('it ends too early');
    this.#at += 1;
    return value;
  }

  number(most = Number.MAX_SAFE_INTEGER): number {
    let value = 0;
    for (let place = 1; place <= 2 ** 49; place *= 0x80) {
      const byte = this.byte();
      value += (byte & 0x7f) * place;
      if (byte >= 0x80) continue;
      if (value > most) throw new Malformed(`${value} is too much`);
      return value;
    }
    throw new Malformed('a number is too long');
  }

  text(): string {
    try {
      return STRICT.decode(this.#take());
    } catch (error) {
      if (error instanceof Malformed) throw error;
      throw new Malformed('a text is not UTF-8');
    }
  }

  /** A copy. */
  bytes(): Buffer {
    const view = this.#take();
    const copy = Buffer.allocUnsafeSlow(view.length);
    view.copy(copy);
    return copy;
  }

  list<T>(read: () => T): T[] {
    const count = this.number(this.#bytes.length - this.#at);
    return Array.from({ length: count }, read);
  }

  /** Nothing may be left. */
  end(): void {
    if (this.#at !== this.#bytes.length) throw new Malformed('it is too long');
  }

  #take(): Buffer {
    const length = this.number(this.#bytes.length);
    const end = this.#at + length;
    if (end > this.#bytes.length) throw new Malformed('it ends too early');
    const view = this.#bytes.subarray(this.#at, end);
    this.#at = end;
    return view;
  }
}
