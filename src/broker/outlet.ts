import type { Duplex } from 'node:stream';
import type { Budget } from './budget.ts';
import type { BrokerCounts, DropCounts } from './counts.ts';
import type { BrokerLimits } from './limits.ts';
import { OutBuffer, type Piece } from './out-buffer.ts';
import type { Stampable } from './stampable.ts';
import { thin } from './thin.ts';

/** Bytes that one write carries at most, unless a single packet is larger. */
const WRITE_BYTES = 65_536;

/** What a full queue must free, as a part of its limit, for its client to be kept. */
const WORTHWHILE = 1 / 8;

export interface OutletWorld {
  readonly limits: BrokerLimits;
  readonly counts: BrokerCounts;
  readonly budget: Budget;
}

/**
 * The way out to one client. Packets are gathered and written together. A socket that does not take them makes them
 * wait here and nobody else; when the queue is full, the newest QoS 0 message of each topic stays and the older go;
 * when that does not help, `push` says so and the client must go.
 */
export class Outlet {
  readonly #stream: Duplex;
  readonly #world: OutletWorld;
  readonly #gathered = new OutBuffer();
  /** Older than what is gathered, and not taken by the socket yet. */
  #waiting: Piece[] = [];
  #bytes = 0;
  #packets = 0;
  #droppable = 0;
  #isBlocked = false;
  /** The client speaks MQTT 5. */
  isFive = false;
  /** Bytes and QoS 0 messages handed to the socket. */
  bytesOut = 0;
  messagesOut = 0;
  /** What was dropped for the session behind it, once there is one. */
  drops: DropCounts | undefined;

  constructor(stream: Duplex, world: OutletWorld) {
    this.#stream = stream;
    this.#world = world;
  }

  /** True while the socket has more than it takes. */
  get isBlocked(): boolean {
    return this.#isBlocked;
  }

  /** How many bytes wait. */
  get bytes(): number {
    return this.#bytes;
  }

  /** How many QoS 0 messages wait. */
  get messages(): number {
    return this.#droppable;
  }

  get isEmpty(): boolean {
    return this.#packets === 0;
  }

  /** A packet of its own. `isDroppable`: it is a QoS 0 message. False: the queue is full and nothing can be dropped. */
  push(packet: Buffer, isDroppable = false): boolean {
    if (packet.length === 0) return true; // larger than the client takes, whatever is left out. [MQTT-3.1.2-24]
    this.#gathered.copy(packet, 0, packet.length, isDroppable);
    return this.#count(packet.length, isDroppable);
  }

  /** A QoS 0 message, in bytes that nobody changes, as it is or with another retain flag. */
  pushOnce({ bytes, start, end }: Stampable, retain: boolean): boolean {
    const first = retain ? 0x31 : 0x30;
    if (bytes[start] !== first) this.#gathered.copyHeaded(bytes, start, end, first);
    else if (this.#isBlocked) this.#gathered.copy(bytes, start, end, true);
    else this.#gathered.slice(bytes, start, end);
    return this.#count(end - start, true);
  }

  /** A copy of a QoS 1 or 2 message with another first byte and packet identifier. */
  pushStamped(packet: Stampable, first: number, id: number): boolean {
    this.#gathered.copyStamped(packet, first, id);
    return this.#count(packet.end - packet.start, false);
  }

  /** An acknowledgement of four bytes that says success. */
  pushAck(first: number, id: number): boolean {
    this.#gathered.acknowledge(first, id);
    return this.#count(4, false);
  }

  /** Writes what is gathered, as far as the socket takes it. */
  flush(): void {
    if (this.#isBlocked || this.#packets === 0) return;
    if (this.#gathered.length > 0) this.#gather();
    let from = 0;
    while (!this.#isBlocked && from < this.#waiting.length) from = this.#write(from);
    this.#waiting = from === this.#waiting.length ? [] : this.#waiting.slice(from);
  }

  /** The socket takes more: to be called on its `drain`. */
  unblock(): void {
    this.#isBlocked = false;
    this.flush();
  }

  /** Forgets what waits. */
  clear(): void {
    this.#gathered.take();
    this.#waiting = [];
    this.#world.counts.dropped.gone += this.#droppable;
    if (this.drops !== undefined) this.drops.gone += this.#droppable;
    this.#packets = 0;
    this.#droppable = 0;
    this.#add(-this.#bytes);
  }

  #gather(): void {
    const pieces = this.#gathered.take();
    if (this.#waiting.length === 0) this.#waiting = pieces;
    else this.#waiting.push(...pieces);
  }

  /** Writes pieces from there on, up to WRITE_BYTES; tells the next one. */
  #write(from: number): number {
    let to = from;
    let size = 0;
    while (to < this.#waiting.length && (size === 0 || size < WRITE_BYTES)) {
      size += this.#waiting[to]?.bytes.length ?? 0;
      to += 1;
    }
    const isMany = to - from > 1;
    if (isMany) this.#stream.cork();
    for (let index = from; index < to; index += 1) this.#hand(this.#waiting[index]);
    if (isMany) this.#stream.uncork();
    return to;
  }

  #hand(piece: Piece | undefined): void {
    if (piece === undefined) return;
    const { bytes, packets, droppable } = piece;
    const { counts } = this.#world;
    this.#packets -= packets;
    counts.packetsOut += packets;
    this.#droppable -= droppable;
    this.messagesOut += droppable;
    counts.messagesOut += droppable;
    counts.delivered += droppable;
    this.bytesOut += bytes.length;
    counts.bytesOut += bytes.length;
    this.#add(-bytes.length);
    this.#isBlocked = !this.#stream.write(bytes);
  }

  #add(bytes: number): void {
    this.#bytes += bytes;
    this.#world.budget.add(bytes);
  }

  /** One packet more. False when there are too many. */
  #count(bytes: number, isDroppable: boolean): boolean {
    this.#packets += 1;
    if (isDroppable) this.#droppable += 1;
    this.#bytes += bytes;
    this.#world.budget.add(bytes);
    if (!this.#isBlocked && this.#bytes >= WRITE_BYTES) this.flush();
    return !this.#isFull(1) || this.#thin();
  }

  #isFull(part: number): boolean {
    const { queueMessages, queueBytes } = this.#world.limits;
    return this.#packets > queueMessages * part || this.#bytes > queueBytes * part;
  }

  /** Keeps the newest QoS 0 message of each topic. False when that freed too little. */
  #thin(): boolean {
    if (!this.#isBlocked) {
      this.flush();
      if (!this.#isFull(1)) return true;
    }
    this.#gather();
    const { kept, dropped } = thin(this.#waiting, this.isFive);
    this.#waiting = kept;
    this.#packets -= dropped;
    this.#droppable -= dropped;
    this.#world.counts.dropped.superseded += dropped;
    if (this.drops !== undefined) this.drops.superseded += dropped;
    this.#add(kept.reduce((sum, { bytes }) => sum + bytes.length, 0) - this.#bytes);
    return !this.#isFull(1 - WORTHWHILE);
  }
}
