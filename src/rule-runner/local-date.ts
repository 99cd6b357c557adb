import type { Variable } from '../schemes/rules/rule.ts';

const DAY_MS = 86_400_000;
const HOUR_MS = 3_600_000;

/** Local dates of one time zone. */
export interface LocalDates {
  /** The day, week, month or year that a moment belongs to, as text that differs from one to the next. */
  periodOf(wallMs: number, reset: NonNullable<Variable['reset']>): string;
  /** How long until local midnight at least; an hour at most, so that a clock that is set costs no more. */
  untilMidnight(wallMs: number): number;
}

export function makeLocalDates(timeZone: string): LocalDates {
  const format = new Intl.DateTimeFormat('en-CA', {
    ...{ timeZone, year: 'numeric', month: '2-digit', day: '2-digit' },
    ...{ hour: '2-digit', minute: '2-digit', second: '2-digit', hourCycle: 'h23' },
  });
  const partsOf = (wallMs: number): Readonly<Record<string, string>> =>
    Object.fromEntries(format.formatToParts(wallMs).map(({ type, value }) => [type, value]));
  return {
    periodOf(wallMs, reset) {
      const { year = '', month = '', day = '' } = partsOf(wallMs);
      if (reset === 'never') return '';
      if (reset === 'yearly') return year;
      if (reset === 'monthly') return `${year}-${month}`;
      return reset === 'weekly' ? mondayOf(`${year}-${month}-${day}`) : `${year}-${month}-${day}`;
    },
    untilMidnight(wallMs) {
      const { hour, minute, second } = partsOf(wallMs);
      const passed = Number(hour) * HOUR_MS + Number(minute) * 60_000 + Number(second) * 1_000 + (wallMs % 1_000);
      return Math.min(Math.max(DAY_MS - passed, 1), HOUR_MS);
    },
  };
}

/** The Monday of the week of a date; counted in UTC, where every day has 24 hours. */
function mondayOf(date: string): string {
  const day = Date.parse(`${date}T00:00:00Z`);
  const sinceMonday = (new Date(day).getUTCDay() + 6) % 7;
  return new Date(day - sinceMonday * DAY_MS).toISOString().slice(0, 10);
}
