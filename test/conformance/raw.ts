/** Bytes of packets by hand, for those that no library would write. MQTT 5, chapters 1 and 2. */
export type Bytes = Uint8Array | readonly number[];

export function bytes(...parts: readonly (Bytes | number)[]): Buffer {
  return Buffer.concat(parts.map((part) => (typeof part === 'number' ? Buffer.from([part]) : Buffer.from(part))));
}

/** Two bytes, the higher one first. */
export const u16 = (value: number): Buffer => bytes([value >> 8, value & 0xff]);

export function u32(value: number): Buffer {
  const four = Buffer.alloc(4);
  four.writeUInt32BE(value);
  return four;
}

/** Variable byte integer, as short as it can be. */
export function varint(value: number): Buffer {
  const out: number[] = [];
  let rest = value;
  do {
    const more = Math.floor(rest / 128);
    out.push((rest % 128) | (more > 0 ? 0x80 : 0));
    rest = more;
  } while (rest > 0);
  return Buffer.from(out);
}

/** A text or binary with its length before it. */
export function text(content: string | Bytes): Buffer {
  const raw = typeof content === 'string' ? Buffer.from(content) : Buffer.from(content);
  return bytes(u16(raw.length), raw);
}

/** A property section: its length, then the properties. */
export function props(...parts: readonly (Bytes | number)[]): Buffer {
  const all = bytes(...parts);
  return bytes(varint(all.length), all);
}

/** A whole packet: first byte, remaining length, rest. */
export function packet(first: number, ...parts: readonly (Bytes | number)[]): Buffer {
  const rest = bytes(...parts);
  return bytes(first, varint(rest.length), rest);
}

export interface RawConnect {
  /** Default: `MQTT`. */
  readonly protocol?: string;
  /** Default: 5. */
  readonly version?: number;
  /** Default: 0x02, Clean Start. */
  readonly flags?: number;
  readonly keepAlive?: number;
  /** The property section with its length; default: empty. Give an empty Buffer for MQTT 3.1.1. */
  readonly properties?: Bytes;
  /** Default: the client id `c1`. */
  readonly payload?: Bytes;
}

export function connectBytes({ protocol = 'MQTT', version = 5, flags = 2, ...more }: RawConnect = {}): Buffer {
  const { keepAlive = 0, properties = version === 5 ? props() : [], payload = text('c1') } = more;
  return packet(0x10, text(protocol), version, flags, u16(keepAlive), properties, payload);
}

/** Bytes that are not UTF-8, and such that a lax decoder might take. */
export const NOT_UTF8: Readonly<Record<string, Bytes>> = {
  'a surrogate': [0x61, 0xed, 0xa0, 0x80],
  'an overlong slash': [0x61, 0xc0, 0xaf],
  'a cut sequence': [0x61, 0xe2, 0x82],
  'a lone continuation': [0x61, 0x80],
  'a point above U+10FFFF': [0x61, 0xf4, 0x90, 0x80, 0x80],
};

/** The packets in a stream of bytes. Throws when the stream ends within one. */
export function packetsIn(stream: Buffer): Buffer[] {
  const found: Buffer[] = [];
  for (let at = 0; at < stream.length; ) {
    let size = 0;
    let place = 0;
    for (let more = true; more; place += 1) {
      const byte = stream[at + 1 + place] ?? 0;
      size += (byte & 0x7f) * 128 ** place;
      more = byte >= 0x80;
    }
    const end = at + 1 + place + size;
    if (end > stream.length) throw new Error('the stream ends within a packet');
    found.push(stream.subarray(at, end));
    at = end;
  }
  return found;
}

/** The bytes that came after `before` bytes. */
export const since = (stream: Buffer, before: number): string => stream.subarray(before).toString('hex');
