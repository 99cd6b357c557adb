import { backoff } from '../kit/backoff.ts';
import { reasonOf, systemCode } from '../kit/errors.ts';
import type { Log } from '../kit/log.ts';
import type { Book } from './book.ts';
import { diskRefuses } from './not-accepted.ts';
import type { Pending } from './work.ts';

export interface RefusalOptions {
  readonly folder: string;
  readonly log: Log;
  readonly random: () => number;
  readonly onState: () => void;
  readonly book: Book;
}

/** A disk that refuses is tried again after so long: a repair is noticed within ten seconds. */
const RETRY = { firstMs: 1_000, lastMs: 8_000 };

/** Whether the disk refuses, and since how many tries. Logged when it changes. */
export class Refusal {
  /** What the disk said; undefined when all is well. */
  cause: unknown;
  readonly #options: RefusalOptions;
  #failures = 0;

  constructor(options: RefusalOptions) {
    this.#options = options;
  }

  get isThere(): boolean {
    return this.cause !== undefined;
  }

  /** The disk is full, and nothing else is wrong with it. */
  get isFullDisk(): boolean {
    return systemCode(this.cause) === 'ENOSPC';
  }

  /** Opening has failed once already. */
  failedBefore(): void {
    this.#failures = 1;
  }

  /** How long to wait for the next try, ms; undefined: try again at once, in another file. */
  failed(error: unknown): number | undefined {
    this.#failures += 1;
    if (this.#failures === 1) return undefined;
    this.#tell(error);
    return backoff(this.#failures - 1, this.#options.random, RETRY);
  }

  over(): void {
    this.#failures = 0;
    if (this.cause === undefined) return;
    const { folder, log, onState } = this.#options;
    this.cause = undefined;
    log.info('the outbox is kept on disk again', { path: folder });
    onState();
  }

  /** These are not accepted, and who waits is told. */
  tellAll(refused: readonly Pending[]): void {
    const { folder, book } = this.#options;
    for (const { entry, done } of refused) {
      book.withdraw(entry);
      done(diskRefuses(folder, this.cause));
    }
  }

  #tell(error: unknown): void {
    const { folder, log, onState } = this.#options;
    const isNews = this.cause === undefined;
    this.cause = error;
    if (!isNews) return;
    const fix = `free some space, or make ${folder} writable for hanbus; until then lazy items live in memory`;
    log.error('the outbox cannot be kept on disk', { code: 'HB371', path: folder, reason: reasonOf(error), fix });
    onState();
  }
}
