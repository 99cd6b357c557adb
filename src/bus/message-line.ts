import type { Message } from './message.ts';

export interface LineLimits {
  /** Messages waiting to be delivered; beyond it none may join. */
  readonly queue: number;
  /** Messages routed before the event loop gets a turn. */
  readonly turn: number;
  /** Deliveries before the event loop gets a turn; the one message that goes over is finished. */
  readonly turnDeliveries: number;
}

/** Messages that the queue keeps room for while it is empty. */
const ROOM = 16;

/**
 * One message after the other: what joins while another is routed waits behind it, so no handler recurses or jumps the
 * line. A flood gives way to the event loop after each turn.
 */
export class MessageLine {
  /** To be counted up by whoever routes. */
  delivered = 0;
  readonly #limits: LineLimits;
  readonly #route: (message: Message) => void;
  #queue: (Message | undefined)[] = [];
  /** What waits is from `#head` up to `#tail`. */
  #head = 0;
  #tail = 0;
  #isMoving = false;
  /** Messages and deliveries that may still be made before the event loop gets a turn. */
  #messagesLeft = 0;
  #deliveriesEnd = 0;
  #idle: (() => void)[] = [];

  constructor(limits: LineLimits, route: (message: Message) => void) {
    this.#limits = limits;
    this.#route = route;
  }

  /** Messages that wait. */
  get length(): number {
    return this.#tail - this.#head;
  }

  get isFull(): boolean {
    return this.length >= this.#limits.queue;
  }

  /** The message is routed at once, or behind those that wait. */
  join(message: Message): void {
    if (this.#isMoving) {
      this.#queue[this.#tail] = message;
      this.#tail += 1;
      return;
    }
    this.#isMoving = true;
    this.#begin();
    this.#messagesLeft -= 1;
    this.#route(message);
    this.#drain();
  }

  /** Calls `task` once when nothing waits any more; at once when nothing does. */
  whenEmpty(task: () => void): void {
    if (this.length > 0) this.#idle.push(task);
    else task();
  }

  get #isTurnOver(): boolean {
    return this.#messagesLeft <= 0 || this.delivered >= this.#deliveriesEnd;
  }

  #begin(): void {
    this.#messagesLeft = this.#limits.turn;
    this.#deliveriesEnd = this.delivered + this.#limits.turnDeliveries;
  }

  readonly #nextTurn = (): void => {
    this.#begin();
    this.#drain();
  };

  #drain(): void {
    while (this.#head < this.#tail && !this.#isTurnOver) {
      const message = this.#queue[this.#head];
      this.#queue[this.#head] = undefined;
      this.#head += 1;
      this.#messagesLeft -= 1;
      if (message !== undefined) this.#route(message);
    }
    if (this.#head < this.#tail) {
      this.#compact();
      setImmediate(this.#nextTurn);
      return;
    }
    if (this.#head > 0) this.#empty();
    this.#isMoving = false;
    if (this.#idle.length > 0) for (const task of this.#idle.splice(0)) task();
  }

  /** The room of a short queue is used again: most messages make only a few others. */
  #empty(): void {
    if (this.#tail > ROOM) this.#queue = [];
    this.#head = 0;
    this.#tail = 0;
  }

  #compact(): void {
    this.#queue = this.#queue.slice(this.#head, this.#tail);
    this.#tail = this.#queue.length;
    this.#head = 0;
  }
}
