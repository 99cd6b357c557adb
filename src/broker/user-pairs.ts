/** Bytes after the identifier of each property that a PUBLISH or a will may have; -1: a text or binary, -2: two texts. */
const SIZES: Readonly<Record<number, number>> = {
  1: 1, // payload format
  2: 4, // message expiry
  3: -1, // content type
  8: -1, // response topic
  9: -1, // correlation data
  24: 4, // will delay
  35: 2, // topic alias
  38: -2, // user property
};
const USER_PROPERTY = 38;

/**
 * The user properties of a well-formed MQTT 5 PUBLISH in the order they came, which the codec library does not keep.
 * [MQTT-3.3.2-18]
 */
export function readUserPairs(bytes: Buffer): [string, string][] {
  const topicAt = skipVar(bytes, 1);
  const hasId = ((bytes[0] ?? 0) & 0x06) !== 0;
  return pairsAt(bytes, skipText(bytes, topicAt) + (hasId ? 2 : 0));
}

/** The same of the will in a well-formed MQTT 5 CONNECT that has one. [MQTT-3.1.3-10] */
export function readWillPairs(bytes: Buffer): [string, string][] {
  const ownAt = skipText(bytes, skipVar(bytes, 1)) + 4; // version, flags and keep alive lie between
  const idAt = skipVar(bytes, ownAt) + readVar(bytes, ownAt);
  return pairsAt(bytes, skipText(bytes, idAt));
}

function pairsAt(bytes: Buffer, lengthAt: number): [string, string][] {
  const pairs: [string, string][] = [];
  let at = skipVar(bytes, lengthAt);
  const end = at + readVar(bytes, lengthAt);
  while (at < end) {
    const property = bytes[at] ?? 0;
    const start = at + 1;
    const size = SIZES[property];
    if (size === undefined) return pairs;
    const middle = size < 0 ? skipText(bytes, start) : start + size;
    at = size === -2 ? skipText(bytes, middle) : middle;
    if (property === USER_PROPERTY) pairs.push([textAt(bytes, start), textAt(bytes, middle)]);
  }
  return pairs;
}

function readVar(bytes: Buffer, at: number): number {
  let value = 0;
  for (let place = 0; place < 4; place += 1) {
    const byte = bytes[at + place] ?? 0;
    value += (byte & 0x7f) * 2 ** (7 * place);
    if (byte < 0x80) break;
  }
  return value;
}

function skipVar(bytes: Buffer, at: number): number {
  let end = at;
  while ((bytes[end] ?? 0) >= 0x80) end += 1;
  return end + 1;
}

const skipText = (bytes: Buffer, at: number): number => at + 2 + bytes.readUInt16BE(at);
const textAt = (bytes: Buffer, at: number): string => bytes.toString('utf8', at + 2, skipText(bytes, at));
