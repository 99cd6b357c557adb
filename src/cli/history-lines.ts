import type { HistoryAnswer } from '../schemes/history-contracts.ts';
import { shown } from '../schemes/units-shown.ts';
import { columns, cut } from './columns.ts';
import { valueText } from './history-csv.ts';
import { dotsAcross, plotOf } from './history-plot.ts';
import { lengthText, longTime, shortTime } from './history-times.ts';
import type { Screen } from './screen.ts';
import { counted } from './spans.ts';

type Spans = NonNullable<HistoryAnswer['spans']>;

const ROWS = 12;
const MOST_SPANS = 20;

/** The words above: what, how long, and the figures of it all. */
export function titleLine(answer: HistoryAnswer, screen: Screen): string {
  const { from, to, now, count } = answer;
  const isNow = Math.abs(to - now) < 2_000;
  const when = isNow ? `last ${lengthText(to - from)}` : `${longTime(from)} to ${longTime(to)}`;
  const figures = answer.spans === undefined ? numberFigures(answer) : [];
  const parts = [screen.tint('bold', localName(answer)), when, counted(count, 'reading'), ...figures];
  return parts.join(' · ');
}

/** Why there is nothing to show, and since when there is something. */
export function nothingLine(answer: HistoryAnswer): string {
  const { oldest, newest, waiting = 0 } = answer;
  if (waiting > 0 && newest === undefined) {
    const since = `${counted(waiting, 'reading')} of this node wait for a clock that can be trusted`;
    return `Nothing is recorded of ${localName(answer)} yet: ${since} (hanbus explain HB384).`;
  }
  if (newest === undefined)
    return `Nothing is recorded of ${localName(answer)} yet; it is written down as soon as it says something.`;
  const since = oldest === undefined ? '' : `the oldest reading is of ${longTime(oldest)}, `;
  return `Nothing is recorded of ${localName(answer)} in this time; ${since}the newest of ${longTime(newest)}.`;
}

function localName({ node, point }: HistoryAnswer): string {
  return point.startsWith(`${node}.`) ? point.slice(node.length + 1) : point;
}

function numberFigures({ buckets, unit, to, from }: HistoryAnswer): string[] {
  const known = buckets.filter(({ avg }) => avg !== undefined);
  if (known.length === 0 || to <= from) return [];
  const avg = known.reduce((sum, bucket) => sum + (bucket.avg ?? 0), 0) / known.length;
  const min = Math.min(...known.map((bucket) => bucket.min ?? Number.POSITIVE_INFINITY));
  const max = Math.max(...known.map((bucket) => bucket.max ?? Number.NEGATIVE_INFINITY));
  return [`min ${shown(min, unit)}`, `avg ${shown(avg, unit)}`, `max ${shown(max, unit)}`];
}

/** A row for each piece of the time that has something. */
export function tableLines({ buckets, unit, from, to }: HistoryAnswer, screen: Screen): string[] {
  const text = (value: number | undefined) => (value === undefined ? '' : shown(value, unit));
  const rows = buckets
    .filter(({ n, last }) => n > 0 || last !== undefined)
    .map(({ t, n, avg, min, max }) => [shortTime(t, to - from), text(avg), text(min), text(max), String(n)]);
  const head = ['FROM', 'AVG', 'MIN', 'MAX', 'READINGS'].map((word) => screen.tint('dim', word));
  return columns([head, ...rows], ['left', 'right', 'right', 'right', 'right']);
}

/** Dots for a plot of this width. */
export function plotBuckets(screen: Screen): number {
  return Math.min(500, plotWidth(screen) * dotsAcross(screen.unicode));
}

const LABEL = 11;

function plotWidth({ columns: wide }: Screen): number {
  return Math.max(20, Math.min(wide, 200) - LABEL - 2);
}

/** A plot with the values at its left and the times below. */
export function plotLines({ buckets, unit, from, to }: HistoryAnswer, screen: Screen): string[] {
  const { unicode } = screen;
  const { lines, top, bottom } = plotOf({ values: buckets.map(({ avg }) => avg), rows: ROWS, unicode });
  const axis = unicode ? ['┤', '│', '└', '─'] : ['+', '|', '+', '-'];
  const labelAt = new Map([
    [0, top],
    [Math.floor(ROWS / 2), top - ((top - bottom) * Math.floor(ROWS / 2)) / (ROWS - 1)],
    [ROWS - 1, bottom],
  ]);
  const width = Math.ceil(buckets.length / dotsAcross(unicode));
  const rows = lines.map((line, row) => {
    const value = labelAt.get(row);
    const label = cut(value === undefined ? '' : shown(value, unit), LABEL).padStart(LABEL);
    return `${screen.tint('dim', `${label} ${axis[value === undefined ? 1 : 0]}`)}${screen.tint('green', line)}`;
  });
  const under = `${' '.repeat(LABEL)} ${axis[2]}${(axis[3] ?? '').repeat(width)}`;
  return [...rows, screen.tint('dim', under), screen.tint('dim', timeAxis(from, to, width))];
}

function timeAxis(from: number, to: number, width: number): string {
  const [begin, middle, end] = [from, (from + to) / 2, to].map((time) => shortTime(time, to - from));
  const texts = [begin ?? '', middle ?? '', end ?? ''];
  const free = Math.max(2, width - texts.join('').length);
  const left = Math.floor(free / 2);
  return `${' '.repeat(LABEL + 2)}${texts[0]}${' '.repeat(left)}${texts[1]}${' '.repeat(free - left)}${texts[2]}`;
}

/** On/off as a bar, then each word with its time, then the newest changes. */
export function spanLines(answer: HistoryAnswer, screen: Screen): string[] {
  const { spans = [], from, to, type } = answer;
  const bar = type === 'boolean' ? [...barLines(answer, screen), ''] : [];
  const newest = spans.slice(-MOST_SPANS);
  const rows = newest.map(({ from: at, to: end, v }) => [
    shortTime(at, to - from),
    cut(valueText(v), 40),
    lengthText(end - at),
  ]);
  const more = spans.length > newest.length ? [`... and ${spans.length - newest.length} before; --csv shows all`] : [];
  return [...bar, ...shareLines(spans, screen), '', ...more, ...columns(rows, ['left', 'left', 'right'])];
}

function barLines({ buckets, from, to }: HistoryAnswer, screen: Screen): string[] {
  const [on, mixed, off] = screen.unicode ? ['█', '▒', '─'] : ['#', '=', '-'];
  const cells = buckets.map(({ avg }) => {
    if (avg === undefined) return ' ';
    if (avg >= 0.999) return on;
    return avg <= 0.001 ? off : mixed;
  });
  const width = cells.length;
  const axis = timeAxis(from, to, width);
  return [`${' '.repeat(LABEL + 2)}${screen.tint('green', cells.join(''))}`, screen.tint('dim', axis)];
}

/** Cells of a bar of this width. */
export function barBuckets(screen: Screen): number {
  return Math.min(500, plotWidth(screen));
}

/** `on 3 h 20 min (14 %), 12 times`, longest first. */
function shareLines(spans: Spans, screen: Screen): string[] {
  const sums = new Map<string, { ms: number; times: number }>();
  let all = 0;
  for (const { from, to, v } of spans) {
    const sum = sums.get(valueText(v)) ?? { ms: 0, times: 0 };
    sums.set(valueText(v), { ms: sum.ms + to - from, times: sum.times + 1 });
    all += to - from;
  }
  const rows = [...sums].sort(([, a], [, b]) => b.ms - a.ms).slice(0, MOST_SPANS);
  return columns(
    rows.map(([word, { ms, times }]) => {
      const share = all === 0 ? 0 : Math.round((ms / all) * 100);
      return [screen.tint('bold', cut(word, 40)), lengthText(ms), `${share} %`, counted(times, 'time')];
    }),
    ['left', 'right', 'right', 'right'],
  );
}

/** Days of a meter. */
export function totalLines({ totals, unit }: HistoryAnswer, screen: Screen): string[] {
  if (totals === undefined) return [];
  const { today, month, days } = totals;
  const head = ['DAY', 'INCREASE', 'METER'].map((word) => screen.tint('dim', word));
  const rows = days.map(({ day, increase, last }) => [day, shown(increase, unit), shown(last, unit)]);
  return [
    `today ${shown(today, unit)} · this month ${shown(month, unit)}`,
    '',
    ...columns([head, ...rows], ['left', 'right', 'right']),
  ];
}
