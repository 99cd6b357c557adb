import type { HistoryAnswer } from '../schemes/history-contracts.ts';
import { plainText } from '../schemes/reading.ts';
import { isoLocal } from './history-times.ts';

type Raw = NonNullable<HistoryAnswer['raw']>;
type Cell = number | string | undefined;

/** RFC 4180: commas, CRLF, quotes only where they are needed. */
function line(cells: readonly Cell[]): string {
  return `${cells.map(cellText).join(',')}\r\n`;
}

function cellText(cell: Cell = ''): string {
  const text = String(cell);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

export function rawCsv(rows: Raw, unit = ''): string {
  const lines = rows.map(({ t, v, q }) => line([isoLocal(t), valueText(v), unit, q]));
  return [line(['time', 'value', 'unit', 'quality']), ...lines].join('');
}

export function bucketsCsv({ buckets, unit = '' }: Pick<HistoryAnswer, 'buckets' | 'unit'>): string {
  const lines = buckets.map(({ t, avg, min, max, last, n }) =>
    line([isoLocal(t), avg, min, max, valueText(last), unit, n]),
  );
  return [line(['time', 'avg', 'min', 'max', 'last', 'unit', 'readings']), ...lines].join('');
}

export function totalsCsv(days: NonNullable<HistoryAnswer['totals']>['days'], unit = ''): string {
  const lines = days.map(({ day, increase, last }) => line([day, increase, last, unit]));
  return [line(['day', 'increase', 'meter', 'unit']), ...lines].join('');
}

/** As on MQTT. */
export function valueText(value: unknown): string {
  if (value === undefined || value === null) return '';
  if (typeof value === 'string') return value;
  if (typeof value === 'number' || typeof value === 'boolean') return plainText(value);
  return JSON.stringify(value);
}
