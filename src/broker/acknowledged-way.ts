import { randomInt } from 'node:crypto';
import type { Message } from '../bus/message.ts';
import { asItIs } from './as-it-is.ts';
import { type Flight, Inflight } from './inflight.ts';
import type { Link } from './link.ts';
import type { Losses } from './losses.ts';
import { type Pending, PendingQueue } from './pending-queue.ts';
import type { Keeper } from './pins.ts';
import { REASON } from './reason.ts';
import type { Stampable } from './stampable.ts';
import type { Waiting } from './store/stored-entry.ts';
import { WireMessage } from './wire-message.ts';
import type { World } from './world.ts';

const PUBREL = 0x62;
const DUP = 0x08;

/**
 * The way of QoS 1 and 2 messages to one session's client: sent as far as its window and its socket allow, sent again
 * to the next connection, kept until acknowledged. The others wait.
 */
export class AcknowledgedWay implements Keeper {
  readonly #world: World;
  readonly #losses: Losses;
  readonly #inflight: Inflight;
  readonly #queue: PendingQueue;
  #link: Link | undefined;
  /** Identifiers of what was under way before this connection and was not sent again yet, in the order first sent. */
  #unseen: number[] = [];

  constructor(world: World, losses: Losses) {
    this.#world = world;
    this.#losses = losses;
    const { limits, budget } = world;
    this.#inflight = new Inflight(budget);
    this.#queue = new PendingQueue({ messages: limits.sessionMessages, bytes: limits.sessionBytes }, budget);
  }

  /** Messages that wait for a place in the window. */
  get queued(): number {
    return this.#queue.size;
  }

  get inflight(): number {
    return this.#inflight.size;
  }

  get bytes(): number {
    return this.#queue.bytes + this.#inflight.bytes;
  }

  /** Sends again what was not acknowledged. [MQTT-4.4.0-1] */
  attach(link: Link): void {
    this.#link = link;
    this.#unseen = this.#inflight.all().map(({ id }) => id);
    this.#resume(link);
  }

  detach(): void {
    this.#link = undefined;
  }

  send(pending: Pending): void {
    const link = this.#link;
    if (link !== undefined && this.#queue.size === 0 && this.#isOpen(link)) {
      this.#transmit(pending, link);
      return;
    }
    this.#queue.push(pending);
    this.#pin(pending.message);
    if (this.#queue.isOver) this.#makeRoom();
  }

  /** Sends what waits, as far as the window and the socket allow. False when nothing that waited went. */
  pump(): boolean {
    if (this.#unseen.length > 0 && this.#link !== undefined) this.#resume(this.#link);
    if (this.#queue.size === 0) return false;
    let hasMoved = false;
    for (let link = this.#link; link !== undefined && this.#isOpen(link); link = this.#link) {
      const pending = this.#queue.shift();
      if (pending === undefined) break;
      hasMoved = true;
      if (!this.#losses.isExpired(pending.message)) this.#transmit(pending, link);
    }
    return hasMoved;
  }

  /** PUBACK has come, or a PUBREC that refuses. False when no such message was on its way. */
  done(id: number): boolean {
    const isKnown = this.#inflight.delete(id);
    if (isKnown && this.#unseen.length > 0) this.#unseen = this.#unseen.filter((unseen) => unseen !== id);
    return isKnown;
  }

  /** PUBREC has come. False when no such QoS 2 message was on its way. */
  release(id: number): boolean {
    return this.#inflight.release(id);
  }

  /** What was sent and is not acknowledged, in the order sent, then what waits. */
  waiting(): (Pending & Partial<Flight>)[] {
    return [...this.#inflight.all(), ...this.#queue.all()];
  }

  /** After an end without goodbye: the client may still have QoS 2 messages with identifiers that nobody here knows. */
  skipIdentifiers(): void {
    this.#inflight.goOnAfter(randomInt(1, 65_536));
  }

  /** Puts back what waited in an earlier life. */
  restore({ id, isReleased = false, ...pending }: Waiting): void {
    if (id === undefined) this.#queue.push(pending);
    else this.#inflight.restore({ ...pending, id, isReleased });
  }

  /** Forgets what was sent with QoS 1, and what waits, where `isTaken` says that somebody else has it now. */
  giveAway(isTaken: (pending: Pending) => boolean): void {
    if (this.#inflight.size > 0) {
      for (const flight of this.#inflight.all())
        if (flight.qos === 1 && isTaken(flight)) this.#inflight.delete(flight.id);
    }
    if (this.#queue.size > 0) this.#queue.keepOnly((pending) => !isTaken(pending));
  }

  /** False when there is nothing to forget. */
  forgetOldest(): boolean {
    return this.#inflight.deleteOldest() || this.#queue.shift() !== undefined;
  }

  clear(): void {
    this.#inflight.clear();
    while (this.#queue.shift() !== undefined);
  }

  detachMessages(): void {
    for (const { message } of this.#inflight.all()) if (message instanceof WireMessage) message.detach();
    for (const { message } of this.#queue.all()) if (message instanceof WireMessage) message.detach();
  }

  #transmit(pending: Pending, link: Link): void {
    const packet = this.#packetOf(pending, link);
    if (this.#losses.isTooLarge(packet, link)) return;
    const { message, qos, retain } = pending;
    const id = this.#inflight.add(message, qos, retain, pending);
    this.#pin(message);
    this.#world.counts.messagesOut += 1;
    link.outlet.messagesOut += 1;
    if (!this.#stamp(packet, { qos, retain, id }, 0)) link.close(REASON.quota);
  }

  /** Sends again what the window and the socket allow; the rest when they allow more. [MQTT-3.3.4-9] */
  #resume(link: Link): void {
    let next = 0;
    const isOpen = () => this.#inflight.size - (this.#unseen.length - next) < link.window;
    while (next < this.#unseen.length && !link.outlet.isBlocked && isOpen()) {
      const flight = this.#inflight.get(this.#unseen[next] ?? 0);
      next += 1;
      if (flight === undefined || this.#sendAgain(flight, link)) continue;
      link.close(REASON.quota);
      break;
    }
    this.#unseen = this.#link === link ? this.#unseen.slice(next) : [];
  }

  /** False when the outlet is full. */
  #sendAgain(flight: Flight, link: Link): boolean {
    if (flight.isReleased) return link.outlet.pushAck(PUBREL, flight.id);
    const packet = this.#packetOf(flight, link);
    if (!this.#losses.isTooLarge(packet, link)) return this.#stamp(packet, flight, DUP);
    this.#inflight.delete(flight.id); // it may take less than the client before it
    return true;
  }

  #packetOf({ message, qos, retain, ids }: Pending, link: Link): Stampable {
    return asItIs(message, qos, ids, link) ?? this.#world.encoder.encode(message, { qos, retain, ids }, link);
  }

  #stamp(packet: Stampable, { qos, retain, id }: Pick<Flight, 'qos' | 'retain' | 'id'>, dup: number): boolean {
    const first = 0x30 | (qos << 1) | (retain ? 1 : 0) | dup; // [MQTT-3.3.1-1]
    return this.#link?.outlet.pushStamped(packet, first, id) ?? true;
  }

  #isOpen({ outlet, window }: Link): boolean {
    if (outlet.isBlocked || this.#unseen.length > 0 || this.#inflight.size >= window) return false;
    return this.#inflight.bytes < this.#world.limits.sessionBytes;
  }

  #pin(message: Message): void {
    if (message instanceof WireMessage) this.#world.pins.note(this, message.bytes);
  }

  /** Too much waits: a connected client that does not keep up must go; for an absent one the oldest message goes. */
  #makeRoom(): void {
    this.#link?.close(REASON.quota);
    while (this.#queue.isOver) {
      this.#queue.shift();
      this.#losses.drop('full');
    }
  }
}
