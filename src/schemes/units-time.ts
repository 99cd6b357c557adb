import type { PathProblem } from './path-problem.ts';
import { durationText, parseDuration, parseQuantity } from './quantity.ts';
import { dimensionOf, unitOf } from './units.ts';

/** What is wrong with one value, before its place is known. */
export type Fault = Omit<PathProblem, 'path'>;

/** Where a value stands, so that a fix can be copied: `(text) => 'every: ' + text`. */
export type Say = (text: string) => string;

export interface TimeLimits {
  readonly minMs: number;
  readonly maxMs: number;
  /** Code of the fault when a time is outside. */
  readonly rangeCode: string;
}

function bare(amount: string, say: Say): Fault {
  return {
    code: 'HB210',
    message: `${say(amount)} needs a unit`,
    suggestion: `${amount}s or ${amount}min?`,
    fix: `${say(`${amount}s`)} (or ${say(`${amount}min`)})`,
  };
}

/** `5 minutes`, `5m` and the like: nearly a time. */
function nearly(text: string, say: Say): Fault | undefined {
  const quantity = parseQuantity(text);
  if (quantity === undefined) return undefined;
  const { value, unit } = quantity;
  if (unit === '') return bare(text.trim(), say);
  const meant = unit === 'm' || unit === 'M' ? 'min' : unitOf(unit);
  if (meant !== undefined && dimensionOf(meant) === 'time') {
    const right = `${value}${meant}`;
    return { code: 'HB211', message: `"${unit}" is not a unit of time here`, suggestion: right, fix: say(right) };
  }
  if (meant === undefined) {
    return {
      code: 'HB211',
      message: `"${unit}" is not a unit of time`,
      suggestion: `${value}s`,
      fix: say(`${value}s`),
    };
  }
  return {
    code: 'HB212',
    message: `${say(text.trim())} is not a time: ${meant} measures ${dimensionOf(meant) ?? 'something else'}`,
    suggestion: `${value}s`,
    fix: say(`${value}s`),
  };
}

function outside(text: string, say: Say, { minMs, maxMs, rangeCode }: TimeLimits): Fault {
  const [min, max] = [durationText(minMs), durationText(maxMs)];
  const ms = parseDuration(text) ?? Number(text);
  const near = ms > maxMs ? max : min;
  return {
    code: rangeCode,
    message: `${say(text)} is outside ${min} to ${max}`,
    suggestion: near,
    fix: say(near),
  };
}

/** A time as a person writes it, in ms: `5s`, `1h30min`. Never a bare number. */
export function readTime(raw: unknown, say: Say, limits: TimeLimits): number | Fault {
  if (typeof raw === 'number') {
    const wrong = !Number.isFinite(raw) || raw <= 0;
    return wrong ? outside(String(raw), say, limits) : bare(String(raw), say);
  }
  const text = typeof raw === 'string' ? raw.trim() : JSON.stringify(raw);
  const ms = typeof raw === 'string' ? parseDuration(text) : undefined;
  if (ms === undefined) {
    const fault = typeof raw === 'string' ? nearly(text, say) : undefined;
    return (
      fault ?? {
        code: 'HB241',
        message: `${say(text)} is not a time`,
        suggestion: 'a number with ms, s, min, h or d',
        fix: say('60s'),
      }
    );
  }
  return ms >= limits.minMs && ms <= limits.maxMs ? ms : outside(text, say, limits);
}
