import type { Message } from '../bus/message.ts';
import { AcknowledgedWay } from './acknowledged-way.ts';
import { asItIs } from './as-it-is.ts';
import type { Holder } from './budget.ts';
import type { DropCounts } from './counts.ts';
import { handOver } from './hand-over.ts';
import type { Flight } from './inflight.ts';
import type { Link } from './link.ts';
import { Losses } from './losses.ts';
import type { Pending, Source } from './pending-queue.ts';
import { REASON } from './reason.ts';
import type { KeptSession } from './store/kept-session.ts';
import type { Waiting } from './store/stored-entry.ts';
import type { World } from './world.ts';

/** The way of messages to one session's client: QoS 0 at once or not at all, QoS 1 and 2 until acknowledged. */
export class Delivery implements Holder {
  readonly #world: World;
  readonly #losses: Losses;
  readonly #way: AcknowledgedWay;
  #link: Link | undefined;
  /** The session on the shelf; undefined where it ends with the connection. */
  kept: KeptSession | undefined;
  /** QoS 1 and 2 messages that clients have acknowledged. */
  acknowledged = 0;

  constructor(world: World) {
    this.#world = world;
    this.#losses = new Losses(world);
    this.#way = new AcknowledgedWay(world, this.#losses);
    world.budget.join(this);
  }

  get link(): Link | undefined {
    return this.#link;
  }

  /** What this session did not get; `refused`: what its client may not say. */
  get drops(): DropCounts {
    return this.#losses.counts;
  }

  /** QoS 1 and 2 messages that wait for a place in the window. */
  get queued(): number {
    return this.#way.queued;
  }

  get inflight(): number {
    return this.#way.inflight;
  }

  get isConnected(): boolean {
    return this.#link !== undefined;
  }

  get waitingBytes(): number {
    return this.#way.bytes + (this.#link?.heldBytes ?? 0);
  }

  cutTo(bytes: number): void {
    this.#link?.close(REASON.quota);
    while (this.waitingBytes > bytes && this.#way.forgetOldest()) this.#losses.drop('full');
    this.kept?.queueChanged();
  }

  /** Nothing of it stays. */
  end(): void {
    this.kept?.end();
    this.kept = undefined;
    this.#leave(false);
    this.#losses.drop('gone', this.queued + this.inflight);
    this.#way.clear();
    this.#world.budget.leave(this);
  }

  /** Sends again what was not acknowledged. [MQTT-4.4.0-1] */
  attach(link: Link): void {
    this.#link = link;
    link.outlet.drops = this.drops;
    this.#way.attach(link);
  }

  detach(): void {
    this.#leave(true);
    this.kept?.queueChanged();
  }

  /** Takes a message for this session, with the QoS and retain flag that its subscriptions give. */
  send(message: Message, qos: 0 | 1 | 2, retain: boolean, source: Source): void {
    this.#world.counts.due += 1;
    if (this.#losses.isExpired(message)) return;
    if (qos === 0) {
      this.#sendOnce(message, retain, source.ids);
      return;
    }
    this.#way.send({ message, qos, retain, ids: source.ids, shared: source.shared });
    this.kept?.queueChanged(message.isDurable);
    this.#world.budget.keep();
  }

  /** Sends what waits, as far as the window and the socket allow. */
  pump(): void {
    if (this.#way.pump()) this.kept?.queueChanged();
  }

  /** PUBACK has come, or a PUBREC that refuses. False when no such message was on its way. */
  done(id: number): boolean {
    const isKnown = this.#way.done(id);
    if (isKnown) {
      this.kept?.queueChanged();
      this.acknowledged += 1;
      this.#world.counts.delivered += 1;
    }
    this.pump();
    return isKnown;
  }

  /** PUBREC has come. False when no such QoS 2 message was on its way. */
  release(id: number): boolean {
    this.kept?.queueChanged();
    return this.#way.release(id);
  }

  /** What was sent and is not acknowledged, in the order sent, then what waits. */
  waiting(): (Pending & Partial<Flight>)[] {
    return this.#way.waiting();
  }

  /** Puts back what waited in an earlier life. */
  restore(waiting: readonly Waiting[]): void {
    this.#world.counts.due += waiting.length;
    for (const one of waiting) this.#way.restore(one);
    this.#way.skipIdentifiers();
  }

  #leave(mustBeReady: boolean): void {
    this.#link = undefined;
    this.#way.detach();
    handOver(this.#way, this.#world, mustBeReady);
  }

  #sendOnce(message: Message, retain: boolean, ids: readonly number[]): void {
    const link = this.#link;
    const { encoder, budget } = this.#world;
    if (link === undefined) {
      this.#losses.drop('absent');
      return;
    }
    const packet = asItIs(message, 0, ids, link) ?? encoder.encode(message, { qos: 0, retain, ids }, link);
    if (this.#losses.isTooLarge(packet, link)) return;
    if (!link.outlet.pushOnce(packet, retain)) link.close(REASON.quota);
    budget.keep();
  }
}
