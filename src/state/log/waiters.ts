interface Waiter {
  readonly number: number;
  readonly resolve: () => void;
  readonly reject: (error: Error | undefined) => void;
}

/** Callers that wait until all batches up to a number are through. */
export class Waiters {
  #waiting: Waiter[] = [];

  /** The first number that somebody waits for; Infinity when nobody waits. */
  get first(): number {
    return this.#waiting[0]?.number ?? Number.POSITIVE_INFINITY;
  }

  wait(number: number): Promise<void> {
    return new Promise((resolve, reject) => this.#waiting.push({ number, resolve, reject }));
  }

  /** Numbers only grow, so those who came first are through first. */
  release(number: number): void {
    let count = 0;
    while ((this.#waiting[count]?.number ?? Number.POSITIVE_INFINITY) <= number) count += 1;
    if (count === 0) return;
    for (const { resolve } of this.#waiting.splice(0, count)) resolve();
  }

  refuse(error: Error | undefined): void {
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const { reject } of waiting) reject(error);
  }
}
