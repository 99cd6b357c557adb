import type { Rights } from './access.ts';

/** A topic that was seen before, found by its bytes. */
export interface TopicEntry {
  readonly topic: string;
  /** Its bytes, from `start` on. */
  readonly bytes: Buffer;
  readonly start: number;
  readonly length: number;
  /** Whose rights allow a message here, and a retained one; asked once for each in a row. */
  allowed: Rights | undefined;
  allowedRetained: Rights | undefined;
}

/** Topics remembered; beyond it the table begins anew. Each needs a few hundred bytes. */
const ENTRIES = 20_000;
/** Longer topics are looked at anew each time. */
const TOPIC_BYTES = 256;
const BLOCK_BYTES = 16_384;
const EMPTY: Buffer = Buffer.alloc(0);

/** Good topic names by their bytes, so that a topic seen before needs no text and no check. */
export class TopicTable {
  readonly #entries = new Map<number, TopicEntry>();
  /** Bytes of topics, side by side. */
  #block = EMPTY;
  #used = 0;
  readonly #isSpecial: (topic: string) => boolean;

  /** `isSpecial`: topics that are always for the codec. */
  constructor(isSpecial: (topic: string) => boolean) {
    this.#isSpecial = isSpecial;
  }

  /** The topic in `bytes` from `start` to `end`, if it was added and no other of the same hash after it. */
  find(bytes: Buffer, start: number, end: number): TopicEntry | undefined {
    const entry = this.#entries.get(hashOf(bytes, start, end));
    return entry !== undefined && isAt(entry, bytes, start, end) ? entry : undefined;
  }

  /** The text of a topic that is plainly good. */
  read(bytes: Buffer, start: number, end: number): string | undefined {
    if (end - start > TOPIC_BYTES || !isPlain(bytes, start, end)) return undefined;
    const topic = bytes.toString('latin1', start, end);
    return this.#isSpecial(topic) ? undefined : topic;
  }

  /** Takes a topic in that is plainly good: printable ASCII, no wildcard, not deep. The codec judges all others. */
  learn(bytes: Buffer, start: number, end: number): TopicEntry | undefined {
    const topic = this.read(bytes, start, end);
    return topic === undefined ? undefined : this.#add(topic, bytes, start, end);
  }

  /** To be called with a topic that was found good. */
  add(topic: string): void {
    if (topic.length > TOPIC_BYTES || this.#isSpecial(topic)) return;
    const bytes = Buffer.from(topic);
    if (bytes.length > TOPIC_BYTES || this.find(bytes, 0, bytes.length) !== undefined) return;
    this.#add(topic, bytes, 0, bytes.length);
  }

  #add(topic: string, bytes: Buffer, start: number, end: number): TopicEntry {
    if (this.#entries.size >= ENTRIES) this.clear();
    const length = end - start;
    if (this.#used + length > this.#block.length) {
      this.#block = Buffer.allocUnsafeSlow(BLOCK_BYTES);
      this.#used = 0;
    }
    bytes.copy(this.#block, this.#used, start, end);
    const entry = {
      topic,
      bytes: this.#block,
      start: this.#used,
      length,
      allowed: undefined,
      allowedRetained: undefined,
    };
    this.#used += length;
    this.#entries.set(hashOf(bytes, start, end), entry);
    return entry;
  }

  /** Rights have changed: all are asked again. */
  clear(): void {
    this.#entries.clear();
    this.#block = EMPTY;
    this.#used = 0;
  }
}

/** Whether these bytes are the entry's topic. */
export function isAt(entry: TopicEntry, bytes: Buffer, start: number, end: number): boolean {
  const { bytes: known, start: from, length } = entry;
  if (length !== end - start) return false;
  // The last bytes differ first: `.../1` and `.../2`.
  for (let at = length - 1; at >= 0; at -= 1) if (known[from + at] !== bytes[start + at]) return false;
  return true;
}

const SLASH = 0x2f;
const MAX_LEVELS = 100;

function isPlain(bytes: Buffer, start: number, end: number): boolean {
  let slashes = 0;
  for (let at = start; at < end; at += 1) {
    const byte = bytes[at] ?? 0;
    if (byte <= 0x20 || byte >= 0x7f || byte === 0x23 || byte === 0x2b) return false; // # and +
    if (byte === SLASH) slashes += 1;
  }
  return end > start && slashes < MAX_LEVELS;
}

/** FNV-1a, 32 bits. */
function hashOf(bytes: Buffer, start: number, end: number): number {
  let hash = 0x811c_9dc5;
  for (let at = start; at < end; at += 1) hash = Math.imul(hash ^ (bytes[at] ?? 0), 0x0100_0193);
  return hash;
}
