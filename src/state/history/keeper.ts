import type { Cancel } from '../../kit/clock.ts';
import { HanbusError, reasonOf } from '../../kit/errors.ts';
import { InTurn } from '../../kit/in-turn.ts';
import type { Problem } from '../../schemes/problem.ts';
import { type HistoryDisk, systemDisk } from './disk.ts';
import { HISTORY_DEFAULTS, type HistoryOptions } from './history-options.ts';
import type { Intake } from './intake.ts';
import { type OpenStore, openStore, replaceStore } from './open-store.ts';
import { scrubSlot } from './scrub.ts';
import { isDamage } from './sqlite.ts';
import type { HistoryStore } from './store.ts';
import { Turn } from './turn.ts';
import { Upkeep } from './upkeep.ts';

/** Less free space switches the history off. */
const FREE_BYTES = 100_000_000;
/** Rows in one transaction: a few ms. */
const BATCH = 2_000;
const RETRY_MS = 60_000;
const SCRUB_AFTER_MS = 30_000;
const SCRUB_PAUSE_MS = 50;
/** The newest: about a hundred days. */
const SCRUB_SLOTS = 400;

/** Keeps the store open as far as the disk allows, and brings the rows of the intake into it. */
export class HistoryKeeper {
  readonly upkeep: Upkeep;
  readonly written = { times: 0, bytes: 0, syncs: 0 };
  gatherMs: number;
  store: HistoryStore | undefined;
  /** Why nothing is written now. */
  problem: Problem | undefined;
  readonly #options: HistoryOptions;
  readonly #disk: HistoryDisk;
  readonly #intake: Intake;
  readonly #turns = new InTurn();
  readonly #timers: { next?: Cancel; scrub?: Cancel } = {};
  #isClosed = false;
  /** The store of this run was open once. */
  #wasOpen = false;

  constructor(options: HistoryOptions, intake: Intake) {
    const { keepMs, maxBytes, gatherMs, slotRows } = { ...HISTORY_DEFAULTS, ...options };
    this.#options = options;
    this.#disk = options.disk ?? systemDisk;
    this.#intake = intake;
    this.gatherMs = gatherMs;
    this.upkeep = new Upkeep(options.clock, slotRows, { keepMs, maxBytes });
  }

  /** Opens the store, and writes each minute from then on. Resolves when it is open, or cannot be. */
  start(): Promise<void> {
    const { clock } = this.#options;
    this.#timers.scrub = clock.after(SCRUB_AFTER_MS, () => {
      this.#scrub(this.store?.slots.at(-SCRUB_SLOTS)?.id ?? 0);
    });
    return this.write();
  }

  /** Writes what waits. Never throws. */
  write(): Promise<void> {
    return this.#turns.run(async () => {
      if (this.#isClosed) return;
      this.#timers.next?.();
      await this.#try(() => this.#work());
      const { clock } = this.#options;
      const ms = this.store === undefined ? RETRY_MS : this.gatherMs;
      this.#timers.next = clock.after(ms, () => void this.write());
    });
  }

  /** Damage was found while reading this store: what is left is taken over into a new one. */
  repair(store: HistoryStore, error: unknown): Promise<void> {
    return this.#turns.run(async () => {
      if (this.store === store) await this.#try(() => Promise.reject(error));
    });
  }

  close(): Promise<void> {
    return this.#turns.run(async () => {
      if (this.#isClosed) return;
      for (const cancel of Object.values(this.#timers)) cancel();
      if (this.store !== undefined) await this.#try(() => this.#commit());
      this.#isClosed = true;
      await this.#shut();
    });
  }

  turn(): Turn {
    return new Turn(() => this.#options.clock.mono());
  }

  /** Damage is repaired, once; everything else switches the history off until the next try. */
  async #try(work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (error) {
      const isRepaired = isDamage(error) && this.store !== undefined && (await this.#repaired(error));
      if (!isRepaired) await this.#off(error);
    }
  }

  async #work(): Promise<void> {
    await this.#checkSpace();
    if (this.store === undefined) this.#opened(await openStore(this.#place()));
    await this.#commit();
    if (this.store !== undefined) await this.upkeep.run(this.store, this.turn());
    if (this.problem !== undefined) this.#options.log.info('history is kept again', { path: this.#options.path });
    this.problem = undefined;
  }

  async #commit(): Promise<void> {
    const { store } = this;
    if (store === undefined) return;
    for (const row of this.#intake.release(store.newest)) store.add(row);
    // After trouble the disk has to show that it takes something.
    if (this.#intake.pending.length === 0 && this.problem === undefined) return;
    for (let rows = this.#intake.pending.slice(0, BATCH); rows.length > 0; ) {
      store.commit(rows);
      this.#intake.written(rows.length);
      rows = this.#intake.pending.slice(0, BATCH);
      await this.turn().pass();
    }
    await store.wal.sync();
  }

  #opened(store: HistoryStore): void {
    this.store = store;
    const absence = this.#wasOpen ? undefined : store.markOfAbsence();
    if (absence !== undefined) this.#intake.putFirst(absence);
    for (const row of this.#intake.pending) store.add(row);
    this.#wasOpen = true;
  }

  async #checkSpace(): Promise<void> {
    const { path } = this.#options;
    await this.#disk.prepare(path);
    const free = await this.#disk.free(path);
    if (free >= FREE_BYTES) return;
    const message = `only ${Math.floor(free / 1e6)} MB are free where ${path} is; history needs 100 MB`;
    throw new HanbusError('HB382', message, { fix: `df -h ${path}; free some space` });
  }

  #place(): OpenStore {
    const { path, log } = this.#options;
    return { path, log, disk: this.#disk, written: this.written, turn: this.turn() };
  }

  async #repaired(error: unknown): Promise<boolean> {
    try {
      await this.#shut();
      this.#opened(await replaceStore(this.#place(), error));
      return true;
    } catch (failure) {
      await this.#off(failure);
      return true;
    }
  }

  /** Told once. */
  async #off(error: unknown): Promise<void> {
    const { path, log } = this.#options;
    await this.#shut();
    const isOurs = error instanceof HanbusError;
    const code = isOurs ? error.code : 'HB381';
    const fix = (isOurs ? error.fix : undefined) ?? `ls -l ${path}*; df -h ${path}`;
    const message = isOurs ? error.message : `history cannot be kept in ${path}: ${reasonOf(error)}`;
    if (this.problem?.code !== code) log.warn('history is off', { code, path, reason: message, fix });
    this.problem = { code, severity: 'warning', message, fix };
  }

  async #shut(): Promise<void> {
    const { store } = this;
    this.store = undefined;
    try {
      await store?.close();
    } catch (error) {
      this.#options.log.debug('the history could not be closed well', { reason: reasonOf(error) });
    }
  }

  /** Looks at every block once, a slot at a time: damage is found before it is asked for. */
  #scrub(after: number): void {
    const { clock, log } = this.#options;
    void this.#turns.run(async () => {
      if (this.#isClosed || this.store === undefined) return;
      const { store } = this;
      await this.#try(async () => {
        const next = await scrubSlot(store, after, { turn: this.turn(), log });
        if (next !== undefined) this.#timers.scrub = clock.after(SCRUB_PAUSE_MS, () => this.#scrub(next));
      });
    });
  }
}
