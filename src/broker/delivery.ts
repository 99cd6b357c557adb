import type { Message } from '../bus/message.ts';
import type { Holder } from './budget.ts';
import { type DropCounts, type DropReason, makeDrops } from './counts.ts';
import { type Flight, Inflight } from './inflight.ts';
import type { Link } from './link.ts';
import { type Pending, PendingQueue, type Source } from './pending-queue.ts';
import type { Keeper } from './pins.ts';
import { REASON } from './reason.ts';
import type { Stampable } from './stampable.ts';
import type { KeptSession } from './store/kept-session.ts';
import type { Waiting } from './store/stored-entry.ts';
import { WireMessage } from './wire-message.ts';
import type { World } from './world.ts';

const PUBREL = 0x62;
const DUP = 0x08;

/** The way of messages to one session's client: QoS 0 at once or not at all, QoS 1 and 2 until acknowledged. */
export class Delivery implements Holder, Keeper {
  readonly #world: World;
  readonly #inflight: Inflight;
  readonly #queue: PendingQueue;
  #link: Link | undefined;
  /** Identifiers of what was under way before this connection and was not sent again yet, in the order first sent. */
  #unseen: number[] = [];
  /** The session on the shelf; undefined where it ends with the connection. */
  kept: KeptSession | undefined;
  /** QoS 1 and 2 messages that clients have acknowledged. */
  acknowledged = 0;
  /** What this session did not get; `refused`: what its client may not say. */
  readonly drops: DropCounts = makeDrops();

  constructor(world: World) {
    this.#world = world;
    const { limits, budget } = world;
    this.#inflight = new Inflight(budget);
    this.#queue = new PendingQueue({ messages: limits.sessionMessages, bytes: limits.sessionBytes }, budget);
    budget.join(this);
  }

  get link(): Link | undefined {
    return this.#link;
  }

  /** QoS 1 and 2 messages that wait for a place in the window. */
  get queued(): number {
    return this.#queue.size;
  }

  get inflight(): number {
    return this.#inflight.size;
  }

  get isConnected(): boolean {
    return this.#link !== undefined;
  }

  get waitingBytes(): number {
    return this.#queue.bytes + this.#inflight.bytes + (this.#link?.heldBytes ?? 0);
  }

  cutTo(bytes: number): void {
    this.#link?.close(REASON.quota);
    while (this.waitingBytes > bytes && this.#forgetOldest()) this.#drop('full');
    this.kept?.queueChanged();
  }

  /** Nothing of it stays. */
  end(): void {
    this.#link = undefined;
    this.kept?.end();
    this.kept = undefined;
    this.#handOver(false);
    this.#drop('gone', this.queued + this.inflight);
    this.#inflight.clear();
    while (this.#queue.shift() !== undefined);
    this.#world.budget.leave(this);
  }

  /** Sends again what was not acknowledged. [MQTT-4.4.0-1] */
  attach(link: Link): void {
    this.#link = link;
    link.outlet.drops = this.drops;
    this.#unseen = this.#inflight.all().map(({ id }) => id);
    this.#resume(link);
  }

  detach(): void {
    this.#link = undefined;
    this.#handOver(true);
  }

  /** Takes a message for this session, with the QoS and retain flag that its subscriptions give. */
  send(message: Message, qos: 0 | 1 | 2, retain: boolean, source: Source): void {
    this.#world.counts.due += 1;
    if (this.#isExpired(message)) return;
    if (qos === 0) {
      this.#sendOnce(message, retain, source.ids);
      return;
    }
    const link = this.#link;
    if (link !== undefined && this.#queue.size === 0 && this.#isOpen(link)) {
      this.#transmit({ message, qos, retain, ids: source.ids, shared: source.shared }, link);
    } else {
      this.#queue.push({ message, qos, retain, ids: source.ids, shared: source.shared });
      this.#pin(message);
      if (this.#queue.isOver) this.#makeRoom();
    }
    this.kept?.queueChanged(message.isDurable);
    this.#world.budget.keep();
  }

  /** Sends what waits, as far as the window and the socket allow. */
  pump(): void {
    if (this.#unseen.length > 0 && this.#link !== undefined) this.#resume(this.#link);
    if (this.#queue.size === 0) return;
    for (let link = this.#link; link !== undefined && this.#isOpen(link); link = this.#link) {
      const pending = this.#queue.shift();
      if (pending === undefined) return;
      this.kept?.queueChanged();
      if (!this.#isExpired(pending.message)) this.#transmit(pending, link); // [MQTT-3.3.2-5]
    }
  }

  /** PUBACK has come, or a PUBREC that refuses. False when no such message was on its way. */
  done(id: number): boolean {
    const isKnown = this.#inflight.delete(id);
    if (isKnown) {
      this.kept?.queueChanged();
      if (this.#unseen.length > 0) this.#unseen = this.#unseen.filter((unseen) => unseen !== id);
      this.acknowledged += 1;
      this.#world.counts.delivered += 1;
    }
    this.pump();
    return isKnown;
  }

  /** PUBREC has come. False when no such QoS 2 message was on its way. */
  release(id: number): boolean {
    this.kept?.queueChanged();
    return this.#inflight.release(id);
  }

  /** What was sent and is not acknowledged, in the order sent, then what waits. */
  waiting(): (Pending & Partial<Flight>)[] {
    return [...this.#inflight.all(), ...this.#queue.all()];
  }

  /** Puts back what waited in an earlier life. */
  restore(waiting: readonly Waiting[]): void {
    for (const { id, isReleased = false, ...pending } of waiting) {
      this.#world.counts.due += 1;
      if (id === undefined) this.#queue.push(pending);
      else this.#inflight.restore({ ...pending, id, isReleased });
    }
  }

  detachMessages(): void {
    for (const { message } of this.#inflight.all()) if (message instanceof WireMessage) message.detach();
    for (const { message } of this.#queue.all()) if (message instanceof WireMessage) message.detach();
  }

  #sendOnce(message: Message, retain: boolean, ids: readonly number[]): void {
    const link = this.#link;
    const { encoder, budget } = this.#world;
    if (link === undefined) {
      this.#drop('absent');
      return;
    }
    const isAsItIs = message instanceof WireMessage && message.qos === 0 && ids.length === 0 && isSame(message, link);
    const packet = isAsItIs ? message : encoder.encode(message, { qos: 0, retain, ids }, link);
    if (!this.#fits(packet.end - packet.start, link)) return;
    if (!link.outlet.pushOnce(packet, retain)) link.close(REASON.quota);
    budget.keep();
  }

  #transmit(pending: Pending, link: Link): void {
    const packet = this.#packetOf(pending, link);
    if (!this.#fits(packet.end - packet.start, link)) return;
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
    if (this.#fits(packet.end - packet.start, link)) return this.#stamp(packet, flight, DUP);
    this.#inflight.delete(flight.id); // it may take less than the client before it
    return true;
  }

  /**
   * What came through shared subscriptions goes to other members of their groups, but for QoS 2 that was sent already.
   * [MQTT-4.8.2-4] and 5. `mustBeReady`: only to those who can take it now.
   */
  #handOver(mustBeReady: boolean): void {
    const { bus, counts } = this.#world;
    const isTaken = ({ shared, message }: Pending) => {
      if (shared === undefined || !bus.shareAgain(shared, message, mustBeReady)) return false;
      counts.due -= 1; // it is due to the other one now
      return true;
    };
    if (this.#inflight.size > 0) {
      for (const flight of this.#inflight.all())
        if (flight.qos === 1 && isTaken(flight)) this.#inflight.delete(flight.id);
    }
    if (this.#queue.size > 0) this.#queue.keepOnly((pending) => !isTaken(pending));
    this.kept?.queueChanged();
  }

  #drop(reason: DropReason, count = 1): void {
    this.drops[reason] += count;
    this.#world.counts.dropped[reason] += count;
  }

  #stamp(packet: Stampable, { qos, retain, id }: Pick<Flight, 'qos' | 'retain' | 'id'>, dup: number): boolean {
    const first = 0x30 | (qos << 1) | (retain ? 1 : 0) | dup; // [MQTT-3.3.1-1]
    return this.#link?.outlet.pushStamped(packet, first, id) ?? true;
  }

  #isOpen({ outlet, window }: Link): boolean {
    if (outlet.isBlocked || this.#unseen.length > 0 || this.#inflight.size >= window) return false;
    return this.#inflight.bytes < this.#world.limits.sessionBytes;
  }

  #forgetOldest(): boolean {
    return this.#inflight.deleteOldest() || this.#queue.shift() !== undefined;
  }

  #packetOf({ message, qos, retain, ids }: Pending, link: Link): Stampable {
    if (message instanceof WireMessage && message.qos === 1 && ids.length === 0 && isSame(message, link)) {
      return message;
    }
    return this.#world.encoder.encode(message, { qos, retain, ids }, link);
  }

  /** [MQTT-3.1.2-24] and 25: a packet that is too large for the client is dropped as if it had been sent. */
  #fits(size: number, link: Link): boolean {
    if (size <= link.maxPacket) return true;
    this.#drop('tooLarge');
    return false;
  }

  #isExpired({ props }: Message): boolean {
    if (props?.expiresAt === undefined || props.expiresAt > this.#world.clock.now()) return false;
    this.#drop('expired');
    return true;
  }

  #pin(message: Message): void {
    if (message instanceof WireMessage) this.#world.pins.note(this, message.bytes);
  }

  /** Too much waits: a connected client that does not keep up must go; for an absent one the oldest message goes. */
  #makeRoom(): void {
    this.#link?.close(REASON.quota);
    while (this.#queue.isOver) {
      this.#queue.shift();
      this.#drop('full');
    }
  }
}

/** Whether the packet, as it came, is what this client is to get. */
const isSame = (message: WireMessage, { version, aliases }: Link): boolean =>
  message.isFive === (version === 5) && aliases === undefined;
