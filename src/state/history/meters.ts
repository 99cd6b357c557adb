import type { DayTotal, HistoryPoint } from './history.ts';
import type { Row } from './row.ts';
import type { StoredTotal } from './stored.ts';
import type { HistoryTables } from './tables.ts';

/** Days are kept so long. */
const YEARS = 10;

/** What meters count per day. What changed since `save` is in memory; the journal brings it back after a crash. */
export class Meters {
  readonly #tables: HistoryTables;
  readonly #shown = new Map<number, number | undefined>();
  readonly #changed = new Map<string, StoredTotal>();

  constructor(tables: HistoryTables) {
    this.#tables = tables;
  }

  /** Takes a reading. One below the last is a new start from 0, for a meter that only counts up. */
  add(id: number, { counter }: HistoryPoint, { time, value, quality }: Row): void {
    if (counter === undefined || typeof value !== 'number' || !Number.isFinite(value) || quality === 'bad') return;
    const before = this.#before(id);
    this.#shown.set(id, value);
    const isRestart = counter === 'total_increasing' && before !== undefined && value < before;
    const change = before === undefined ? 0 : isRestart ? value : value - before;
    const day = dayOf(time);
    const total = this.#total(id, day);
    this.#changed.set(keyOf(id, day), { point: id, day, increase: total.increase + change, last: value });
  }

  /** In a transaction of the caller. */
  save(now: number): void {
    for (const total of this.#changed.values()) this.#tables.putTotal(total);
    this.#tables.dropTotalsBefore(dayOf(now) - YEARS * 10_000);
  }

  /** What `save` wrote is on the disk. */
  saved(): void {
    this.#changed.clear();
  }

  list(id: number, since: number): DayTotal[] {
    const days = new Map(this.#tables.totals(id, since).map((total) => [total.day, total]));
    for (const total of this.#changed.values()) {
      if (total.point === id && total.day >= since) days.set(total.day, total);
    }
    const sorted = [...days.values()].sort((a, b) => a.day - b.day);
    return sorted.map(({ day, increase, last }) => ({ day: dayText(day), increase, last }));
  }

  #before(id: number): number | undefined {
    if (!this.#shown.has(id)) this.#shown.set(id, this.#tables.lastTotal(id)?.last);
    return this.#shown.get(id);
  }

  #total(point: number, day: number): StoredTotal {
    const known = this.#changed.get(keyOf(point, day)) ?? this.#tables.totals(point, day)[0];
    return known?.day === day ? known : { point, day, increase: 0, last: 0 };
  }
}

const keyOf = (id: number, day: number) => `${id}/${day}`;

/** `20261122`: the day of the time zone of this machine. */
export function dayOf(time: number): number {
  const at = new Date(time);
  return at.getFullYear() * 10_000 + (at.getMonth() + 1) * 100 + at.getDate();
}

function dayText(day: number): string {
  const text = String(day);
  return `${text.slice(0, 4)}-${text.slice(4, 6)}-${text.slice(6)}`;
}

/** `2026-11-22` as a number; 0 when it is no day. */
export function parseDay(text: string): number {
  return /^\d{4}-\d{2}-\d{2}$/.test(text) ? Number(text.replaceAll('-', '')) : 0;
}
