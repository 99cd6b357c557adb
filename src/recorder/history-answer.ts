import type { Clock } from '../kit/clock.ts';
import { HanbusError } from '../kit/errors.ts';
import type { HistoryAnswer } from '../schemes/history-contracts.ts';
import { nearest } from '../schemes/near.ts';
import { parseDuration } from '../schemes/quantity.ts';
import { HOME } from '../schemes/topics.ts';
import type { Bucket, DayTotal, History, HistoryPoint, Series } from '../state/history/history.ts';
import type { PointCatalog } from './point-catalog.ts';

interface AnswerWorld {
  readonly node: string;
  readonly clock: Clock;
  readonly history: History;
  readonly catalog: PointCatalog;
}

const DAY = '24h';
const BUCKETS = 48;
const MOST_BUCKETS = 500;
const MOST_RAW = 2_000;
const MOST_DAYS = 400;

/** Answers the verb `history`. Throws HB152 for a point that nobody knows, HB385 for a question without sense. */
export async function historyAnswer(
  world: AnswerWorld,
  args: Readonly<Record<string, unknown>>,
): Promise<HistoryAnswer> {
  const { node, clock, history, catalog } = world;
  await history.ready;
  const now = clock.now();
  const known = history.known();
  const point = pointOf(args.point, { node, catalog, known });
  const from = momentOf('since', args.since ?? DAY, now);
  // With this very ms.
  const to = momentOf('until', args.until ?? now + 1, now);
  const buckets = countOf('buckets', args.buckets ?? BUCKETS, MOST_BUCKETS);
  const rawPart = args.raw === undefined ? {} : { raw: countOf('raw', args.raw, MOST_RAW) };
  const series = await history.query({ point: point.name, from, to, buckets, ...rawPart });
  const facts = known.find(({ name }) => name === point.name);
  const totals = args.totals === true ? await history.totals(point.name) : [];
  return {
    ...{ hanbus: 'history/1' as const, node, now: Math.round(now) },
    ...(facts?.oldest === undefined ? {} : { oldest: facts.oldest }),
    ...(facts?.newest === undefined ? {} : { newest: facts.newest }),
    ...seriesPart(series ?? emptySeries(point, from, to)),
    ...waitingPart(history),
    ...(totals.length === 0 ? {} : { totals: totalsPart(totals, now) }),
  };
}

function waitingPart({ counts }: History): Pick<HistoryAnswer, 'waiting'> {
  return counts.waitingForClock === 0 ? {} : { waiting: counts.waitingForClock };
}

type SeriesPart = Pick<
  HistoryAnswer,
  'buckets' | 'count' | 'cut' | 'from' | 'point' | 'raw' | 'spans' | 'to' | 'type' | 'unit'
>;

function seriesPart({ point, type, unit, from, to, count, buckets, spans, raw, cut }: Series): SeriesPart {
  return {
    ...{ point, type, from, to, count, cut },
    ...(unit === undefined ? {} : { unit }),
    buckets: buckets.map(bucketPart),
    ...(spans === undefined ? {} : { spans: spans.map((span) => ({ from: span.from, to: span.to, v: span.value })) }),
    ...(raw === undefined ? {} : { raw: raw.map(({ time, value, quality }) => ({ t: time, v: value, q: quality })) }),
  };
}

/** Six digits are more than any sensor has. */
function bucketPart({ from, count, avg, min, max, last }: Bucket): HistoryAnswer['buckets'][number] {
  return {
    ...{ t: from, n: count },
    ...(avg === undefined ? {} : { avg: Number(avg.toPrecision(6)) }),
    ...(min === undefined ? {} : { min }),
    ...(max === undefined ? {} : { max }),
    ...(last === undefined ? {} : { last }),
  };
}

function emptySeries({ name: point, type, unit }: HistoryPoint, from: number, to: number): Series {
  return { point, type, ...(unit === undefined ? {} : { unit }), from, to, count: 0, buckets: [], cut: false };
}

function totalsPart(days: readonly DayTotal[], now: number): NonNullable<HistoryAnswer['totals']> {
  const at = new Date(now);
  const two = (part: number) => String(part).padStart(2, '0');
  const month = `${at.getFullYear()}-${two(at.getMonth() + 1)}`;
  const today = `${month}-${two(at.getDate())}`;
  const sum = (begin: string) =>
    days.filter(({ day }) => day.startsWith(begin)).reduce((total, { increase }) => total + increase, 0);
  return { today: sum(today), month: sum(month), days: days.slice(-MOST_DAYS).map((day) => ({ ...day })) };
}

interface Names {
  readonly node: string;
  readonly catalog: PointCatalog;
  readonly known: readonly HistoryPoint[];
}

/** The point that a word means: a full name, `device.point`, a device with one point. */
function pointOf(asked: unknown, { node, catalog, known }: Names): HistoryPoint {
  if (typeof asked !== 'string' || asked === '') {
    throw new HanbusError('HB158', 'the request needs "point", a text', { fix: '{"point": "board.load"}' });
  }
  const plain = asked.replaceAll('/', '.');
  const [first = '', ...rest] = plain.split('.');
  const isHome = first === HOME && rest.length === 1;
  const local = first === node && rest.length > 0 ? rest : [first, ...rest];
  const name = isHome ? plain : [node, ...local].join('.');
  const [device = '', point] = local;
  const stored = known.find((one) => one.name === name);
  const listed = point === undefined ? onlyPoint(catalog, device) : catalog.find(device, point)?.history;
  const found = stored ?? listed;
  if (found !== undefined) return found;
  throw unknownPoint(asked, local.join('.'), { node, catalog, known });
}

function onlyPoint(catalog: PointCatalog, device: string): HistoryPoint | undefined {
  const points = catalog.pointsOf(device);
  return points.length === 1 ? points[0]?.history : points.find(({ point }) => point === 'state')?.history;
}

function unknownPoint(asked: string, local: string, { node, catalog, known }: Names): HanbusError {
  const all = [...new Set([...catalog.names, ...known.map(({ name }) => name)])];
  const names = all.map((name) => (name.startsWith(`${node}.`) ? name.slice(node.length + 1) : name));
  const near = nearest(local, names) ?? names.find((name) => name.startsWith(`${local}.`));
  const hint = near === undefined ? '' : `. Did you mean ${near}?`;
  const fix = near === undefined ? 'hanbus ls' : `hanbus history ${near}`;
  return new HanbusError('HB152', `there is no point "${asked.slice(0, 80)}"${hint}`, { fix });
}

/** ms since 1970 of a number, an ISO text or a time ago. */
function momentOf(key: string, raw: unknown, now: number): number {
  if (typeof raw === 'number' && Number.isFinite(raw)) return Math.round(raw);
  const text = typeof raw === 'string' ? raw.trim() : '';
  const ago = parseDuration(text);
  const at = ago === undefined ? Date.parse(text) : now - ago;
  if (Number.isFinite(at)) return Math.round(at);
  const fix = `${key}: 24h, ${key}: 2026-11-22 or ${key}: 2026-11-22T07:30`;
  throw new HanbusError('HB385', `${key}: ${JSON.stringify(raw)} is no time`, { fix });
}

function countOf(key: string, raw: unknown, most: number): number {
  if (typeof raw === 'number' && Number.isInteger(raw) && raw >= 1 && raw <= most) return raw;
  throw new HanbusError('HB385', `${key}: ${JSON.stringify(raw)} is not a number from 1 to ${most}`, {
    fix: `${key}: ${Math.min(most, BUCKETS)}`,
  });
}
