import type { Cancel, Clock } from '../../kit/clock.ts';
import type { Edge, LineWatcher } from './gpio-line.ts';

/** Brings the changes of a line to its watcher, and tells when the line stays active. */
export class LineWatch {
  readonly #clock: Clock;
  readonly #watcher: LineWatcher;
  #cancel: Cancel = () => undefined;
  #isOver = false;

  constructor(clock: Clock, watcher: LineWatcher) {
    this.#clock = clock;
    this.#watcher = watcher;
  }

  edge(edge: Edge): void {
    if (this.#isOver) return;
    const { still } = this.#watcher;
    this.#cancel();
    this.#cancel = () => undefined;
    if (edge.active && still !== undefined) this.#cancel = this.#clock.after(still.afterMs, () => still.hear());
    this.#watcher.edge(edge);
  }

  fail(error: unknown): void {
    if (this.#isOver) return;
    this.end();
    this.#watcher.fail(error);
  }

  end(): void {
    this.#isOver = true;
    this.#cancel();
  }
}
