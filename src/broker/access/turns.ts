import { BoundedQueue } from '../../kit/bounded-queue.ts';

/** Lets few tasks run at once; others wait, and when too many wait, the next is turned away. */
export class Turns {
  readonly #atOnce: number;
  readonly #waiting: BoundedQueue<() => void>;
  #running = 0;

  constructor({ atOnce, waiting }: { readonly atOnce: number; readonly waiting: number }) {
    this.#atOnce = atOnce;
    this.#waiting = new BoundedQueue(waiting, 'refuse');
  }

  /** Undefined: too many wait already; `task` is not run. */
  run<T>(task: () => Promise<T>): Promise<T> | undefined {
    if (this.#running < this.#atOnce) {
      this.#running += 1;
      return this.#finish(task);
    }
    let begin: () => void = () => undefined;
    const turn = new Promise<void>((resolve) => {
      begin = resolve;
    });
    return this.#waiting.push(begin) ? turn.then(() => this.#finish(task)) : undefined;
  }

  async #finish<T>(task: () => Promise<T>): Promise<T> {
    try {
      return await task();
    } finally {
      const next = this.#waiting.shift();
      // Whoever waits takes over the place, so that nobody slips in between.
      if (next === undefined) this.#running -= 1;
      else next();
    }
  }
}
