import { HanbusError } from '../../kit/errors.ts';
import type { Log } from '../../kit/log.ts';
import type { Problem } from '../../schemes/problem.ts';
import type { NewRow } from './batch.ts';
import type {
  DayTotal,
  History,
  HistoryCounts,
  HistoryEntry,
  HistoryQuery,
  HistoryReading,
  KnownPoint,
  Series,
} from './history.ts';
import { HISTORY_DEFAULTS, type HistoryOptions } from './history-options.ts';
import { Intake } from './intake.ts';
import { HistoryKeeper } from './keeper.ts';
import { parseDay } from './meters.ts';
import { HistoryReader } from './reader.ts';
import { replay } from './replay.ts';
import { dropBlock } from './scrub.ts';
import { readingOf, seriesOf } from './series.ts';
import { isDamage } from './sqlite.ts';
import type { HistoryStore } from './store.ts';
import { totalsOf } from './totals.ts';

/** So many rows are written without waiting for the minute to end. */
const MANY = 10_000;
/** Readings that wait so long for a clock are a matter for a person; ms. */
const CLOCK_MS = 900_000;

/** Opens the history in the background. Never throws: a disk that refuses switches it off, and it comes back by itself. */
export function openHistory(options: HistoryOptions): History {
  return new StoredHistory(options);
}

class StoredHistory implements History {
  readonly ready: Promise<void>;
  readonly #log: Log;
  readonly #now: () => number;
  readonly #intake: Intake;
  readonly #keeper: HistoryKeeper;
  /** Opens it now. */
  readonly #hurry: () => void;
  #isClosed = false;
  #isHurried = false;

  constructor(options: HistoryOptions) {
    const { clock, log, isTimeTrusted = () => true } = options;
    this.#log = log;
    this.#now = () => clock.now();
    this.#intake = new Intake(clock, isTimeTrusted);
    this.#keeper = new HistoryKeeper(options, this.#intake);
    const { promise, resolve } = Promise.withResolvers<void>();
    const cancel = clock.after(options.openAfterMs ?? 0, resolve);
    this.#hurry = () => {
      cancel();
      resolve();
    };
    if (options.openAfterMs === undefined) this.#hurry();
    this.ready = promise.then(() => this.#keeper.start());
  }

  add(entry: HistoryEntry): void {
    if (this.#isClosed) return;
    const row = this.#intake.take(entry);
    if (row !== undefined) this.#show(row);
    if (this.#intake.pending.length < MANY || this.#isHurried || this.#keeper.store === undefined) return;
    this.#isHurried = true;
    void this.#keeper.write().then(() => {
      this.#isHurried = false;
    });
  }

  query(query: HistoryQuery): Promise<Series | undefined> {
    return this.#read(async (store) => {
      const entry = store.book.named(query.point).at(-1);
      return entry === undefined ? undefined : await seriesOf(this.#reader(store), entry, query, this.#now());
    });
  }

  async *readings(points: readonly string[], from: number, to: number): AsyncGenerator<HistoryReading> {
    const store = await this.#opened();
    try {
      yield* replay(this.#reader(store), points, [from, to], this.#keeper.turn());
    } catch (error) {
      if (isDamage(error)) await this.#keeper.repair(store, error);
      throw new HanbusError('HB383', 'the history was damaged while it was read', { fix: 'ask again', cause: error });
    }
  }

  lastBefore(point: string, time: number): Promise<HistoryReading | undefined> {
    return this.#read(async (store) => {
      const reader = this.#reader(store);
      const row = await reader.before(point, time);
      return row === undefined ? undefined : readingOf(point, row, reader.unitOf(point));
    });
  }

  totals(point: string, sinceDay = ''): Promise<readonly DayTotal[]> {
    return this.#read(async (store) => totalsOf(store, point, parseDay(sinceDay)));
  }

  known(): readonly KnownPoint[] {
    const { store } = this.#keeper;
    if (store === undefined) return [];
    return store.book.names.flatMap((name): KnownPoint[] => {
      const entries = store.book.named(name);
      const point = entries.at(-1)?.point;
      if (point === undefined) return [];
      const kept = store.slots[0]?.first ?? Number.NEGATIVE_INFINITY;
      const oldest = Math.max(kept, Math.min(...entries.map((entry) => entry.oldest ?? Number.POSITIVE_INFINITY)));
      const newest = Math.max(...entries.map((entry) => entry.newest ?? Number.NEGATIVE_INFINITY));
      return [{ ...point, ...(Number.isFinite(oldest) && { oldest }), ...(Number.isFinite(newest) && { newest }) }];
    });
  }

  limit({ keepMs, maxBytes }: { readonly keepMs?: number; readonly maxBytes?: number }): void {
    this.#keeper.upkeep.bounds = {
      keepMs: keepMs ?? HISTORY_DEFAULTS.keepMs,
      maxBytes: maxBytes ?? HISTORY_DEFAULTS.maxBytes,
    };
  }

  gather(ms: number): void {
    this.#keeper.gatherMs = ms;
  }

  get counts(): HistoryCounts {
    const { taken, dropped, pending, waitingForClock } = this.#intake;
    const waiting = pending.length + waitingForClock;
    return { taken, dropped, waiting, waitingForClock, bytes: this.#keeper.store?.bytes ?? 0 };
  }

  problems(): readonly Problem[] {
    const { problem } = this.#keeper;
    const isLate = this.#intake.waitedMs >= CLOCK_MS;
    return [...(problem === undefined ? [] : [problem]), ...(isLate ? [clockProblem(this.#intake)] : [])];
  }

  get written(): History['written'] {
    return { ...this.#keeper.written };
  }

  async flush(): Promise<void> {
    this.#hurry();
    await this.ready;
    await this.#keeper.write();
  }

  /** What came before it was open is kept too. */
  async close(): Promise<void> {
    this.#isClosed = true;
    this.#hurry();
    await this.ready;
    await this.#keeper.close();
  }

  /** Queries see it from now on. */
  #show(row: NewRow): void {
    const { store } = this.#keeper;
    try {
      store?.add(row);
    } catch (error) {
      if (store !== undefined) void this.#keeper.repair(store, error);
    }
  }

  /** Reads; what is damaged is repaired, and read again. */
  async #read<T>(work: (store: HistoryStore) => Promise<T>): Promise<T> {
    const store = await this.#opened();
    try {
      return await work(store);
    } catch (error) {
      if (isDamage(error)) await this.#keeper.repair(store, error);
      // It was closed meanwhile: full disk, repair, end.
      else if (store === this.#keeper.store) throw error;
      return await work(await this.#opened());
    }
  }

  async #opened(): Promise<HistoryStore> {
    this.#hurry();
    await this.ready;
    const { store, problem } = this.#keeper;
    if (store !== undefined) return store;
    const { code, message, fix = 'hanbus status' } = problem ?? { code: 'HB381', message: 'the history is closed' };
    throw new HanbusError(code, message, { fix });
  }

  #reader(store: HistoryStore): HistoryReader {
    return new HistoryReader(store, this.#keeper.turn(), (slot, point) => dropBlock(store, slot, point, this.#log));
  }
}

function clockProblem({ waitingForClock }: Intake): Problem {
  const message = `${waitingForClock} readings wait for a clock that can be trusted; history begins when it is set`;
  return { code: 'HB384', severity: 'warning', message, fix: 'timedatectl set-ntp true' };
}
