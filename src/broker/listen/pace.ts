/** Newcomers that are served in one turn of the event loop; about 10 ms of work. */
const PER_TURN = 48;

/**
 * Lets a crowd that comes at once in bit by bit, so that clients that are connected are served between: the first of a
 * turn at once, the others in the next turns, in their order.
 */
export class Pace {
  readonly #waiting: (() => void)[] = [];
  #served = 0;
  #isRunning = false;

  run(task: () => void): void {
    if (this.#served >= PER_TURN) {
      this.#waiting.push(task);
      return;
    }
    this.#served += 1;
    this.#nextTurn();
    task();
  }

  #nextTurn(): void {
    if (this.#isRunning) return;
    this.#isRunning = true;
    setImmediate(() => {
      this.#isRunning = false;
      this.#served = 0;
      for (const task of this.#waiting.splice(0, PER_TURN)) this.run(task);
    });
  }
}
