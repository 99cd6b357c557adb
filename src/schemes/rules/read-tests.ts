import type { PointSpec } from '../point.ts';
import { parseDuration } from '../quantity.ts';
import type { Value } from '../reading.ts';
import { isRecord, scalarText, shortValue } from '../yaml-value.ts';
import { clockMs, wrongClock } from './clock-text.ts';
import { findName } from './find-name.ts';
import { readExpected } from './read-expected.ts';
import { readSpanText, WEEK_MS } from './read-span.ts';
import { constOf, cutTime } from './read-value.ts';
import type { Given, RuleTest } from './rule.ts';
import { onKey, type Scope, tell, within } from './scope.ts';

type Raw = Readonly<Record<string, unknown>>;

/** Days that a test may last. */
const LONGEST_MS = 31 * 86_400_000;

/** `tests:` of a rule. Their keys were checked with those of the rule; here their names and values are. */
export function readTests(rule: string, raw: unknown, outer: Scope): readonly RuleTest[] {
  if (!Array.isArray(raw)) return [];
  const tests: readonly unknown[] = raw;
  return tests.flatMap((test, index) =>
    isRecord(test) ? [readTest(rule, test, { ...within(outer, 'tests', index), missing: new Set() })] : [],
  );
}

function readTest(rule: string, raw: Raw, scope: Scope): RuleTest {
  const steps: readonly unknown[] = Array.isArray(raw.given) ? raw.given : [raw.given];
  const isList = Array.isArray(raw.given);
  const given = steps.filter(isRecord).map((step, index) => {
    const inner = isList ? within(scope, 'given', index) : within(scope, 'given');
    return { step, inner };
  });
  const times = given.map(({ step, inner }) => timeOf(step, inner));
  const timeMs = times.findLast((time) => time !== undefined);
  const date = given.map(({ step, inner }) => dateOf(step, inner)).findLast((one) => one !== undefined);
  const limits = { key: 'after', maxMs: LONGEST_MS, mayBeZero: true };
  const after = typeof raw.after === 'string' && parseDuration(raw.after) !== undefined;
  return {
    rule,
    given: given.map(({ step, inner }) => readGiven(step, inner)),
    ...(timeMs === undefined ? {} : { timeMs }),
    ...(date === undefined ? {} : { date }),
    afterMs: after ? (readSpanText(raw.after, limits, within(scope, 'after')) ?? 0) : 0,
    expect: readExpected(raw.expect, within(scope, 'expect')),
  };
}

function timeOf({ time }: Raw, scope: Scope): number | undefined {
  if (time === undefined) return undefined;
  const text = scalarText(time) ?? shortValue(time);
  return clockMs(text) ?? tell(within(scope, 'time'), wrongClock(text));
}

function dateOf({ date }: Raw, scope: Scope): string | undefined {
  if (date === undefined) return undefined;
  const text = scalarText(date) ?? shortValue(date);
  if (isDate(text)) return text;
  const message = `"${shortValue(text)}" is no date`;
  return tell(within(scope, 'date'), {
    code: 'HB318',
    message,
    suggestion: 'as in 2026-03-29',
    fix: 'date: 2026-03-29',
  });
}

/** A day of the calendar: 31 February is none. */
function isDate(text: string): boolean {
  const ms = /^\d{4}-\d{2}-\d{2}$/.test(text) ? Date.parse(`${text}T00:00:00Z`) : Number.NaN;
  return Number.isFinite(ms) && new Date(ms).toISOString().startsWith(text);
}

function readGiven(step: Raw, scope: Scope): Given {
  const values = new Map<string, Value | undefined>();
  let forMs = 0;
  for (const [key, raw] of Object.entries(step)) {
    if (key === 'time' || key === 'date') continue;
    const {
      value,
      time,
      scope: later,
    } = typeof raw === 'string' ? cutTime(raw, within(scope, key)) : { value: raw, scope };
    if (time !== undefined) {
      forMs = Math.max(forMs, readSpanText(time, { key: 'for', maxMs: WEEK_MS }, later) ?? 0);
    }
    const found = givenValue(key, value, within(scope, key));
    if (found !== undefined) values.set(...found);
  }
  return { values, forMs };
}

function givenValue(key: string, raw: unknown, scope: Scope): readonly [string, Value | undefined] | undefined {
  // A message on a topic.
  if (key.includes('/')) return [`topic:${key}`, scalarText(raw) ?? JSON.stringify(raw)];
  const meaning = findName(key, { home: scope.home, words: scope.words, settable: false });
  if (meaning.is === 'wrong') return tell(onKey(scope), meaning.fault);
  if (meaning.is === 'missing') return undefined;
  if (raw === 'gone' || raw === null) return [meaning.name, undefined];
  const value = readingOf(raw, meaning.is === 'point' ? meaning.spec : meaning.variable, scope);
  return value === undefined ? undefined : [meaning.name, value];
}

function readingOf(raw: unknown, spec: PointSpec, scope: Scope): Value | undefined {
  const text = scalarText(raw);
  if (text !== undefined)
    return spec.type === 'event' ? eventValue(raw, text) : constOf(text, withoutRange(spec), scope);
  if (spec.type === 'json' && (isRecord(raw) || Array.isArray(raw))) return raw;
  return tell(scope, { code: 'HB318', message: 'a reading is one value', suggestion: 'as in 20 for 11min' });
}

function eventValue(raw: unknown, text: string): Value {
  return typeof raw === 'boolean' || typeof raw === 'number' ? raw : text;
}

/** A test may give a reading that can never be true. */
function withoutRange({ range: _range, ...spec }: PointSpec): PointSpec {
  return spec;
}
