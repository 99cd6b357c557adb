import type { Message, Origin } from '../bus/message.ts';
import type { Version } from './codec.ts';
import type { Slab, SlabOwner } from './slab.ts';

/** Flag of a PUBLISH that may have been sent before. */
const AGAIN = 0x08;

/** Where the parts of a PUBLISH lie in the bytes that it came in. */
export interface WirePlace {
  readonly bytes: Buffer;
  /** The first byte of the packet, its packet identifier (QoS 1), its payload, and one past its end. */
  readonly start: number;
  readonly idAt: number;
  readonly payloadAt: number;
  readonly end: number;
}

/**
 * A message without properties that still lies in the bytes it came in: a subscriber who wants it as it is gets those
 * very bytes. Whoever keeps it for long must `detach` it, or a few bytes would keep the whole read of a socket.
 */
export class WireMessage implements Message {
  readonly topic: string;
  readonly qos: 0 | 1;
  readonly retain: boolean;
  readonly origin: Origin;
  readonly props = undefined;
  /** True: it has the (empty) properties of MQTT 5. */
  readonly isFive: boolean;
  bytes: Buffer;
  start: number;
  end: number;
  readonly #idOffset: number;
  readonly #payloadOffset: number;
  #payload: Buffer | undefined;
  #isDetached = false;
  /** Somebody keeps it beside the store of retained messages. */
  #isKept = false;
  #slab: Slab | undefined;
  #owner: SlabOwner | undefined;

  constructor(topic: string, origin: Origin, version: Version, { bytes, start, idAt, payloadAt, end }: WirePlace) {
    this.topic = topic;
    this.origin = origin;
    this.isFive = version === 5;
    this.retain = ((bytes[start] ?? 0) & 1) === 1;
    this.qos = payloadAt === idAt + (this.isFive ? 1 : 0) ? 0 : 1;
    this.bytes = bytes;
    this.start = start;
    this.end = end;
    this.#idOffset = idAt - start;
    this.#payloadOffset = payloadAt - start;
  }

  /** Length of the packet in bytes. */
  get size(): number {
    return this.end - this.start;
  }

  get payloadLength(): number {
    return this.end - this.start - this.#payloadOffset;
  }

  /** Where the packet identifier lies, from the start of the packet. */
  get idOffset(): number {
    return this.#idOffset;
  }

  get packet(): { readonly id: number; readonly dup: boolean } | undefined {
    if (this.qos === 0) return undefined;
    const dup = ((this.bytes[this.start] ?? 0) & AGAIN) !== 0;
    return { id: this.bytes.readUInt16BE(this.start + this.#idOffset), dup };
  }

  /** A copy, made once: local listeners may keep it. */
  get payload(): Buffer {
    this.#payload ??= Buffer.from(this.bytes.subarray(this.start + this.#payloadOffset, this.end));
    return this.#payload;
  }

  text(): string {
    return this.bytes.toString('utf8', this.start + this.#payloadOffset, this.end);
  }

  /** Where it lies while it is retained. */
  get slab(): Slab | undefined {
    return this.#slab;
  }

  /** Copies its bytes into a slab, which must have room there. */
  moveTo(slab: Slab, at: number, owner: SlabOwner): void {
    this.bytes.copy(slab.bytes, at, this.start, this.end);
    this.end = at + this.size;
    this.start = at;
    this.bytes = slab.bytes;
    this.#slab = slab;
    this.#owner = owner;
    this.#isDetached = true;
  }

  onReplaced(): void {
    if (this.#slab === undefined) return;
    this.#owner?.release(this.#slab, this.size);
    this.#slab = undefined;
    this.#isDetached = false;
    if (this.#isKept) this.detach();
  }

  /** Lets go of the bytes of others; of those of a slab when it is not retained any more. */
  detach(): void {
    this.#isKept ||= this.#slab !== undefined;
    if (this.#isDetached) return;
    this.#isDetached = true;
    const own = Buffer.allocUnsafeSlow(this.size);
    this.bytes.copy(own, 0, this.start, this.end);
    this.bytes = own;
    this.end -= this.start;
    this.start = 0;
  }
}

export const isWire = (message: unknown): message is WireMessage => message instanceof WireMessage;
