import type { Value } from './reading.ts';
import { convertUnit, dimensionOf, unitOf } from './units.ts';

const BYTES = ['B', 'kB', 'MB', 'GB', 'TB'];
const BYTE_RATES = ['B/s', 'kB/s', 'MB/s', 'GB/s'];
/** Written against the number, as in `45°`. */
const TIGHT = new Set(['°']);

/** At most so many decimals, without zeros at the end. */
function plain(value: number, decimals: number): string {
  const text = value.toFixed(Math.min(Math.max(decimals, 0), 20));
  const short = text.includes('.') ? text.replace(/\.?0+$/, '') : text;
  return short === '-0' ? '0' : short;
}

/** 1 234 567 B as `1.23 MB`: the largest unit of the row that leaves a number of 1 or more. */
function scaled(value: number, unit: string, row: readonly string[]): string {
  for (const larger of row.toReversed()) {
    const amount = convertUnit(value, unit, larger) ?? value;
    if (Math.abs(amount) < 1 && larger !== row[0]) continue;
    return `${plain(amount, larger === row[0] ? 0 : amount < 100 ? 2 : 0)} ${larger}`;
  }
  return `${value} ${unit}`;
}

const PARTS = [
  ['d', 86_400],
  ['h', 3_600],
  ['min', 60],
  ['s', 1],
] as const;

/** A time of two minutes or more in its two largest units: `2 d 3 h`, `5 min 20 s`. */
function longTime(seconds: number): string {
  const first = PARTS.findIndex(([, size]) => Math.abs(seconds) >= size);
  const [large, small] = [PARTS[first], PARTS[first + 1]];
  if (large === undefined || small === undefined) return `${plain(seconds, 0)} s`;
  const whole = Math.floor(Math.abs(seconds) / small[1]);
  const [count, rest] = [Math.floor((whole * small[1]) / large[1]), whole % (large[1] / small[1])];
  const sign = seconds < 0 ? '-' : '';
  return `${sign}${count} ${large[0]}${rest === 0 ? '' : ` ${rest} ${small[0]}`}`;
}

function number(value: number, unit: string | undefined, decimals: number): string {
  if (!Number.isFinite(value)) return String(value);
  if (unit === undefined || unit === '') return plain(value, decimals);
  const house = unitOf(unit) ?? unit;
  if (BYTES.includes(house)) return scaled(value, house, BYTES);
  if (BYTE_RATES.includes(house)) return scaled(value, house, BYTE_RATES);
  const seconds = dimensionOf(house) === 'time' ? convertUnit(value, house, 's') : undefined;
  if (seconds !== undefined && Math.abs(seconds) >= 120 && Math.abs(seconds) < 1e12) return longTime(seconds);
  return `${plain(value, decimals)}${TIGHT.has(house) ? '' : ' '}${house}`;
}

/**
 * A value as text for people: `21.4 °C`, `48 %`, `1.23 GB`, `2 d 3 h`, `on`.
 * `decimals` is the most that is shown; bytes and long times choose their own.
 */
export function shown(value: Value, unit?: string, decimals = 2): string {
  if (typeof value === 'number') return number(value, unit, decimals);
  if (typeof value === 'boolean') return value ? 'on' : 'off';
  return typeof value === 'string' ? value : JSON.stringify(value);
}
