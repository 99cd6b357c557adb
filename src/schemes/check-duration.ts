import type { Path, PathProblem } from './path-problem.ts';
import { parseDuration } from './quantity.ts';
import { readTime } from './units-time.ts';
import { shortValue } from './yaml-value.ts';

const ANY_TIME = { minMs: 0, maxMs: Number.POSITIVE_INFINITY, rangeCode: 'HB212' };

/** `5s`, `1h30min` in ms; above zero. Anything else is returned as it is, beside its problem. */
export function decodeDuration(raw: unknown, path: Path, problems: PathProblem[]): unknown {
  const say = (text: string) => `${String(path.at(-1))}: ${text}`;
  if (amountOf(raw) <= 0) {
    const message = `${say(shortValue(raw))} must be longer than zero`;
    problems.push({ path, code: 'HB212', message, suggestion: 'write a time above zero', fix: say('5s') });
    return raw;
  }
  const time = readTime(raw, say, ANY_TIME);
  if (typeof time === 'number') return time;
  problems.push({ path, ...time });
  return raw;
}

/** The time or the bare number; not a number for anything else. */
function amountOf(raw: unknown): number {
  if (typeof raw === 'number') return raw;
  return typeof raw === 'string' && raw.trim() !== '' ? (parseDuration(raw) ?? Number(raw)) : Number.NaN;
}
