import type { Clock } from '../../kit/clock.ts';
import type { NewRow } from './batch.ts';
import type { HistoryEntry } from './history.ts';
import { doubted, WaitingRoom } from './waiting-room.ts';

/** Rows in memory that are not on the disk; the oldest go when there are more. */
const MOST_ROWS = 20_000;
/** A longer text is cut, a longer structure not kept. */
const LONGEST = 1_000;
/** A clock that nobody sets is believed after so long, when it shows a time after the newest reading; ms. */
const PATIENCE_MS = 600_000;

/** Gives readings their time, and keeps them until they are written. */
export class Intake {
  readonly #clock: Clock;
  readonly #isTimeTrusted: () => boolean;
  readonly #room = new WaitingRoom(MOST_ROWS);
  #pending: NewRow[] = [];
  #dropped = 0;
  /** Nobody has set the clock, and it is believed all the same until the end of this run. */
  #isBelieved = false;
  taken = 0;

  constructor(clock: Clock, isTimeTrusted: () => boolean) {
    this.#clock = clock;
    this.#isTimeTrusted = isTimeTrusted;
  }

  get dropped(): number {
    return this.#dropped + this.#room.dropped;
  }

  /** Rows with a time, oldest first. */
  get pending(): readonly NewRow[] {
    return this.#pending;
  }

  get waitingForClock(): number {
    return this.#room.size;
  }

  /** How long the first reading has been waiting for the clock; ms. */
  get waitedMs(): number {
    return this.#room.since === undefined ? 0 : this.#clock.mono() - this.#room.since;
  }

  /** The row when it has a time now. */
  take(entry: HistoryEntry): NewRow | undefined {
    this.taken += 1;
    const fitting = fitted(entry);
    if (fitting === undefined) {
      this.#dropped += 1;
      return undefined;
    }
    const isTrusted = this.#isTimeTrusted();
    if ((!isTrusted && !this.#isBelieved) || this.#room.size > 0) {
      this.#room.add(fitting, this.#clock.mono());
      return undefined;
    }
    const { point, value, time = this.#clock.now() } = fitting;
    const quality = isTrusted ? fitting.quality : doubted(fitting.quality);
    return this.#keep({ point, row: { time: Math.round(time), value, quality } });
  }

  /** Those whose wait for the clock is over. `after`: a clock that nobody set must show a later time than this. */
  release(after: number): NewRow[] {
    const { waitedMs } = this;
    this.#isBelieved ||= waitedMs >= PATIENCE_MS && this.#clock.now() - waitedMs > after;
    if (!this.#isTimeTrusted() && !this.#isBelieved) return [];
    return this.#room.release(this.#clock.now(), this.#clock.mono()).map((row) => this.#keep(row));
  }

  /** Puts a row before all others. */
  putFirst(row: NewRow): void {
    this.#pending.unshift(row);
  }

  /** The first `count` rows are written. */
  written(count: number): void {
    this.#pending = this.#pending.slice(count);
  }

  #keep(row: NewRow): NewRow {
    this.#pending.push(row);
    if (this.#pending.length > MOST_ROWS) {
      this.#dropped += MOST_ROWS / 10;
      this.#pending = this.#pending.slice(MOST_ROWS / 10);
    }
    return row;
  }
}

function fitted(entry: HistoryEntry): HistoryEntry | undefined {
  const { value } = entry;
  if (typeof value === 'string' && value.length > LONGEST) return { ...entry, value: value.slice(0, LONGEST) };
  if (typeof value === 'object' && JSON.stringify(value).length > LONGEST) return undefined;
  return entry;
}
