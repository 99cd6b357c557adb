import type { Message } from '../bus/message.ts';
import type { Holder } from './budget.ts';
import { encode } from './codec.ts';
import { stampId } from './encode-publish.ts';
import { Inflight } from './inflight.ts';
import type { Link } from './link.ts';
import { type Pending, PendingQueue } from './pending-queue.ts';
import { REASON } from './reason.ts';
import type { World } from './world.ts';

/** The way of messages to one session's client: QoS 0 at once or not at all, QoS 1 and 2 until acknowledged. */
export class Delivery implements Holder {
  readonly #world: World;
  readonly #inflight: Inflight;
  readonly #queue: PendingQueue;
  #link: Link | undefined;

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
    while (this.waitingBytes > bytes && this.#forgetOldest()) this.#world.counts.dropped.full += 1;
  }

  /** Nothing of it stays. */
  end(): void {
    this.detach();
    while (this.#forgetOldest());
    this.#world.budget.leave(this);
  }

  /** Sends again what was not acknowledged. [MQTT-4.4.0-1] */
  attach(link: Link): void {
    this.#link = link;
    for (const [id, { pending, isReleased }] of this.#inflight.all()) {
      if (isReleased) this.#push(encode({ cmd: 'pubrel', messageId: id, reasonCode: 0 }, link.version));
      else this.#push(stampId(this.#packetOf(pending, link), id, true));
    }
  }

  detach(): void {
    this.#link = undefined;
  }

  /** Takes a message for this session, with the QoS and retain flag that its subscriptions give. */
  send(message: Message, qos: 0 | 1 | 2, retain: boolean, ids: readonly number[]): void {
    if (this.#isExpired(message)) return;
    if (qos === 0) {
      this.#sendOnce(message, retain, ids);
      return;
    }
    this.#queue.push({ message, qos, retain, ids });
    this.pump();
    if (this.#queue.isOver) this.#makeRoom();
    this.#world.budget.keep();
  }

  /** Sends what waits, as far as the window and the socket allow. */
  pump(): void {
    for (let link = this.#link; link !== undefined; link = this.#link) {
      if (link.outlet.isBlocked || this.#isWindowFull(link)) return;
      const pending = this.#queue.shift();
      if (pending === undefined) return;
      this.#transmit(pending, link);
    }
  }

  /** PUBACK has come, or a PUBREC that refuses. False when no such message was on its way. */
  done(id: number): boolean {
    const isKnown = this.#inflight.delete(id);
    this.pump();
    return isKnown;
  }

  /** PUBREC has come. False when no such QoS 2 message was on its way. */
  release(id: number): boolean {
    const flight = this.#inflight.get(id);
    if (flight === undefined || flight.pending.qos !== 2) return false;
    flight.isReleased = true;
    return true;
  }

  #sendOnce(message: Message, retain: boolean, ids: readonly number[]): void {
    const link = this.#link;
    if (link === undefined) return;
    const { encoder } = this.#world;
    const packet =
      ids.length === 0
        ? encoder.encode(message, link.version, 0, retain)
        : encoder.encodeFor(message, { version: link.version, qos: 0, retain, ids });
    if (!this.#fits(packet, link)) return;
    this.#world.counts.messagesOut += 1;
    this.#push(packet, message);
    this.#world.budget.keep();
  }

  #transmit(pending: Pending, link: Link): void {
    if (this.#isExpired(pending.message)) return; // [MQTT-3.3.2-5]
    const packet = this.#packetOf(pending, link);
    if (!this.#fits(packet, link)) return;
    this.#world.counts.messagesOut += 1;
    this.#push(stampId(packet, this.#inflight.add(pending), false));
  }

  #isWindowFull({ window }: Link): boolean {
    return this.#inflight.size >= window || this.#inflight.bytes >= this.#world.limits.sessionBytes;
  }

  #forgetOldest(): boolean {
    return this.#inflight.deleteOldest() || this.#queue.shift() !== undefined;
  }

  #packetOf({ message, qos, retain, ids }: Pending, { version }: Link): Buffer {
    const { encoder } = this.#world;
    if (ids.length === 0) return encoder.encode(message, version, qos, retain);
    return encoder.encodeFor(message, { version, qos, retain, ids });
  }

  /** [MQTT-3.1.2-24] and 25: a packet that is too large for the client is dropped as if it had been sent. */
  #fits(packet: Buffer, link: Link): boolean {
    if (packet.length <= link.maxPacket) return true;
    this.#world.counts.dropped.tooLarge += 1;
    return false;
  }

  #isExpired({ props }: Message): boolean {
    if (props?.expiresAt === undefined || props.expiresAt > this.#world.clock.now()) return false;
    this.#world.counts.dropped.expired += 1;
    return true;
  }

  #push(packet: Buffer, droppable?: Message): void {
    const link = this.#link;
    if (link !== undefined && !link.outlet.push(packet, droppable)) link.close(REASON.quota);
  }

  /** Too much waits: a connected client that does not keep up must go; for an absent one the oldest message goes. */
  #makeRoom(): void {
    this.#link?.close(REASON.quota);
    while (this.#queue.isOver) {
      this.#queue.shift();
      this.#world.counts.dropped.full += 1;
    }
  }
}
