import type { Clock } from '../../kit/clock.ts';
import type { HistoryStore } from './store.ts';
import type { Turn } from './turn.ts';

export interface Bounds {
  readonly keepMs: number;
  readonly maxBytes: number;
}

/** Rows wait so long in memory for their slot at most; ms. */
const SLOT_MS = 6 * 3_600_000;
/** A wall clock that moves further against the monotonic one was set by somebody, right or wrong; ms. */
const JUMP_MS = 3_600_000;
/** After a jump nothing goes for its age: when the clock was set wrongly, there is time to notice. */
const PAUSE_MS = 86_400_000;

/** Keeps the store tidy: slots, bounds, the write-ahead log. */
export class Upkeep {
  readonly #clock: Clock;
  readonly #slotRows: number;
  #sealedAt: number;
  #offset: number;
  #pausedUntil = 0;
  bounds: Bounds;

  constructor(clock: Clock, slotRows: number, bounds: Bounds) {
    this.#clock = clock;
    this.#slotRows = slotRows;
    this.bounds = bounds;
    this.#sealedAt = clock.mono();
    this.#offset = clock.now() - clock.mono();
  }

  /** After a commit of all rows. */
  async run(store: HistoryStore, turn: Turn): Promise<void> {
    await this.#seal(store, turn);
    await this.#dropOld(store, turn);
    store.shrink();
    if (store.wal.isLarge) await store.wal.checkpoint();
  }

  async #seal(store: HistoryStore, turn: Turn): Promise<void> {
    const now = this.#clock.mono();
    if (store.openRows === 0 || (store.openRows < this.#slotRows && now - this.#sealedAt < SLOT_MS)) return;
    await store.seal(turn, this.#clock.now());
    this.#sealedAt = now;
  }

  async #dropOld(store: HistoryStore, turn: Turn): Promise<void> {
    this.#watchClock();
    const { keepMs, maxBytes } = this.bounds;
    const isPaused = this.#clock.mono() < this.#pausedUntil;
    const until = isPaused ? Number.NEGATIVE_INFINITY : this.#clock.now() - keepMs;
    for (let [oldest] = store.slots; oldest !== undefined; [oldest] = store.slots) {
      if (oldest.last >= until && store.bytes <= maxBytes) return;
      store.dropOldest();
      if (turn.isOver) await turn.pass();
    }
  }

  #watchClock(): void {
    const offset = this.#clock.now() - this.#clock.mono();
    if (Math.abs(offset - this.#offset) > JUMP_MS) this.#pausedUntil = this.#clock.mono() + PAUSE_MS;
    this.#offset = offset;
  }
}
