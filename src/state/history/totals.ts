import { convertSpan } from '../../schemes/units.ts';
import type { DayTotal } from './history.ts';
import type { HistoryStore } from './store.ts';

/** The days of a meter in its newest unit, oldest first. */
export function totalsOf({ book, meters }: HistoryStore, point: string, since: number): readonly DayTotal[] {
  const entries = book.named(point).filter((entry) => entry.point.counter !== undefined);
  const unit = entries.at(-1)?.point.unit;
  const days = new Map<string, DayTotal>();
  for (const entry of entries) {
    for (const total of meters.list(entry.id, since)) {
      const shown = inUnit(total, entry.point.unit, unit);
      const known = days.get(total.day);
      if (shown !== undefined) days.set(total.day, { ...shown, increase: shown.increase + (known?.increase ?? 0) });
    }
  }
  return [...days.values()].sort((a, b) => (a.day < b.day ? -1 : 1));
}

function inUnit(total: DayTotal, from: string | undefined, to: string | undefined): DayTotal | undefined {
  if (from === to) return total;
  const increase = convertSpan(total.increase, from ?? '', to ?? '');
  const last = convertSpan(total.last, from ?? '', to ?? '');
  return increase === undefined || last === undefined ? undefined : { day: total.day, increase, last };
}
