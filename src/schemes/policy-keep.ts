import type { Keep } from './policy.ts';
import { type Fault, readTime, type TimeLimits } from './units-time.ts';
import { isRecord, shortValue } from './yaml-value.ts';

const DAY_MS = 86_400_000;
const TTL: TimeLimits = { minMs: 1_000, maxMs: 365 * DAY_MS, rangeCode: 'HB240' };

/** A value that is none of the words that are possible. */
export function notAllowed(key: string, raw: unknown, allowed: string, fix: string): Fault {
  return {
    code: 'HB206',
    message: `${key}: ${shortValue(raw)} is not allowed`,
    suggestion: `possible: ${allowed}`,
    fix,
  };
}

function keepLast({ last, ttl, ...rest }: Readonly<Record<string, unknown>>): Keep | Fault {
  const [unknown] = Object.keys(rest);
  if (unknown !== undefined) return notAllowed('keep', unknown, 'last, ttl', 'keep: {last: 10, ttl: 1h}');
  if (typeof last !== 'number' || !Number.isInteger(last) || last < 1 || last > 100_000) {
    const message = `keep: last is ${shortValue(last)}; it must be 1 to 100000`;
    return { code: 'HB240', message, suggestion: '10', fix: 'keep: {last: 10}' };
  }
  if (ttl === undefined) return { last };
  const ttlMs = readTime(ttl, (text) => `keep: {last: ${last}, ttl: ${text}}`, TTL);
  return typeof ttlMs === 'number' ? { last, ttlMs } : ttlMs;
}

/** `latest`, `all`, `none`, `last 10`, `{last: 10, ttl: 1h}`. */
export function readKeep(raw: unknown): Keep | Fault {
  if (raw === 'latest' || raw === 'all' || raw === 'none') return raw;
  const last = typeof raw === 'string' ? /^last\s+(\d+)$/.exec(raw.trim())?.[1] : undefined;
  if (last !== undefined) return keepLast({ last: Number(last) });
  if (isRecord(raw)) return keepLast(raw);
  return notAllowed('keep', raw, 'latest, all, none, last 10, {last: 10, ttl: 1h}', 'keep: latest');
}
