import { nearest } from './near.ts';
import type { Path, PathProblem } from './path-problem.ts';
import { DURATION_MS, parseDuration, parseQuantity } from './quantity.ts';
import { shortValue } from './yaml-value.ts';

/** Decodes text with a unit: a duration to ms, a percentage to its number, any other quantity to its number. */
export function decodeQuantity(
  quantity: 'duration' | 'percent' | 'any',
  raw: unknown,
  path: Path,
  problems: PathProblem[],
): unknown {
  if (quantity === 'duration') return decodeDuration(raw, path, problems);
  const parsed = typeof raw === 'string' ? parseQuantity(raw) : undefined;
  const fits = quantity === 'percent' ? parsed?.unit === '%' : (parsed?.unit ?? '') !== '';
  if (parsed !== undefined && fits) return parsed.value;
  problems.push({ path, ...amountProblem(String(path.at(-1)), raw, quantity === 'percent') });
  return raw;
}

function amountProblem(key: string, raw: unknown, isPercent: boolean): Told {
  const bare = typeof raw === 'number' ? raw : bareNumber(raw);
  if (bare !== undefined) {
    const advice = isPercent ? { suggestion: `${bare}%?`, fix: `${key}: ${bare}%` } : { suggestion: 'such as 2.6V' };
    return { code: 'HB210', message: `${key}: ${bare} needs a unit`, ...advice };
  }
  const parsed = typeof raw === 'string' ? parseQuantity(raw) : undefined;
  const wanted = isPercent ? 'a percentage' : 'an amount with a unit';
  const message = `${key}: ${shortValue(raw)} is not ${wanted}`;
  if (parsed === undefined) return { code: 'HB212', message, suggestion: `such as ${isPercent ? '30%' : '2.6V'}` };
  return { code: 'HB211', message, suggestion: `${parsed.value}%?`, fix: `${key}: ${parsed.value}%` };
}

/** `5s`, `1h30min` in ms; above zero. */
export function decodeDuration(raw: unknown, path: Path, problems: PathProblem[]): unknown {
  const ms = typeof raw === 'string' ? parseDuration(raw) : undefined;
  if (ms !== undefined && ms > 0) return ms;
  problems.push({ path, ...durationProblem(String(path.at(-1)), raw, ms) });
  return raw;
}

type Told = Omit<PathProblem, 'path'>;

function durationProblem(key: string, raw: unknown, ms: number | undefined): Told {
  const bare = typeof raw === 'number' ? raw : bareNumber(raw);
  if (bare !== undefined && bare > 0) return bareProblem(key, bare);
  if (ms !== undefined || bare !== undefined) {
    const message = `${key}: ${shortValue(raw)} must be longer than zero`;
    return { code: 'HB212', message, suggestion: 'write a time above zero', fix: `${key}: 5s` };
  }
  return unitProblem(key, raw);
}

function bareNumber(raw: unknown): number | undefined {
  const parsed = typeof raw === 'string' ? parseQuantity(raw) : undefined;
  return parsed?.unit === '' ? parsed.value : undefined;
}

function bareProblem(key: string, value: number): Told {
  return {
    code: 'HB210',
    message: `${key}: ${value} needs a unit`,
    suggestion: value >= 1000 ? `${value}ms or ${value}s?` : `${value}s or ${value}min?`,
    fix: `${key}: ${value}${value >= 1000 ? 'ms' : 's'}`,
  };
}

/** How people write times elsewhere. `m` could be a month or a metre; here it can only be minutes. */
const TIME_WORDS: Readonly<Record<string, string>> = {
  day: 'd',
  days: 'd',
  hour: 'h',
  hours: 'h',
  hr: 'h',
  hrs: 'h',
  m: 'min',
  milliseconds: 'ms',
  mins: 'min',
  minute: 'min',
  minutes: 'min',
  msec: 'ms',
  sec: 's',
  second: 's',
  seconds: 's',
  secs: 's',
  week: 'w',
  weeks: 'w',
};

function unitProblem(key: string, raw: unknown): Told {
  const parsed = typeof raw === 'string' ? parseQuantity(raw.replace(',', '.')) : undefined;
  const units = Object.keys(DURATION_MS);
  const clock = /^(\d+):([0-5]?\d)$/.exec(typeof raw === 'string' ? raw : '');
  if (clock !== null) {
    const fix = `${key}: ${clock[1]}min${clock[2]}s`;
    return {
      code: 'HB212',
      message: `${key}: ${shortValue(raw)} is not a time`,
      suggestion: 'minutes and seconds?',
      fix,
    };
  }
  if (parsed === undefined || parsed.value <= 0) {
    const message = `${key}: ${shortValue(raw)} is not a time`;
    return { code: 'HB212', message, suggestion: `a number and one of ${units.join(', ')}`, fix: `${key}: 5s` };
  }
  const lower = parsed.unit.toLowerCase();
  const unit =
    (Object.hasOwn(TIME_WORDS, lower) ? TIME_WORDS[lower] : undefined) ??
    (units.includes(lower) ? lower : nearest(lower, units));
  const fix = unit === undefined ? undefined : `${key}: ${parsed.value}${unit}`;
  return {
    code: 'HB211',
    message: `${key}: "${parsed.unit}" is not a unit of time`,
    suggestion: fix === undefined ? `times have the units ${units.join(', ')}` : `did you mean ${parsed.value}${unit}?`,
    ...(fix === undefined ? {} : { fix }),
  };
}
