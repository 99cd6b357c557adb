import { setImmediate } from 'node:timers/promises';

/** Longest piece of work before others get a turn; ms. The house rule is 10. */
const LONGEST_MS = 4;

/** Lets the event loop go on when the work has taken long enough. */
export class Turn {
  readonly #mono: () => number;
  #since: number;

  constructor(mono: () => number) {
    this.#mono = mono;
    this.#since = mono();
  }

  /** True: call `pass` now. */
  get isOver(): boolean {
    return this.#mono() - this.#since >= LONGEST_MS;
  }

  async pass(): Promise<void> {
    await setImmediate();
    this.#since = this.#mono();
  }
}
