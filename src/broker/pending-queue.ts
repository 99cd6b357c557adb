import { bytesOf, type Message } from '../bus/message.ts';

/** A message on its way to one session, with what the session's subscriptions ask for. */
export interface Pending {
  readonly message: Message;
  readonly qos: 1 | 2;
  readonly retain: boolean;
  /** Subscription identifiers. */
  readonly ids: readonly number[];
}

/** QoS 1 and 2 messages that wait in a session: first in, first out, with a limit in number and in bytes. */
export class PendingQueue {
  #items: (Pending | undefined)[] = [];
  #head = 0;
  #bytes = 0;
  readonly #maxItems: number;
  readonly #maxBytes: number;

  constructor(maxItems: number, maxBytes: number) {
    this.#maxItems = maxItems;
    this.#maxBytes = maxBytes;
  }

  get size(): number {
    return this.#items.length - this.#head;
  }

  /** Beyond its limit: the caller must make room. One message alone is never too many. */
  get isOver(): boolean {
    return this.size > this.#maxItems || (this.#bytes > this.#maxBytes && this.size > 1);
  }

  push(pending: Pending): void {
    this.#items.push(pending);
    this.#bytes += weightOf(pending.message);
  }

  shift(): Pending | undefined {
    const item = this.#items[this.#head];
    if (item === undefined) return undefined;
    this.#items[this.#head] = undefined;
    this.#head += 1;
    this.#bytes -= weightOf(item.message);
    if (this.#head === this.#items.length || this.#head > 1_024) {
      this.#items = this.#items.slice(this.#head);
      this.#head = 0;
    }
    return item;
  }
}

const weightOf = (message: Message): number => message.topic.length + bytesOf(message).length;
