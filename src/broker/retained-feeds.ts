import type { Message } from '../bus/message.ts';
import type { ClientSubscription } from './client-subscription.ts';
import type { Delivery } from './delivery.ts';
import type { Link } from './link.ts';
import type { World } from './world.ts';

/** Messages, filters and time, in ms, before the event loop gets a turn. A filter may search long and find nothing. */
const TURN_MESSAGES = 2_000;
const TURN_FILTERS = 8;
const TURN_MS = 5;

/**
 * The retained messages of new subscriptions, read from the one store no faster than the client takes them: a
 * subscription to everything costs no copy, and a frozen client none at all.
 */
export class RetainedFeeds {
  readonly #world: World;
  readonly #feeds = new Map<ClientSubscription, Iterator<Message>>();

  constructor(world: World) {
    this.#world = world;
  }

  add(subscription: ClientSubscription): void {
    this.#feeds.set(subscription, this.#world.bus.retained(subscription.filter)[Symbol.iterator]());
  }

  remove(subscription: ClientSubscription): void {
    this.#feeds.delete(subscription);
  }

  forgetQos0(): void {
    for (const subscription of this.#feeds.keys()) if (subscription.qos === 0) this.#feeds.delete(subscription);
  }

  clear(): void {
    this.#feeds.clear();
  }

  /** Sends some. True when there are more that the client could take in the next turn. */
  run(link: Link, delivery: Delivery): boolean {
    let messages = TURN_MESSAGES;
    const isTurnOver = this.#turn();
    for (const [subscription, feed] of this.#feeds) {
      if (isTurnOver()) return true;
      while (!link.outlet.isBlocked && delivery.queued === 0) {
        if (messages === 0) return true;
        messages -= 1;
        const next = feed.next();
        if (next.done === true) {
          this.#feeds.delete(subscription);
          break;
        }
        send(next.value, subscription, delivery);
      }
    }
    return false;
  }

  /** To be asked before each filter. */
  #turn(): () => boolean {
    const { clock } = this.#world;
    const until = clock.mono() + TURN_MS;
    let filters = TURN_FILTERS;
    return () => {
      filters -= 1;
      return filters < 0 || clock.mono() > until;
    };
  }
}

/** MQTT 5, 3.3.1.3: sent because of a new subscription, so with the retain flag. [MQTT-3.3.1-8] */
function send(message: Message, subscription: ClientSubscription, delivery: Delivery): void {
  if (subscription.noLocal && subscription.origin === message.origin) return; // [MQTT-3.8.3-3]
  const qos = subscription.qos < message.qos ? subscription.qos : message.qos;
  delivery.send(message, qos, true, subscription);
}
