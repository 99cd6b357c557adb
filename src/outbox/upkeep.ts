import { reasonOf } from '../kit/errors.ts';
import type { Log } from '../kit/log.ts';
import type { Book } from './book.ts';
import type { Committer } from './committer.ts';
import type { DiskRoom } from './disk-room.ts';
import type { Entry } from './entry.ts';
import type { Segments } from './segments.ts';
import type { Spares } from './spares.ts';

export interface UpkeepOptions {
  readonly folder: string;
  readonly log: Log;
  readonly book: Book;
  readonly segments: Segments;
  readonly spares: Spares;
  readonly room: DiskRoom;
  /** Bytes of the files that may be there for nobody. */
  readonly slackBytes: number;
  /** Segments to be put aside as soon as what can be read of them is somewhere else. */
  readonly damaged: readonly number[];
  readonly payloadOf: (entry: Entry) => Promise<Uint8Array | undefined>;
}

/** The work behind: files that go, files that come, and what is kept of nearly empty ones. */
export class Upkeep {
  /** Files for alarms may be missing. */
  needsSpares = true;
  readonly #options: UpkeepOptions;
  readonly #damaged: number[];

  constructor(options: UpkeepOptions) {
    this.#options = options;
    this.#damaged = [...options.damaged];
  }

  /** One step; false when there is nothing to do, or it cannot be done. Never throws. */
  async step(committer: Committer): Promise<boolean> {
    try {
      return await this.#step(committer);
    } catch (error) {
      const { folder, log } = this.#options;
      log.info('the outbox could not be tidied up', { path: folder, reason: reasonOf(error) });
      return false;
    }
  }

  async #step(committer: Committer): Promise<boolean> {
    const { segments, spares, room } = this.#options;
    const damaged = this.#damaged.shift();
    if (damaged !== undefined) {
      await segments.quarantine(damaged);
      return true;
    }
    await segments.removePassed();
    if (this.needsSpares && room.level !== 'scarce') {
      this.needsSpares = await spares.refillOne();
      if (this.needsSpares) return true;
    }
    return await this.#compact(committer);
  }

  /** Brings what is still needed of the oldest file to the end, so that the file can go. */
  async #compact(committer: Committer): Promise<boolean> {
    const { segments, book, slackBytes, payloadOf } = this.#options;
    const { size, liveBytes, oldest, current } = segments;
    if (oldest === undefined || oldest === current || size - liveBytes <= slackBytes) return false;
    const entries = [...book.room.all].filter(({ segment }) => segment === oldest);
    for (const entry of entries) {
      entry.payload ??= await payloadOf(entry);
      if (entry.payload === undefined) book.drop(entry, 'damage');
    }
    committer.move(entries.filter(({ waiting }) => waiting !== 0));
    return entries.length > 0;
  }
}
