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

/** How much is kept: `{last: 10}` or `{all: true}`. */
function amountOf(last: unknown, all: unknown): { last: number } | { all: true } | Fault {
  if (all === true && last === undefined) return { all };
  if (all !== undefined)
    return notAllowed('keep', all === true ? last : all, 'all: true, or last: 10', 'keep: {all: true}');
  if (typeof last === 'number' && Number.isInteger(last) && last >= 1 && last <= 100_000) return { last };
  const message = `keep: last is ${shortValue(last)}; it must be 1 to 100000`;
  return { code: 'HB240', message, suggestion: '10', fix: 'keep: {last: 10}' };
}

function keepMany({ last, all, ttl, sync, ...rest }: Readonly<Record<string, unknown>>): Keep | Fault {
  const [unknown] = Object.keys(rest);
  if (unknown !== undefined) return notAllowed('keep', unknown, 'all, last, sync, ttl', 'keep: {last: 10, ttl: 1h}');
  const amount = amountOf(last, all);
  if ('code' in amount) return amount;
  const shown = 'last' in amount ? `last: ${amount.last}` : 'all: true';
  if (sync !== undefined && typeof sync !== 'boolean') {
    return notAllowed('keep', sync, 'sync: true, sync: false', `keep: {${shown}, sync: true}`);
  }
  const safe = sync === true ? { sync } : {};
  if (ttl === undefined) return { ...amount, ...safe };
  const ttlMs = readTime(ttl, (text) => `keep: {${shown}, ttl: ${text}}`, TTL);
  return typeof ttlMs === 'number' ? { ...amount, ttlMs, ...safe } : ttlMs;
}

/** `latest`, `all`, `none`, `last 10`, `{last: 10, ttl: 1h}`, `{all: true, sync: true}`. */
export function readKeep(raw: unknown): Keep | Fault {
  if (raw === 'latest' || raw === 'all' || raw === 'none') return raw;
  const last = typeof raw === 'string' ? /^last\s+(\d+)$/.exec(raw.trim())?.[1] : undefined;
  if (last !== undefined) return keepMany({ last: Number(last) });
  if (isRecord(raw)) return keepMany(raw);
  return notAllowed('keep', raw, 'latest, all, none, last 10, {last: 10, ttl: 1h}', 'keep: latest');
}
