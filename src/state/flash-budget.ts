import type { Cancel, Clock } from '../kit/clock.ts';
import type { Log } from '../kit/log.ts';
import type { FlashAnswer } from '../schemes/history-contracts.ts';
import type { Problem } from '../schemes/problem.ts';

/** A store that counts what it writes, since its start. */
export interface FlashSource {
  readonly name: string;
  /** `syncs`: default two for each write, a file and its folder, as documents do. */
  readonly written: () => { readonly times: number; readonly bytes: number; readonly syncs?: number };
}

export interface FlashBudgetOptions {
  readonly clock: Clock;
  readonly log: Log;
  readonly sources: readonly FlashSource[];
  /** Told when the pace goes over the budget, and when it is well below again: gather more before writing. */
  readonly onPressure?: (isHigh: boolean) => void;
  /** Default 200 MB. */
  readonly bytesPerDay?: number;
}

/** What the node writes to its disk, counted: an SD card lasts as long as it is written seldom. */
export interface FlashBudget {
  /** As `status` tells it. */
  summary(): FlashAnswer;
  /** HB380 while the pace is over the budget. */
  problems(): readonly Problem[];
  stop(): void;
}

interface Amount {
  bytes: number;
  writes: number;
  syncs: number;
}

const MINUTE_MS = 60_000;
const MINUTES_PER_DAY = 1_440;
/** The pace is that of the last hour, and is not judged before so many minutes. */
const PACE_MINUTES = 60;
const LEAST_MINUTES = 10;
const BYTES_PER_DAY = 200_000_000;
/** The pressure ends below this share of the budget. */
const RELIEF = 0.5;

export function startFlashBudget(options: FlashBudgetOptions): FlashBudget {
  const budget = new CountedBudget(options);
  budget.start();
  return budget;
}

class CountedBudget implements FlashBudget {
  readonly #options: FlashBudgetOptions;
  readonly #budget: number;
  readonly #since: number;
  /** By source: counts at the last minute, and in the last 24 hours. */
  readonly #before = new Map<string, Amount>();
  readonly #sums = new Map<string, Amount>();
  /** What each minute of the last 24 hours wrote. */
  readonly #minutes: ReadonlyMap<string, Amount>[] = [];
  #isHigh = false;
  #cancel: Cancel = () => undefined;

  constructor(options: FlashBudgetOptions) {
    this.#options = options;
    this.#budget = options.bytesPerDay ?? BYTES_PER_DAY;
    this.#since = options.clock.now();
  }

  start(): void {
    this.#cancel = this.#options.clock.after(MINUTE_MS, () => {
      this.#count();
      this.#judge();
      this.start();
    });
  }

  stop(): void {
    this.#cancel();
  }

  summary(): FlashAnswer {
    const stores = this.#options.sources.map((source) => {
      const { bytes, writes, syncs } = this.#now(source);
      return { name: source.name, bytes, writes, syncs };
    });
    const all = stores.reduce((sum, store) => added(sum, store), nothing());
    return {
      since: Math.round(Math.max(this.#since, this.#options.clock.now() - MINUTES_PER_DAY * MINUTE_MS)),
      ...all,
      bytesPerDay: Math.round(this.#pace()),
      budget: this.#budget,
      stores: stores.sort((a, b) => b.bytes - a.bytes || (a.name < b.name ? -1 : 1)),
    };
  }

  problems(): readonly Problem[] {
    return this.#isHigh ? [this.#problem()] : [];
  }

  #count(): void {
    const minute = new Map(this.#options.sources.map((source) => [source.name, this.#new(source)]));
    for (const source of this.#options.sources) this.#before.set(source.name, amountOf(source));
    this.#minutes.push(minute);
    for (const [name, amount] of minute) this.#sums.set(name, added(this.#sums.get(name) ?? nothing(), amount));
    if (this.#minutes.length <= MINUTES_PER_DAY) return;
    for (const [name, amount] of this.#minutes.shift() ?? []) {
      this.#sums.set(name, added(this.#sums.get(name) ?? nothing(), amount, -1));
    }
  }

  /** Since the last minute. */
  #new(source: FlashSource): Amount {
    return added(amountOf(source), this.#before.get(source.name) ?? nothing(), -1);
  }

  /** In the last 24 hours, up to now. */
  #now(source: FlashSource): Amount {
    return added(this.#sums.get(source.name) ?? nothing(), this.#new(source));
  }

  /** Bytes per day. */
  #pace(): number {
    const last = this.#minutes.slice(-PACE_MINUTES);
    const bytes = last.flatMap((minute) => [...minute.values()]).reduce((sum, amount) => sum + amount.bytes, 0);
    return last.length === 0 ? 0 : (bytes / last.length) * MINUTES_PER_DAY;
  }

  #judge(): void {
    const pace = this.#pace();
    const isHigh = pace > this.#budget * (this.#isHigh ? RELIEF : 1);
    if (isHigh === this.#isHigh || this.#minutes.length < LEAST_MINUTES) return;
    this.#isHigh = isHigh;
    const { log, onPressure } = this.#options;
    if (isHigh) {
      const { code, message, fix } = this.#problem();
      log.warn('too much is written to the disk', { code, reason: message, fix });
    } else log.info('less is written to the disk again', { bytesPerDay: Math.round(pace) });
    onPressure?.(isHigh);
  }

  #problem(): Problem {
    const { bytesPerDay, stores } = this.summary();
    const most = stores[0]?.name ?? 'none';
    const message = `the disk is written with ${Math.round(bytesPerDay / 1e6)} MB a day, most by ${most}; a card likes ${this.#budget / 1e6} MB at most`;
    return { code: 'HB380', severity: 'warning', message, fix: 'let busy points publish less: at_most, on_change' };
  }
}

function nothing(): Amount {
  return { bytes: 0, writes: 0, syncs: 0 };
}

function amountOf({ written }: FlashSource): Amount {
  const { times, bytes, syncs = 2 * times } = written();
  return { bytes, writes: times, syncs };
}

function added(a: Amount, b: Amount, sign = 1): Amount {
  return { bytes: a.bytes + sign * b.bytes, writes: a.writes + sign * b.writes, syncs: a.syncs + sign * b.syncs };
}
