import type { Message } from '../bus/message.ts';
import type { Budget } from './budget.ts';
import { type Pending, type Source, weightOf } from './pending-queue.ts';

/** A message that was sent and is not yet acknowledged. */
export interface Flight extends Pending {
  readonly id: number;
  /** QoS 2: PUBREC has come, PUBREL was sent, PUBCOMP is missing. */
  readonly isReleased: boolean;
}

const FEWEST = 8;
const MOST = 65_536;
const RETAIN = 0x04;
const RELEASED = 0x08;

/** Until the first flight: a session that waits for none needs no table. */
const NO_IDS = new Uint16Array(0);
const NO_MARKS = new Uint8Array(0);
const NO_TURNS = new Float64Array(0);

const NO_SOURCE: Source = { ids: [] };

/**
 * The QoS 1 and 2 messages on their way to one client, by packet identifier, in the order sent. [MQTT-4.6.0-1]
 * Identifiers go up, and a table with a slot for each of the last ones needs no object per message.
 */
export class Inflight {
  readonly #budget: Budget;
  #size = 0;
  #bytes = 0;
  #last = 0;
  #turn = 0;
  #messages: (Message | undefined)[] = [];
  #sources: (Source | undefined)[] = [];
  #ids = NO_IDS;
  /** QoS in the lower two bits, RETAIN, RELEASED. */
  #marks = NO_MARKS;
  #turns = NO_TURNS;

  constructor(budget: Budget) {
    this.#budget = budget;
  }

  get size(): number {
    return this.#size;
  }

  get bytes(): number {
    return this.#bytes;
  }

  /** Gives the message a free packet identifier, 1 to 65535. [MQTT-2.2.1-4] There must be fewer than 65535 flights. */
  add(message: Message, qos: 1 | 2, retain: boolean, source: Source): number {
    if (this.#size * 2 >= this.#messages.length && this.#messages.length < MOST) this.#grow();
    const mask = this.#messages.length - 1;
    do this.#last = this.#last === 65_535 ? 1 : this.#last + 1;
    while (this.#messages[this.#last & mask] !== undefined);
    this.#set(this.#last, message, qos | (retain ? RETAIN : 0), source);
    return this.#last;
  }

  /** Puts back a flight of an earlier life. Its identifier must be free. */
  restore({ id, message, qos, retain, isReleased, ...source }: Flight): void {
    while (this.#messages.length === 0 || this.#messages[id & (this.#messages.length - 1)] !== undefined) this.#grow();
    this.#set(id, message, qos | (retain ? RETAIN : 0) | (isReleased ? RELEASED : 0), source);
    this.#last = id;
  }

  /** The next identifier is the one after this, or the next that is free. */
  goOnAfter(id: number): void {
    this.#last = id;
  }

  /** Marks a QoS 2 message as released. False when no such message is on its way. */
  release(id: number): boolean {
    const slot = this.#slotOf(id);
    if (slot < 0 || ((this.#marks[slot] ?? 0) & 3) !== 2) return false;
    this.#marks[slot] = (this.#marks[slot] ?? 0) | RELEASED;
    return true;
  }

  delete(id: number): boolean {
    const slot = this.#slotOf(id);
    if (slot >= 0) this.#free(slot);
    return slot >= 0;
  }

  /** Forgets the one sent first. False when there is none. */
  deleteOldest(): boolean {
    let oldest = -1;
    for (let slot = 0; slot < this.#messages.length; slot += 1) {
      if (this.#messages[slot] === undefined) continue;
      if (oldest < 0 || (this.#turns[slot] ?? 0) < (this.#turns[oldest] ?? 0)) oldest = slot;
    }
    if (oldest >= 0) this.#free(oldest);
    return oldest >= 0;
  }

  clear(): void {
    this.#budget.add(-this.#bytes);
    this.#bytes = 0;
    this.#size = 0;
    this.#messages = [];
    this.#sources = [];
  }

  get(id: number): Flight | undefined {
    const slot = this.#slotOf(id);
    return slot < 0 ? undefined : this.#flightAt(slot);
  }

  /** In the order sent. */
  all(): Flight[] {
    const slots = this.#messages.flatMap((message, slot) => (message === undefined ? [] : [slot]));
    slots.sort((one, other) => (this.#turns[one] ?? 0) - (this.#turns[other] ?? 0));
    return slots.flatMap((slot) => this.#flightAt(slot) ?? []);
  }

  #flightAt(slot: number): Flight | undefined {
    const message = this.#messages[slot];
    if (message === undefined) return undefined;
    const marks = this.#marks[slot] ?? 0;
    const source = this.#sources[slot] ?? NO_SOURCE;
    return {
      ...{ id: this.#ids[slot] ?? 0, message, ids: source.ids, shared: source.shared },
      ...{ qos: (marks & 3) === 2 ? 2 : 1, retain: (marks & RETAIN) !== 0, isReleased: (marks & RELEASED) !== 0 },
    };
  }

  #slotOf(id: number): number {
    const slot = id & (this.#messages.length - 1);
    return this.#messages[slot] !== undefined && this.#ids[slot] === id ? slot : -1;
  }

  #set(id: number, message: Message, marks: number, source: Source): void {
    const slot = id & (this.#messages.length - 1);
    this.#messages[slot] = message;
    this.#sources[slot] = source;
    this.#ids[slot] = id;
    this.#marks[slot] = marks;
    this.#turns[slot] = this.#turn;
    this.#turn += 1;
    this.#size += 1;
    this.#count(weightOf(message));
  }

  #free(slot: number): void {
    const message = this.#messages[slot];
    if (message === undefined) return;
    this.#messages[slot] = undefined;
    this.#sources[slot] = undefined;
    this.#size -= 1;
    this.#count(-weightOf(message));
  }

  #count(bytes: number): void {
    this.#bytes += bytes;
    this.#budget.add(bytes);
  }

  #grow(): void {
    const flights = this.all();
    const length = Math.max(FEWEST, this.#messages.length * 2);
    this.clear();
    this.#messages = new Array<Message | undefined>(length).fill(undefined);
    this.#sources = new Array<Source | undefined>(length).fill(undefined);
    this.#ids = new Uint16Array(length);
    this.#marks = new Uint8Array(length);
    this.#turns = new Float64Array(length);
    for (const { id, message, qos, retain, isReleased, ...source } of flights) {
      this.#set(id, message, qos | (retain ? RETAIN : 0) | (isReleased ? RELEASED : 0), source);
    }
  }
}
