import type { Message, Origin, Payload } from './message.ts';
import { type LineLimits, MessageLine } from './message-line.ts';
import { type RetainedLimits, type RetainedSource, RetainedStore } from './retained.ts';
import { ShareGroup } from './share-group.ts';
import type { Subscription } from './subscription.ts';
import { SubscriptionTrie } from './trie.ts';

/** What a local service needs to say to publish. */
export interface Publication extends Omit<Partial<Message>, 'topic' | 'payload' | 'origin'> {
  readonly topic: string;
  readonly payload: Payload;
  readonly origin: Origin;
}

export interface SubscribeOptions {
  readonly origin: Origin;
  readonly noLocal?: boolean;
  /** True: the retained messages come first. Default false. */
  readonly retained?: boolean;
}

export interface BusLimits extends LineLimits, RetainedLimits {}

const LIMITS: BusLimits = {
  queue: 200_000,
  turn: 2_000,
  turnDeliveries: 20_000,
  retained: 200_000,
  retainedBytes: 67_108_864,
};

export interface BusCounts {
  readonly published: number;
  readonly delivered: number;
  readonly refused: number;
  readonly queued: number;
  readonly subscriptions: number;
  readonly retained: number;
}

/**
 * The heart of a node: topics in, subscriptions out, retained values kept. It knows no socket.
 * Publishing inside a delivery is queued behind it, so no handler recurses or jumps the line; a flood gives way to the
 * event loop after each turn.
 */
export class Bus {
  readonly #trie = new SubscriptionTrie();
  readonly #retained = new RetainedStore();
  readonly #limits: BusLimits;
  readonly #onError: (error: unknown, filter: string) => void;
  readonly #line: MessageLine;
  #published = 0;
  #refused = 0;

  /** `onError` hears of a local handler that threw; the other deliveries go on. */
  constructor(onError: (error: unknown, filter: string) => void, limits: Partial<BusLimits> = {}) {
    this.#onError = onError;
    this.#limits = { ...LIMITS, ...limits };
    this.#line = new MessageLine(this.#limits, (message) => this.#route(message));
  }

  /** Deliveries so far. */
  get delivered(): number {
    return this.#line.delivered;
  }

  get counts(): BusCounts {
    return {
      published: this.#published,
      delivered: this.#line.delivered,
      refused: this.#refused,
      queued: this.#line.length,
      subscriptions: this.#trie.size,
      retained: this.#retained.size,
    };
  }

  /** Puts a message on the bus. False when the bus is full and the message was refused. */
  publish(publication: Publication): boolean {
    return this.put({ retain: false, qos: 0, ...publication });
  }

  /** `publish` for a message that is complete; the caller must not change it afterwards. */
  put(message: Message): boolean {
    if (this.#line.isFull) {
      this.#refused += 1;
      return false;
    }
    this.#published += 1;
    if (message.retain) this.#retained.put(message);
    this.#line.join(message);
    return true;
  }

  /** Takes up a retained message of an earlier life: it is no news, so no subscription hears of it. */
  restore(message: Message): void {
    this.#retained.put(message);
  }

  /** More waits than the bus hands out before the event loop gets a turn: whoever reads from outside should pause. */
  get isBusy(): boolean {
    return this.#line.length > 0;
  }

  /** Calls `task` once when nothing waits any more; at once when nothing does. */
  whenIdle(task: () => void): void {
    this.#line.whenEmpty(task);
  }

  /** Calls `handler` for each message until the returned function is called. */
  subscribe(filter: string, handler: (message: Message) => void, options: SubscribeOptions): () => void {
    const { origin, noLocal = false } = options;
    const subscription: Subscription = { filter, origin, noLocal, deliver: handler };
    this.attach(subscription);
    if (options.retained === true) for (const message of this.retained(filter)) this.#deliver(message, subscription);
    return () => void this.detach(subscription);
  }

  attach(subscription: Subscription): void {
    this.#trie.add(subscription);
  }

  /** False when it was not attached. */
  detach(subscription: Subscription): boolean {
    return this.#trie.remove(subscription);
  }

  /**
   * Gives a message of a shared subscription to another member of its group: the one that had it cannot finish it.
   * `mustBeReady`: only to one that can take it now. False when there is none.
   */
  shareAgain(subscription: Subscription, message: Message, mustBeReady: boolean): boolean {
    const member = this.#trie.groupOf(subscription.filter)?.pickOther(subscription, mustBeReady);
    if (member !== undefined) this.#deliver(message, member);
    return member !== undefined;
  }

  /** The retained messages that an ordinary (not shared) filter matches. */
  retained(filter: string): Iterable<Message> {
    return this.#retained.match(filter);
  }

  /**
   * Whether a guest (an MQTT client, an engine) may publish this: false when the store of retained messages would grow
   * over its limit. What the node itself says is never refused for that.
   */
  hasRoomFor(message: Message): boolean {
    return !message.retain || this.#retained.fits(message, this.#limits);
  }

  retainedAt(topic: string): Message | undefined {
    return this.#retained.get(topic);
  }

  /** Adds retained messages that are made on demand. Returns the way to remove them. */
  addRetainedSource(source: RetainedSource): () => void {
    return this.#retained.addSource(source);
  }

  /** Whether anybody would get a message on this topic. */
  isInterested(topic: string): boolean {
    return this.#trie.match(topic).length > 0;
  }

  #route(message: Message): void {
    const targets = this.#trie.match(message.topic);
    for (let index = 0; index < targets.length; index += 1) {
      const target = targets[index];
      const subscription = target instanceof ShareGroup ? target.pick(message) : target;
      if (subscription !== undefined) this.#deliver(message, subscription);
    }
  }

  #deliver(message: Message, subscription: Subscription): void {
    if (subscription.noLocal === true && subscription.origin === message.origin) return;
    this.#line.delivered += 1;
    try {
      subscription.deliver(message);
    } catch (error) {
      this.#onError(error, subscription.filter);
    }
  }
}
