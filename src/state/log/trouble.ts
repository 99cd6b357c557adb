import { backoff } from '../../kit/backoff.ts';
import type { Cancel, Clock } from '../../kit/clock.ts';
import { reasonOf } from '../../kit/errors.ts';
import type { Log } from '../../kit/log.ts';
import { NotStored } from './not-stored.ts';

/** A full disk is looked at again after so long: a repair is noticed within ten seconds. */
const RETRY = { firstMs: 1_000, lastMs: 8_000 };

export interface TroubleOptions {
  readonly folder: string;
  readonly clock: Clock;
  readonly log: Log;
  readonly random: () => number;
  /** It was told at the opening already that the disk refuses. */
  readonly isTold: boolean;
}

/** What to do when the disk refuses: one more try at once, then with patience. Logged when it changes. */
export class Trouble {
  readonly #options: TroubleOptions;
  #failures = 0;
  #refusal: NotStored | undefined;
  #isWaiting = false;
  #isTold: boolean;
  #cancel: Cancel | undefined;

  constructor(options: TroubleOptions) {
    this.#options = options;
    this.#isTold = options.isTold;
  }

  /** Since the last time that it went well. */
  get hasFailed(): boolean {
    return this.#failures > 0;
  }

  /** Why nothing can be stored; undefined when it can. */
  get refusal(): NotStored | undefined {
    return this.#refusal;
  }

  /** Nothing is to be tried now. */
  get isWaiting(): boolean {
    return this.#isWaiting;
  }

  over(): void {
    const { folder, log } = this.#options;
    if (this.#isTold) log.info('state is kept on disk again', { path: folder });
    this.#isTold = false;
    this.#refusal = undefined;
    this.#failures = 0;
  }

  /** True: try again at once. False: nothing can be stored now; `retry` is called when it is time for another try. */
  isWorthATry(error: unknown, retry: () => void): boolean {
    const { clock, random } = this.#options;
    this.#failures += 1;
    if (this.#failures === 1) return true;
    this.#tell(error);
    this.#isWaiting = true;
    this.#cancel = clock.after(backoff(this.#failures - 1, random, RETRY), () => {
      this.#isWaiting = false;
      retry();
    });
    return false;
  }

  /** No more waiting: a try now, and none later. */
  stop(): void {
    this.#cancel?.();
    this.#isWaiting = false;
  }

  #tell(error: unknown): void {
    const { folder, log } = this.#options;
    const refusal = new NotStored(folder, error);
    this.#refusal = refusal;
    if (this.#isTold) return;
    this.#isTold = true;
    const fix = `${refusal.fix}; until then changes live in memory`;
    log.warn('state cannot be kept on disk', { code: refusal.code, path: folder, reason: reasonOf(error), fix });
  }
}
