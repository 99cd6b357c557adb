import { isUtf8 } from 'node:buffer';
import { ProtocolError, REASON } from './reason.ts';

/** MQTT 5, table 2-4: how each property is written; `flag` is a byte that is 0 or 1. */
const KINDS: ReadonlyMap<number, 'flag' | 'two' | 'four' | 'var' | 'text' | 'binary' | 'pair'> = new Map([
  [0x01, 'flag'], // payload format
  [0x02, 'four'], // message expiry
  [0x03, 'text'], // content type
  [0x08, 'text'], // response topic
  [0x09, 'binary'], // correlation data
  [0x0b, 'var'], // subscription identifier
  [0x11, 'four'], // session expiry
  [0x15, 'text'], // authentication method
  [0x16, 'binary'], // authentication data
  [0x17, 'flag'], // request problem information
  [0x18, 'four'], // will delay
  [0x19, 'flag'], // request response information
  [0x1f, 'text'], // reason string
  [0x21, 'two'], // receive maximum
  [0x22, 'two'], // topic alias maximum
  [0x23, 'two'], // topic alias
  [0x26, 'pair'], // user property
  [0x27, 'four'], // maximum packet size
]);
const USER_PROPERTY = 0x26;

/** Walks over the bytes of one packet, field by field. Throws ProtocolError where a field is not what it must be. */
export class ShapeReader {
  readonly #bytes: Buffer;
  #at: number;

  constructor(bytes: Buffer, at: number) {
    this.#bytes = bytes;
    this.#at = at;
  }

  get isOver(): boolean {
    return this.#at >= this.#bytes.length;
  }

  /** Nothing may follow. */
  end(): void {
    if (!this.isOver) throw malformed('the packet is longer than what it says');
  }

  byte(): number {
    const at = this.skip(1);
    return this.#bytes[at] ?? 0;
  }

  two(): number {
    const at = this.skip(2);
    return this.#bytes.readUInt16BE(at);
  }

  /** Steps over so many bytes; tells where they begin. */
  skip(count: number): number {
    const at = this.#at;
    if (at + count > this.#bytes.length) throw malformed('the packet ends too early');
    this.#at = at + count;
    return at;
  }

  binary(): Buffer {
    const length = this.two();
    const at = this.skip(length);
    return this.#bytes.subarray(at, at + length);
  }

  /** [MQTT-1.5.4-1] and 2 */
  text(): void {
    const bytes = this.binary();
    if (!isUtf8(bytes)) throw malformed('a text is not UTF-8');
    if (bytes.includes(0)) throw malformed('a text contains NUL');
  }

  /** [MQTT-1.5.5-1] */
  varInt(): number {
    let value = 0;
    for (let factor = 1; factor <= 2_097_152; factor *= 128) {
      const byte = this.byte();
      value += (byte & 0x7f) * factor;
      if (byte < 0x80) return value;
    }
    throw malformed('a number has more than four bytes');
  }

  /** 2.2.2.2: each property belongs here, comes once and is what it must be; user properties come as often as they like. */
  properties(allowed: ReadonlySet<number>): void {
    const length = this.varInt();
    const end = this.skip(length) + length;
    const inside = new ShapeReader(this.#bytes.subarray(0, end), end - length);
    const seen = new Set<number>();
    while (!inside.isOver) {
      const id = inside.varInt();
      if (!allowed.has(id)) throw malformed(`the property ${id} does not belong here`);
      if (id !== USER_PROPERTY && seen.has(id)) throw protocol(`the property ${id} comes twice`);
      seen.add(id);
      inside.#value(id);
    }
  }

  #value(id: number): void {
    switch (KINDS.get(id)) {
      case 'flag':
        if (this.byte() > 1) throw protocol(`the property ${id} is neither 0 nor 1`);
        return;
      case 'two':
        this.skip(2);
        return;
      case 'four':
        this.skip(4);
        return;
      case 'var':
        this.varInt();
        return;
      case 'binary':
        this.binary();
        return;
      case 'pair':
        this.text();
        this.text();
        return;
      case 'text':
      case undefined:
        this.text();
    }
  }
}

export const malformed = (why: string): ProtocolError => new ProtocolError(REASON.malformed, why);
export const protocol = (why: string): ProtocolError => new ProtocolError(REASON.protocolError, why);
