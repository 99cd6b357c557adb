import { type Clock, sleep } from '../kit/clock.ts';
import { reasonOf } from '../kit/errors.ts';
import type { Log } from '../kit/log.ts';

/** The whole stop is over within this time, hanging parts or not; ms. */
const TOTAL_MS = 1_800;
/** What one part may take; ms. */
const EACH_MS = 700;

/** What was started, stopped in the reverse order, each part with a deadline. */
export class Stoppers {
  readonly #clock: Clock;
  readonly #log: Log;
  readonly #parts: { readonly name: string; readonly stop: () => unknown }[] = [];
  #stopping: Promise<void> | undefined;
  #tell: () => void = () => undefined;
  /** Resolves when the stop is over. */
  readonly stopped = new Promise<void>((resolve) => {
    this.#tell = resolve;
  });

  constructor(clock: Clock, log: Log) {
    this.#clock = clock;
    this.#log = log;
  }

  add(name: string, stop: () => unknown): void {
    this.#parts.push({ name, stop });
  }

  /** Idempotent. */
  stop(): Promise<void> {
    this.#stopping ??= this.#stopAll().finally(this.#tell);
    return this.#stopping;
  }

  async #stopAll(): Promise<void> {
    const end = this.#clock.mono() + TOTAL_MS;
    for (const part of this.#parts.reverse()) {
      const patience = Math.max(50, Math.min(EACH_MS, end - this.#clock.mono()));
      const late = sleep(this.#clock, patience).then(() => 'late' as const);
      try {
        const outcome = await Promise.race([Promise.resolve(part.stop()), late]);
        if (outcome === 'late') this.#log.warn('a part did not stop in time', { part: part.name });
      } catch (error) {
        this.#log.warn('a part failed to stop', { part: part.name, reason: reasonOf(error) });
      }
    }
  }
}
