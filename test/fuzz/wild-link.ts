import type { Duplex } from 'node:stream';
import { FrameCutter } from './read-frames.ts';
import { ACK, frame, type Version } from './wire.ts';

/** Packets that a server sends; MQTT 5, table 2-1. */
const OF_SERVER = new Set([2, 3, 4, 5, 6, 7, 9, 11, 13, 14, 15]);
const CONNACK = 2;
const DISCONNECT = 14;
/** What the answer to a packet is, by its kind. */
const ANSWERS: ReadonlyMap<number, keyof typeof ACK> = new Map([
  [5, 'pubrel'],
  [6, 'pubcomp'],
]);

/** The client's end of a connection that behaves as it likes. */
export class WildLink {
  readonly version: Version;
  readonly #stream: Duplex;
  readonly #cutter = new FrameCutter();
  /** Packets that ask for an answer, not yet answered. */
  #unanswered: Buffer[] = [];
  #last: Buffer | undefined;
  isAccepted = false;
  isClosed = false;
  /** What came that no server may send. */
  fault: string | undefined;

  constructor(stream: Duplex, version: Version) {
    this.#stream = stream;
    this.version = version;
    stream.on('data', (chunk: Buffer) => this.#hear(chunk));
    stream.on('error', () => undefined);
    for (const event of ['end', 'close']) stream.on(event, () => (this.isClosed = true));
  }

  write(bytes: Uint8Array): void {
    if (this.#stream.writable) this.#stream.write(bytes);
  }

  end(): void {
    this.#stream.end();
  }

  destroy(): void {
    this.#stream.destroy();
  }

  freeze(): void {
    this.#stream.pause();
  }

  thaw(): void {
    this.#stream.resume();
  }

  /** Answers what it received, as the protocol wants it. */
  acknowledge(isBackward: boolean): void {
    const due = this.#unanswered.splice(0);
    const answers = (isBackward ? due.toReversed() : due).map(answerTo);
    this.write(Buffer.concat(answers));
  }

  /** The reason code of the last packet, when it is one that ends the connection. */
  get lastReason(): number | undefined {
    const last = this.#last;
    const kind = (last?.[0] ?? 0) >> 4;
    if (last === undefined || (kind !== DISCONNECT && kind !== CONNACK)) return undefined;
    return kind === CONNACK ? last[3] : (last[2] ?? 0);
  }

  #hear(chunk: Buffer): void {
    if (this.fault !== undefined) return;
    try {
      for (const bytes of this.#cutter.push(chunk)) this.#take(bytes);
    } catch (error) {
      this.fault = String(error);
    }
  }

  #take(bytes: Buffer): void {
    const kind = (bytes[0] ?? 0) >> 4;
    if (!OF_SERVER.has(kind)) this.fault = `a packet of kind ${kind}: ${bytes.toString('hex', 0, 32)}`;
    if ((this.#last?.[0] ?? 0) >> 4 === DISCONNECT) this.fault = 'a packet after DISCONNECT';
    if (kind === CONNACK) this.isAccepted ||= bytes[3] === 0;
    this.#last = bytes;
    const qos = ((bytes[0] ?? 0) >> 1) & 3;
    if (kind === 5 || kind === 6 || (kind === 3 && qos > 0)) this.#unanswered.push(bytes);
  }
}

function answerTo(bytes: Buffer): Buffer {
  const first = bytes[0] ?? 0;
  let at = 1;
  while ((bytes[at] ?? 0) >= 0x80) at += 1;
  at += 1;
  if (first >> 4 === 3) at += 2 + bytes.readUInt16BE(at);
  const kind = ANSWERS.get(first >> 4) ?? (((first >> 1) & 3) === 1 ? 'puback' : 'pubrec');
  return frame(ACK[kind], bytes.subarray(at, at + 2));
}
