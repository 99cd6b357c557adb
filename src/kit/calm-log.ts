import type { LogLine } from './log.ts';
import type { LogWriter } from './log-output.ts';

/** Lines of one text, about one device, in a minute. */
const MOST = 30;
const SPAN_MS = 60_000;
/** Texts remembered; texts are fixed, so that is more than there are. */
const MOST_TEXTS = 1_000;

interface Count {
  readonly since: number;
  lines: number;
}

/**
 * A writer that nobody can flood from outside: of a text that comes again and again, 30 lines a minute are written, then
 * one that says so; the next one afterwards tells in `leftOut` how many were not. Debug lines all pass.
 */
export function makeCalmWriter(write: LogWriter): LogWriter {
  const counts = new Map<string, Count>();
  return (line) => {
    if (line.level === 'debug') return write(line);
    const key = keyOf(line);
    const known = counts.get(key);
    const count = nextCount(known, line.time);
    remember(counts, key, count);
    if (count.lines <= MOST) write(count === known ? line : withLeftOut(line, known));
    else if (count.lines === MOST + 1) write(silence(line));
  };
}

/** This line counted: in the minute that runs, or as the first of a new one. */
function nextCount(known: Count | undefined, time: number): Count {
  if (known === undefined || Math.abs(time - known.since) >= SPAN_MS) return { since: time, lines: 1 };
  known.lines += 1;
  return known;
}

/** The text that was silent longest goes when there are too many. */
function remember(counts: Map<string, Count>, key: string, count: Count): void {
  counts.delete(key);
  counts.set(key, count);
  const [oldest] = counts.keys();
  if (counts.size > MOST_TEXTS && oldest !== undefined) counts.delete(oldest);
}

function withLeftOut(line: LogLine, before: Count | undefined): LogLine {
  const leftOut = Math.max((before?.lines ?? 0) - MOST, 0);
  return leftOut === 0 ? line : { ...line, fields: { ...line.fields, leftOut } };
}

function keyOf({ level, text, fields: { service, device } }: LogLine): string {
  return `${level} ${text} ${String(service)} ${String(device)}`;
}

function silence({ time, text, fields: { service } }: LogLine): LogLine {
  const from = service === undefined ? {} : { service };
  return {
    time,
    level: 'warn',
    text: 'more lines like the last one are left out for a minute',
    fields: { ...from, like: text },
  };
}
