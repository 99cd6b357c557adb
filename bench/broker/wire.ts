const NOTHING = new Uint8Array(0);
const PUBLISH = 3;
const PUBACK = 4;

/**
 * Counts what a broker sends, packet by packet, and answers QoS 1: just enough MQTT 3.1.1 to be cheaper than any
 * broker. It trusts the broker.
 */
export class Counter {
  publishes = 0;
  acks = 0;
  /** Other packets: SUBACK, PINGRESP. */
  others = 0;
  #tail: Uint8Array = NOTHING;
  #ids: number[] = [];

  /** Reads a chunk; a packet that is not complete waits for the next one. */
  take(chunk: Uint8Array): void {
    const bytes = this.#tail.length === 0 ? chunk : Buffer.concat([this.#tail, chunk]);
    let at = 0;
    while (at + 2 <= bytes.length) {
      const length = bytes[at + 1] ?? 0;
      const body = length < 128 ? at + 2 : at + 1 + lengthBytes(bytes, at + 1);
      const next = body + (length < 128 ? length : longLength(bytes, at + 1));
      if (next > bytes.length) break;
      this.#packet(bytes, at, body);
      at = next;
    }
    // The chunk is only lent: what is kept is copied.
    this.#tail = at < bytes.length ? Uint8Array.from(bytes.subarray(at)) : NOTHING;
  }

  #packet(bytes: Uint8Array, at: number, body: number): void {
    const head = bytes[at] ?? 0;
    const type = head >> 4;
    if (type === PUBLISH) {
      this.publishes += 1;
      if ((head & 6) !== 0) this.#ids.push(idAfterTopic(bytes, body));
    } else if (type === PUBACK) this.acks += 1;
    else this.others += 1;
  }

  /** Acknowledgements of what came since the last call; undefined when nothing asks for one. */
  answers(): Uint8Array | undefined {
    const ids = this.#ids;
    if (ids.length === 0) return undefined;
    const bytes = Buffer.allocUnsafe(ids.length * 4);
    for (let index = 0; index < ids.length; index += 1) {
      bytes.writeUInt16BE(0x4002, index * 4);
      bytes.writeUInt16BE(ids[index] ?? 0, index * 4 + 2);
    }
    this.#ids = [];
    return bytes;
  }
}

function idAfterTopic(bytes: Uint8Array, body: number): number {
  const at = body + 2 + (((bytes[body] ?? 0) << 8) | (bytes[body + 1] ?? 0));
  return ((bytes[at] ?? 0) << 8) | (bytes[at + 1] ?? 0);
}

/** How many bytes the remaining length takes. */
function lengthBytes(bytes: Uint8Array, at: number): number {
  let count = 1;
  while (count < 4 && (bytes[at + count - 1] ?? 0) >= 128) count += 1;
  return count;
}

/** A remaining length of several bytes; infinite while it is not complete. */
function longLength(bytes: Uint8Array, at: number): number {
  let length = 0;
  for (let index = 0; index < 4; index += 1) {
    const byte = bytes[at + index];
    if (byte === undefined) return Number.POSITIVE_INFINITY;
    length |= (byte & 127) << (7 * index);
    if (byte < 128) return length;
  }
  return length;
}
