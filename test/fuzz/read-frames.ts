import { PROPERTY_TYPES, type Property } from './wire.ts';

/** Cuts a stream into whole packets. Throws when a length is not one. */
export class FrameCutter {
  #rest: Buffer = Buffer.alloc(0);

  push(chunk: Uint8Array): Buffer[] {
    this.#rest = this.#rest.length === 0 ? Buffer.from(chunk) : Buffer.concat([this.#rest, chunk]);
    const frames: Buffer[] = [];
    for (let size = sizeOf(this.#rest); size > 0 && size <= this.#rest.length; size = sizeOf(this.#rest)) {
      frames.push(this.#rest.subarray(0, size));
      this.#rest = this.#rest.subarray(size);
    }
    return frames;
  }

  /** Bytes of a packet that is not whole. */
  get left(): number {
    return this.#rest.length;
  }
}

function sizeOf(bytes: Buffer): number {
  const length = readVar(bytes, 1);
  return length === undefined ? 0 : length.end + length.value;
}

/** A variable byte integer and where it ends; undefined while it is not whole. */
function readVar(bytes: Buffer, at: number): { value: number; end: number } | undefined {
  let value = 0;
  for (let place = 0; place < 4; place += 1) {
    const byte = bytes[at + place];
    if (byte === undefined) return undefined;
    value += (byte & 0x7f) * 128 ** place;
    if (byte < 0x80) return { value, end: at + place + 1 };
  }
  throw new Error(`a length of more than four bytes: ${bytes.toString('hex', 0, 16)}`);
}

/** What a PUBLISH says. */
export interface ReadPublish {
  readonly topic: string;
  readonly payload: Buffer;
  readonly qos: number;
  readonly retain: boolean;
  readonly dup: boolean;
  /** 0 with QoS 0. */
  readonly id: number;
  /** In the order they came. */
  readonly properties: readonly Property[];
}

/** Reads a PUBLISH by the specification alone. Throws when a length does not fit. */
export function readPublish(version: number, bytes: Buffer): ReadPublish {
  const first = bytes[0] ?? 0;
  const qos = (first >> 1) & 3;
  const start = readVar(bytes, 1)?.end ?? 0;
  const topic = readText(bytes, start);
  const idEnd = topic.end + (qos > 0 ? 2 : 0);
  const list = version === 5 ? readProperties(bytes, idEnd) : { list: [], end: idEnd };
  return {
    topic: topic.value.toString('utf8'),
    payload: bytes.subarray(list.end),
    qos,
    retain: (first & 1) === 1,
    dup: (first & 8) === 8,
    id: qos > 0 ? bytes.readUInt16BE(topic.end) : 0,
    properties: list.list,
  };
}

function readProperties(bytes: Buffer, from: number): { list: Property[]; end: number } {
  const length = readVar(bytes, from);
  if (length === undefined) throw new Error('no properties');
  const end = length.end + length.value;
  const list: Property[] = [];
  let at = length.end;
  while (at < end) {
    const read = readProperty(bytes, at);
    list.push(read.property);
    at = read.end;
  }
  if (at !== end) throw new Error(`the properties end at ${at}, not at ${end}: ${bytes.toString('hex')}`);
  return { list, end };
}

function readProperty(bytes: Buffer, at: number): { property: Property; end: number } {
  const id = bytes[at] ?? 0;
  const from = at + 1;
  switch (PROPERTY_TYPES.get(id)) {
    case 'byte':
      return { property: [id, bytes.readUInt8(from)], end: from + 1 };
    case 'two':
      return { property: [id, bytes.readUInt16BE(from)], end: from + 2 };
    case 'four':
      return { property: [id, bytes.readUInt32BE(from)], end: from + 4 };
    case 'var': {
      const read = readVar(bytes, from);
      if (read === undefined) throw new Error('a number is cut off');
      return { property: [id, read.value], end: read.end };
    }
    case 'text': {
      const { value, end } = readText(bytes, from);
      return { property: [id, value.toString('utf8')], end };
    }
    case 'binary': {
      const { value, end } = readText(bytes, from);
      return { property: [id, value], end };
    }
    case 'pair': {
      const name = readText(bytes, from);
      const value = readText(bytes, name.end);
      return { property: [id, [name.value.toString('utf8'), value.value.toString('utf8')]], end: value.end };
    }
    case undefined:
      throw new Error(`no property ${id}: ${bytes.toString('hex')}`);
  }
}

function readText(bytes: Buffer, at: number): { value: Buffer; end: number } {
  const end = at + 2 + bytes.readUInt16BE(at);
  if (end > bytes.length) throw new Error(`a text is cut off: ${bytes.toString('hex')}`);
  return { value: bytes.subarray(at + 2, end), end };
}
