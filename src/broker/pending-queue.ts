import { bytesOf, type Message, weightOfProps } from '../bus/message.ts';
import type { Subscription } from '../bus/subscription.ts';
import type { Budget } from './budget.ts';
import { WireMessage } from './wire-message.ts';

/** Through which subscriptions a message comes to a session. */
export interface Source {
  /** Subscription identifiers. */
  readonly ids: readonly number[];
  /** The shared subscription it comes through: another member of the group may take it over. */
  readonly shared?: Subscription | undefined;
}

/** A message on its way to one session, with what the session's subscriptions ask for. */
export interface Pending extends Source {
  readonly message: Message;
  readonly qos: 1 | 2;
  readonly retain: boolean;
}

export interface QueueLimits {
  readonly messages: number;
  readonly bytes: number;
}

/** What a waiting message costs beside its topic and payload. */
const OVERHEAD = 128;

/** QoS 1 and 2 messages that wait in a session: first in, first out, with a limit in number and in bytes. */
export class PendingQueue {
  #items: (Pending | undefined)[] = [];
  #head = 0;
  #bytes = 0;
  readonly #limits: QueueLimits;
  readonly #budget: Budget;

  constructor(limits: QueueLimits, budget: Budget) {
    this.#limits = limits;
    this.#budget = budget;
  }

  get size(): number {
    return this.#items.length - this.#head;
  }

  get bytes(): number {
    return this.#bytes;
  }

  /** Beyond its limit: the caller must make room. One message alone is never too many. */
  get isOver(): boolean {
    return this.size > this.#limits.messages || (this.#bytes > this.#limits.bytes && this.size > 1);
  }

  push(pending: Pending): void {
    this.#items.push(pending);
    this.#count(weightOf(pending.message));
  }

  shift(): Pending | undefined {
    const item = this.#items[this.#head];
    if (item === undefined) return undefined;
    this.#items[this.#head] = undefined;
    this.#head += 1;
    this.#count(-weightOf(item.message));
    if (this.#head === this.#items.length || this.#head > 1_024) {
      this.#items = this.#items.slice(this.#head);
      this.#head = 0;
    }
    return item;
  }

  /** Takes out those for which `isWanted` says no. */
  keepOnly(isWanted: (pending: Pending) => boolean): void {
    const kept: Pending[] = [];
    for (let item = this.shift(); item !== undefined; item = this.shift()) if (isWanted(item)) kept.push(item);
    for (const item of kept) this.push(item);
  }

  /** First in first. */
  all(): Pending[] {
    return this.#items.flatMap((item) => item ?? []);
  }

  #count(bytes: number): void {
    this.#bytes += bytes;
    this.#budget.add(bytes);
  }
}

/** Bytes of memory for a message that waits, about. */
export function weightOf(message: Message): number {
  if (message instanceof WireMessage) return OVERHEAD + message.size;
  return OVERHEAD + message.topic.length + bytesOf(message).length + weightOfProps(message.props);
}
