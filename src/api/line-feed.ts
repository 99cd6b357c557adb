import { BoundedQueue } from '../kit/bounded-queue.ts';
import type { Clock } from '../kit/clock.ts';

export interface FeedLimits {
  /** Lines that may wait for a slow reader; then the newest push out the oldest. */
  readonly waiting: number;
  /** A reader that takes nothing for so long while lines wait is sent away, ms. */
  readonly stalledMs: number;
}

export interface FeedWorld {
  readonly clock: Clock;
  readonly limits: FeedLimits;
  onEnd(): void;
}

/**
 * JSON lines for one reader at the reader's own speed: first everything of `opening`, then what is pushed. Lines that
 * a slow reader missed are counted, and it is told how many (`{"hanbus":"watch/1","dropped":3}`).
 */
export class LineFeed {
  /** One JSON text per line; ends when the reader leaves, stalls, or after `close`. */
  readonly body: ReadableStream<Uint8Array>;
  readonly #world: FeedWorld;
  readonly #opening: Iterator<object>;
  readonly #queue: BoundedQueue<() => object>;
  #opened = false;
  #told = 0;
  #ended = false;
  #wake: (() => void) | undefined;
  #cancelStall: (() => void) | undefined;

  constructor(opening: Iterable<object>, world: FeedWorld) {
    this.#world = world;
    this.#opening = opening[Symbol.iterator]();
    this.#queue = new BoundedQueue(world.limits.waiting, 'drop-oldest');
    this.body = new ReadableStream<Uint8Array>({
      pull: async (controller) => {
        this.#disarm();
        const line = await this.#line();
        if (line === undefined) return controller.close();
        controller.enqueue(Buffer.from(`${JSON.stringify(line)}\n`));
        if (!this.#opened || this.#queue.size > 0) this.#arm();
      },
      cancel: () => this.close(),
    });
  }

  /** Adds a line; it is made only when it is sent. */
  push(line: () => object): void {
    if (this.#ended) return;
    this.#queue.push(line);
    if (this.#wake === undefined) this.#arm();
    else this.#wake();
  }

  close(): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#disarm();
    this.#wake?.();
    this.#world.onEnd();
  }

  /** The next line; waits for one. Undefined at the end. */
  async #line(): Promise<object | undefined> {
    while (!this.#ended) {
      const line = this.#next();
      if (line !== undefined) return line;
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
      this.#wake = undefined;
    }
    return undefined;
  }

  #next(): object | undefined {
    if (!this.#opened) {
      const first = this.#opening.next();
      if (first.done !== true) return first.value;
      this.#opened = true;
    }
    const missed = this.#queue.dropped - this.#told;
    this.#told = this.#queue.dropped;
    return missed > 0 ? { hanbus: 'watch/1', dropped: missed } : this.#queue.shift()?.();
  }

  #arm(): void {
    const { clock, limits } = this.#world;
    this.#cancelStall ??= clock.after(limits.stalledMs, () => this.close());
  }

  #disarm(): void {
    this.#cancelStall?.();
    this.#cancelStall = undefined;
  }
}
