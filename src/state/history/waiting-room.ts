import type { Quality } from '../../schemes/reading.ts';
import type { NewRow } from './batch.ts';
import type { HistoryEntry } from './history.ts';

interface Waiting {
  readonly entry: HistoryEntry;
  /** Monotonic ms. */
  readonly at: number;
}

/** Readings that wait for a clock that can be trusted: a wrong time would stand among the right ones for ever. */
export class WaitingRoom {
  readonly #most: number;
  #waiting: Waiting[] = [];
  dropped = 0;

  constructor(most: number) {
    this.#most = most;
  }

  get size(): number {
    return this.#waiting.length;
  }

  /** Monotonic ms of the reading that waits longest. */
  get since(): number | undefined {
    return this.#waiting[0]?.at;
  }

  add(entry: HistoryEntry, at: number): void {
    this.#waiting.push({ entry, at });
    if (this.#waiting.length <= this.#most) return;
    const few = Math.ceil(this.#most / 10);
    this.#waiting = this.#waiting.slice(few);
    this.dropped += few;
  }

  /** All of them with the times that they had by the clock of now, marked uncertain; none is left. */
  release(now: number, mono: number): NewRow[] {
    const rows = this.#waiting.map(({ entry: { point, value, quality }, at }): NewRow => {
      const time = Math.round(now - (mono - at));
      return { point, row: { time, value, quality: doubted(quality) } };
    });
    this.#waiting = [];
    return rows;
  }
}

/** As a reading is whose time is not certain. */
export function doubted(quality: Quality): Quality {
  return quality === 'good' ? 'uncertain' : quality;
}
