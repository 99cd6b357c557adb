import { HanbusError } from '../../kit/errors.ts';
import type { ControlRequests } from '../../schemes/control.ts';
import type { HistoryAnswer } from '../../schemes/history-contracts.ts';
import { type Door, expectAnswer } from '../door.ts';
import { bucketsCsv, rawCsv, totalsCsv, valueText } from '../history-csv.ts';
import {
  barBuckets,
  nothingLine,
  plotBuckets,
  plotLines,
  spanLines,
  tableLines,
  titleLine,
  totalLines,
} from '../history-lines.ts';
import { isoLocal } from '../history-times.ts';
import type { Call, Verb } from '../verb.ts';

type Question = ControlRequests['history'];

const TABLE_ROWS = 24;
const PAGE = 2_000;
/** A CSV of more is cut; a week of a reading each second has 600,000. */
const MOST_PAGES = 500;

export const verb: Verb = {
  name: 'history',
  summary: 'what a point was: table, plot, CSV, totals of a meter',
  group: 'look',
  arguments: [{ name: 'point', about: 'device.point, or home.variable', required: true, completes: 'point' }],
  options: [
    { flags: '--since <time>', about: 'how long ago (24h, 7d) or when (2026-11-22, 2026-11-22T07:30); default 24h' },
    { flags: '--until <time>', about: 'the same; default now' },
    { flags: '--buckets <count>', about: 'pieces of the time, 1 to 500' },
    { flags: '--plot', about: 'draw it' },
    { flags: '--raw', about: 'every reading, the newest 2000' },
    { flags: '--csv', about: 'for spreadsheets: every reading, or the pieces with --buckets' },
    { flags: '--totals', about: 'increase of a meter by day' },
  ],
  examples: [
    { line: 'hanbus history board.load', about: 'the last 24 hours, by the hour' },
    { line: 'hanbus history board.load --since 7d --plot', about: 'a week, drawn' },
    { line: 'hanbus history air.temperature --since 30d --csv > air.csv', about: 'into a spreadsheet' },
    { line: 'hanbus history meter.energy --totals', about: 'kWh by day' },
  ],
  contract: 'history',
  async run(call) {
    const door = await call.door();
    const answer = await ask(door, questionOf(call));
    if (call.globals.json) call.screen.json(answer);
    else if (call.options.csv === true) await tellCsv(call, door, answer);
    else tell(call, await fitting(call, door, answer));
    return 0;
  },
};

async function ask(door: Door, question: Question): Promise<HistoryAnswer> {
  return expectAnswer<HistoryAnswer>(await door.ask('history', question), 'history/1');
}

function questionOf({ words: [point = ''], options, screen }: Call): Question {
  const { since, until, buckets, raw, csv, plot, totals } = options;
  const wantsRaw = raw === true || (csv === true && buckets === undefined && totals !== true);
  return {
    point,
    ...(typeof since === 'string' ? { since } : {}),
    ...(typeof until === 'string' ? { until } : {}),
    buckets: bucketsOf(buckets) ?? (plot === true ? plotBuckets(screen) : TABLE_ROWS),
    ...(wantsRaw ? { raw: PAGE } : {}),
    ...(totals === true ? { totals: true } : {}),
  };
}

function bucketsOf(text: unknown): number | undefined {
  if (text === undefined) return undefined;
  const word = typeof text === 'string' ? text : '';
  const count = Number(word);
  if (Number.isInteger(count) && count >= 1 && count <= 500) return count;
  throw new HanbusError('HB150', `--buckets ${word} is not a number from 1 to 500`, { fix: '--buckets 48' });
}

/** A bar of on and off needs a piece for each place on the screen. */
async function fitting({ options, screen }: Call, door: Door, answer: HistoryAnswer): Promise<HistoryAnswer> {
  const isBar = answer.type === 'boolean' && answer.buckets.length > 0;
  if (!isBar || options.buckets !== undefined || options.raw === true) return answer;
  const { point, from: since, to: until } = answer;
  return { ...answer, ...(await ask(door, { point, since, until, buckets: barBuckets(screen) })) };
}

function tell({ options, screen }: Call, answer: HistoryAnswer): void {
  if (options.totals === true) {
    const lines = totalLines(answer, screen);
    if (lines.length === 0)
      screen.note(`${answer.point} is no meter: its state class is not total or total_increasing.`);
    for (const line of lines) screen.out(line);
    return;
  }
  const isKnown = answer.count > 0 || answer.buckets.some(({ last }) => last !== undefined);
  if (!isKnown) screen.note(nothingLine(answer));
  const lines = isKnown ? [titleLine(answer, screen), '', ...linesOf(answer, { options, screen })] : [];
  for (const line of lines) screen.out(line);
}

function linesOf(answer: HistoryAnswer, { options, screen }: Pick<Call, 'options' | 'screen'>): string[] {
  if (answer.raw !== undefined) {
    const unit = answer.unit === undefined ? '' : ` ${answer.unit}`;
    const doubt = (quality: string) => (quality === 'good' ? '' : `  ${quality}`);
    return answer.raw.map(({ t, v, q }) => `${isoLocal(t)}  ${valueText(v)}${unit}${doubt(q)}`);
  }
  if (answer.spans !== undefined) return spanLines(answer, screen);
  const hasNumbers = answer.buckets.some(({ avg }) => avg !== undefined);
  return options.plot === true && hasNumbers ? plotLines(answer, screen) : tableLines(answer, screen);
}

async function tellCsv(call: Call, door: Door, answer: HistoryAnswer): Promise<void> {
  const { options, screen } = call;
  if (options.totals === true) return screen.raw(totalsCsv(answer.totals?.days ?? [], answer.unit));
  if (answer.raw === undefined) return screen.raw(bucketsCsv(answer));
  const pages = await rawPages(door, answer);
  if (pages.isCut) screen.note(`Only the newest ${pages.rows.length} readings; ask for less time at once.`);
  screen.raw(rawCsv(pages.rows, answer.unit));
}

/** All readings: the node gives the newest of a time, so the pages go backward. */
async function rawPages(door: Door, first: HistoryAnswer) {
  const { point, from: since } = first;
  const pages = [first.raw ?? []];
  let page = first;
  const isFull = () => (page.raw?.length ?? 0) >= PAGE;
  for (let count = 1; isFull() && count < MOST_PAGES; count += 1) {
    const until = pages.at(-1)?.[0]?.t;
    if (until === undefined || until <= since) break;
    // Others of that very ms may be on the next page: they are asked for again, and taken from there.
    pages.push((pages.pop() ?? []).filter(({ t }) => t > until));
    page = await ask(door, { point, since, until: until + 1, buckets: 1, raw: PAGE });
    pages.push(page.raw ?? []);
  }
  return { rows: pages.reverse().flat(), isCut: isFull() };
}
