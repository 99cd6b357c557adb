import type { Message } from '../bus/message.ts';
import {
  type ClientSubscription,
  makeClientSubscription,
  type Recipient,
  type SubscriptionRequest,
} from './client-subscription.ts';
import type { Version } from './codec.ts';
import { Delivery } from './delivery.ts';
import type { Link } from './link.ts';
import type { Source } from './pending-queue.ts';
import { RetainedFeeds } from './retained-feeds.ts';
import { ClientRecord } from './watch/client-record.ts';
import type { Flushable, World } from './world.ts';

/**
 * What the broker remembers of a client between and during its connections: subscriptions, QoS 1 and 2 messages on
 * their way, QoS 2 identifiers received. MQTT 5, 4.1. In memory only: it survives disconnects, not restarts.
 */
export class Session implements Flushable, Recipient {
  readonly clientId: string;
  readonly origin: string;
  readonly delivery: Delivery;
  /** QoS 2 packet identifiers received and not yet released. [MQTT-4.3.3-10] */
  readonly received = new Set<number>();
  /** Those of them that the disk had: their client may have released them since, and uses them anew. */
  readonly unsure = new Set<number>();
  /** `rights.name` of whoever began it; nobody else takes it over. */
  owner = '';
  /** The version of MQTT that its client spoke last. */
  version: Version = 4;
  /** How long it lives without a client, in ms; 0: it ends with the connection. */
  expiryMs = 0;
  /** Who was here, for whoever looks. */
  readonly record = new ClientRecord();
  /** Subscriptions that are shared with others. */
  sharedCount = 0;
  readonly #world: World;
  readonly #subscriptions = new Map<string, ClientSubscription>();
  readonly #feeds: RetainedFeeds;
  #levels = 0;
  #isScheduled = false;
  #hasEnded = false;
  // The message being delivered now: overlapping subscriptions of one client make one packet. [MQTT-3.3.4-2]
  #message: Message | undefined;
  #qos: 0 | 1 | 2 = 0;
  #retain = false;
  #source: Source = { ids: [] };

  constructor(clientId: string, world: World) {
    this.clientId = clientId;
    this.origin = `mqtt:${clientId}`;
    this.#world = world;
    this.delivery = new Delivery(world);
    this.#feeds = new RetainedFeeds(world);
  }

  get link(): Link | undefined {
    return this.delivery.link;
  }

  get subscriptionCount(): number {
    return this.#subscriptions.size;
  }

  get subscriptions(): IteratorObject<ClientSubscription> {
    return this.#subscriptions.values();
  }

  /** False when the session, or all together, would have too many subscriptions with this one more. */
  hasRoomFor(filter: string): boolean {
    if (this.#subscriptions.has(filter)) return true;
    const { limits, counts } = this.#world;
    const more = levelsOf(filter);
    if (this.#subscriptions.size >= limits.subscriptionsPerClient) return false;
    return this.#levels + more <= limits.filterLevels && counts.filterLevels + more <= limits.allFilterLevels;
  }

  /** A shared group prefers members that can take a message now. */
  get isReady(): boolean {
    return this.link !== undefined && !this.link.outlet.isBlocked;
  }

  /** A client took this session: what is unacknowledged is sent again. [MQTT-4.4.0-1] */
  attach(link: Link): void {
    this.#settle();
    this.delivery.attach(link);
    this.schedule();
  }

  /** The client has gone. QoS 0 is not kept for it. */
  detach(): void {
    this.#settle();
    this.#feeds.forgetQos0();
    this.delivery.detach();
  }

  /** False when the same filter was there before, and is now replaced. [MQTT-3.8.4-3] */
  subscribe(request: SubscriptionRequest): boolean {
    const isNew = !this.unsubscribe(request.filter);
    const subscription = makeClientSubscription(request, this);
    this.#subscriptions.set(request.filter, subscription);
    this.#countLevels(levelsOf(request.filter));
    if (subscription.isShared) this.sharedCount += 1;
    if (request.filter.includes('$SYS')) this.#world.wakeSys();
    this.#world.bus.attach(subscription);
    this.delivery.kept?.factsChanged();
    return isNew;
  }

  /** False when there was no such subscription. */
  unsubscribe(filter: string): boolean {
    const subscription = this.#subscriptions.get(filter);
    if (subscription === undefined) return false;
    this.#subscriptions.delete(filter);
    this.#countLevels(-levelsOf(filter));
    if (subscription.isShared) this.sharedCount -= 1;
    this.#feeds.remove(subscription);
    this.delivery.kept?.factsChanged();
    return this.#world.bus.detach(subscription);
  }

  /** Sends the retained messages of one of its filters, as fast as the client takes them. */
  feedRetained(filter: string): void {
    const subscription = this.#subscriptions.get(filter);
    if (subscription === undefined || subscription.isShared) return; // MQTT 5, 4.8.2: none for shared ones
    this.#feeds.add(subscription);
    this.schedule();
  }

  deliver(message: Message, subscription: ClientSubscription): void {
    if (this.#hasEnded) return; // while the bus was handing this message out
    const qos = subscription.qos < message.qos ? subscription.qos : message.qos; // [MQTT-3.8.4-8]
    const retain = message.retain && subscription.retainAsPublished; // [MQTT-3.3.1-12]
    if (this.#subscriptions.size === 1 || subscription.isShared) {
      this.#settle();
      if (!this.#hasEnded) this.delivery.send(message, qos, retain, subscription);
    } else this.#merge(message, qos, retain, subscription);
    if (!this.#isScheduled) this.schedule();
  }

  #merge(message: Message, qos: 0 | 1 | 2, retain: boolean, subscription: ClientSubscription): void {
    if (message !== this.#message) {
      this.#settle();
      this.#message = message;
      this.#qos = qos;
      this.#retain = retain;
      this.#source = subscription;
      return;
    }
    if (qos > this.#qos) this.#qos = qos;
    this.#retain ||= retain;
    const { id } = subscription;
    if (id !== undefined) this.#source = { ids: [...this.#source.ids, id] }; // [MQTT-3.3.4-4]
  }

  schedule(): void {
    if (this.#isScheduled) return;
    this.#isScheduled = true;
    this.#world.flushSoon(this);
  }

  flush(): void {
    this.#isScheduled = false;
    this.#settle();
    this.delivery.pump();
    const { link } = this;
    if (link !== undefined && this.#feeds.run(link, this.delivery)) this.schedule();
    link?.outlet.flush();
  }

  /** Ends the session: nothing of it stays. */
  end(): void {
    this.#settle();
    this.#hasEnded = true;
    for (const subscription of this.#subscriptions.values()) this.#world.bus.detach(subscription);
    this.#subscriptions.clear();
    this.sharedCount = 0;
    this.#countLevels(-this.#levels);
    this.#feeds.clear();
    this.delivery.end();
  }

  #countLevels(levels: number): void {
    this.#levels += levels;
    this.#world.counts.filterLevels += levels;
  }

  #settle(): void {
    const message = this.#message;
    if (message === undefined) return;
    this.#message = undefined;
    if (this.#hasEnded) return; // the message before it was too much
    this.delivery.send(message, this.#qos, this.#retain, this.#source);
  }
}

const levelsOf = (filter: string): number => filter.split('/').length;
