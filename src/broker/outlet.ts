import type { Duplex } from 'node:stream';
import type { Message } from '../bus/message.ts';
import type { Budget } from './budget.ts';
import type { BrokerCounts } from './counts.ts';
import type { BrokerLimits } from './limits.ts';

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
  readonly #limits: BrokerLimits;
  readonly #counts: BrokerCounts;
  readonly #budget: Budget;
  #packets: Buffer[] = [];
  /** Beside each packet: its QoS 0 message, or undefined for one that must not be dropped. */
  #messages: (Message | undefined)[] = [];
  #bytes = 0;
  #isBlocked = false;

  constructor(stream: Duplex, { limits, counts, budget }: OutletWorld) {
    this.#stream = stream;
    this.#limits = limits;
    this.#counts = counts;
    this.#budget = budget;
  }

  /** True while the socket has more than it takes. */
  get isBlocked(): boolean {
    return this.#isBlocked;
  }

  /** How much waits. */
  get bytes(): number {
    return this.#bytes;
  }

  get isEmpty(): boolean {
    return this.#packets.length === 0;
  }

  /** `droppable`: the QoS 0 message that the packet carries. False: the queue is full and nothing more can be dropped. */
  push(packet: Buffer, droppable?: Message): boolean {
    this.#packets.push(packet);
    this.#messages.push(droppable);
    this.#count(packet.length);
    if (!this.#isBlocked && (this.#bytes >= WRITE_BYTES || this.#isFull(1))) this.flush();
    return !this.#isFull(1) || this.#thin();
  }

  /** Writes what is gathered, as far as the socket takes it. */
  flush(): void {
    let from = 0;
    while (!this.#isBlocked && from < this.#packets.length) {
      const to = this.#batchEnd(from);
      const batch = to - from === 1 ? this.#packets[from] : Buffer.concat(this.#packets.slice(from, to));
      from = to;
      if (batch !== undefined) this.#write(batch);
    }
    if (from === 0) return;
    this.#packets = from === this.#packets.length ? [] : this.#packets.slice(from);
    this.#messages = this.#packets.length === 0 ? [] : this.#messages.slice(from);
  }

  /** The socket takes more: to be called on its `drain`. */
  unblock(): void {
    this.#isBlocked = false;
    this.flush();
  }

  /** Forgets what waits. */
  clear(): void {
    this.#packets = [];
    this.#messages = [];
    this.#count(-this.#bytes);
  }

  #batchEnd(from: number): number {
    let size = 0;
    let to = from;
    while (to < this.#packets.length && (size === 0 || size < WRITE_BYTES)) {
      size += this.#packets[to]?.length ?? 0;
      to += 1;
    }
    return to;
  }

  #write(batch: Buffer): void {
    this.#count(-batch.length);
    this.#counts.bytesOut += batch.length;
    this.#isBlocked = !this.#stream.write(batch);
  }

  #count(bytes: number): void {
    this.#bytes += bytes;
    this.#budget.add(bytes);
  }

  #isFull(part: number): boolean {
    return this.#packets.length > this.#limits.queueMessages * part || this.#bytes > this.#limits.queueBytes * part;
  }

  /** Keeps the newest QoS 0 message of each topic. False when that freed too little. */
  #thin(): boolean {
    const seen = new Set<string>();
    const packets: Buffer[] = [];
    const messages: (Message | undefined)[] = [];
    let bytes = 0;
    for (let index = this.#packets.length - 1; index >= 0; index -= 1) {
      const packet = this.#packets[index];
      const message = this.#messages[index];
      if (packet === undefined || (message !== undefined && seen.has(message.topic))) continue;
      if (message !== undefined) seen.add(message.topic);
      packets.push(packet);
      messages.push(message);
      bytes += packet.length;
    }
    this.#counts.dropped.superseded += this.#packets.length - packets.length;
    this.#packets = packets.reverse();
    this.#messages = messages.reverse();
    this.#count(bytes - this.#bytes);
    return !this.#isFull(1 - WORTHWHILE);
  }
}
