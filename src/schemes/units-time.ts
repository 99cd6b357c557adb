import type { PathProblem } from './path-problem.ts';
import { durationText, parseDuration, parseQuantity, type Quantity } from './quantity.ts';
import { dimensionOf, unitOf } from './units.ts';
import { shortValue } from './yaml-value.ts';

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

function bare(value: number, say: Say): Fault {
  const [first, second] = value >= 1_000 ? ['ms', 's'] : ['s', 'min'];
  return {
    code: 'HB210',
    message: `${say(String(value))} needs a unit`,
    suggestion: `${value}${first} or ${value}${second}?`,
    fix: say(`${value}${first}`),
  };
}

/** `5 minutes`, `5m`, `5°C`: a number with a unit that is not one of ours for times. */
function wrongUnit({ value, unit }: Quantity, text: string, say: Say): Fault {
  // `m` could be a month or a metre; here it can only be minutes.
  const meant = unit === 'm' || unit === 'M' ? 'min' : (unitOf(unit) ?? '');
  const dimension = dimensionOf(meant);
  const right = `${Math.abs(value) || 5}${dimension === 'time' ? meant : 's'}`;
  const what = dimension === undefined || dimension === 'time' ? '' : `: it measures ${dimension}`;
  return {
    code: 'HB211',
    message: `${say(text)}: "${clipped(unit)}" is not a unit of time${what}`,
    suggestion: dimension === 'time' ? `did you mean ${right}?` : 'times have the units ms, s, min, h, d, w',
    fix: say(right),
  };
}

function outside(text: string, say: Say, { minMs, maxMs, rangeCode }: TimeLimits): Fault {
  const [min, max] = [durationText(minMs), durationText(maxMs)];
  const ms = parseDuration(text) ?? Number(text);
  const near = ms > maxMs ? max : min;
  return {
    code: rangeCode,
    message: `${say(text)} is outside ${min} to ${max}`,
    suggestion: `did you mean ${near}?`,
    fix: say(near),
  };
}

/** Enough of a text to recognise it. */
function clipped(text: string): string {
  return text.length > 40 ? `${text.slice(0, 39)}…` : text;
}

/** A time as a person writes it, in ms: `5s`, `1h30min`. Never a bare number. */
export function readTime(raw: unknown, say: Say, limits: TimeLimits): number | Fault {
  const ms = typeof raw === 'string' ? parseDuration(raw) : undefined;
  const text = typeof raw === 'string' ? clipped(raw.trim()) : shortValue(raw);
  if (ms !== undefined) return ms >= limits.minMs && ms <= limits.maxMs ? ms : outside(text, say, limits);
  const quantity = typeof raw === 'string' || typeof raw === 'number' ? parseQuantity(String(raw)) : undefined;
  if (quantity === undefined || CLOCK.test(text)) return notTime(text, say);
  if (quantity.unit !== '') return wrongUnit(quantity, text, say);
  return quantity.value > 0 ? bare(quantity.value, say) : outside(text, say, limits);
}

/** `1:30`, which elsewhere means minutes and seconds. */
const CLOCK = /^(\d+):([0-5]?\d)$/;

function notTime(text: string, say: Say): Fault {
  const [clock, minutes, seconds] = CLOCK.exec(text) ?? [];
  if (clock !== undefined) {
    const fix = say(`${minutes}min${seconds}s`);
    return { code: 'HB212', message: `${say(text)} is not a time`, suggestion: 'minutes and seconds?', fix };
  }
  return {
    code: 'HB212',
    message: `${say(text)} is not a time`,
    suggestion: 'a number and one of ms, s, min, h, d, w',
    fix: say('5s'),
  };
}
