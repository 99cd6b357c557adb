import type { HistoryReading } from './history.ts';
import type { HistoryReader } from './reader.ts';
import type { Row } from './row.ts';
import { readingOf } from './series.ts';
import type { Turn } from './turn.ts';

/** Readings between two looks at the clock. */
const GIVEN = 32;

/** The rows of one point, one at a time. */
interface Stream {
  readonly point: string;
  readonly unit: string | undefined;
  readonly runs: AsyncGenerator<readonly Row[]>;
  rows: readonly Row[];
  at: number;
}

/** Readings of several points in the order of time; first what was known of each when it began. */
export async function* replay(
  reader: HistoryReader,
  points: readonly string[],
  [from, to]: readonly [number, number],
  turn: Turn,
): AsyncGenerator<HistoryReading> {
  const streams: Stream[] = [];
  for (const point of new Set(points)) {
    const unit = reader.unitOf(point);
    const before = await reader.before(point, from);
    if (before?.value !== undefined) yield readingOf(point, before, unit);
    const stream: Stream = { point, unit, runs: reader.rows(point, from, to), rows: [], at: 0 };
    if (await fill(stream)) streams.push(stream);
  }
  yield* merge(streams, turn);
}

async function* merge(streams: Stream[], turn: Turn): AsyncGenerator<HistoryReading> {
  for (let given = 0; streams.length > 0; given += 1) {
    // Who reads on without a pause would keep everybody else from the loop.
    if (given % GIVEN === 0 && turn.isOver) await turn.pass();
    const next = earliest(streams);
    const row = next.rows[next.at];
    if (row !== undefined) yield readingOf(next.point, row, next.unit);
    next.at += 1;
    if (next.at >= next.rows.length && !(await fill(next))) streams.splice(streams.indexOf(next), 1);
  }
}

/** False when the stream has ended. */
async function fill(stream: Stream): Promise<boolean> {
  const next = await stream.runs.next();
  if (next.done === true) return false;
  stream.rows = next.value;
  stream.at = 0;
  return true;
}

function earliest(streams: readonly Stream[]): Stream {
  const timeOf = ({ rows, at }: Stream) => rows[at]?.time ?? Number.POSITIVE_INFINITY;
  return streams.reduce((best, stream) => (timeOf(stream) < timeOf(best) ? stream : best));
}
