import { unknownKey } from '../field-problems.ts';
import { listed, nearest } from '../near.ts';
import type { Value } from '../reading.ts';
import { isRecord, shortValue, sortOf } from '../yaml-value.ts';
import { checkTerm } from './check-term.ts';
import { readFormula } from './read-formula.ts';
import { readSpanText, WEEK_MS } from './read-span.ts';
import { textSource } from './read-template.ts';
import { readCondition } from './read-trigger.ts';
import { onKey, type Scope, tell, within } from './scope.ts';
import type { Source, Step } from './step.ts';

const HOUR_MS = 3_600_000;
const UNTIL_KEYS: readonly string[] = ['then', 'timeout', 'when'];

/** `wait: 5s`. */
export function readWait(raw: unknown, scope: Scope): Step | undefined {
  const ms = readSpanText(raw, { key: 'wait', maxMs: WEEK_MS }, scope);
  return ms === undefined ? undefined : { do: 'wait', ms, text: `wait ${shortValue(raw)}` };
}

/** `wait_until: door is closed`, or with `timeout` (1 h) and what is done after it (`stop`). */
export function readWaitUntil(raw: unknown, scope: Scope): Step | undefined {
  const text = `wait until ${shortValue(isRecord(raw) ? raw.when : raw)}`;
  if (!isRecord(raw)) {
    const test = readCondition(raw, scope);
    return test === undefined ? undefined : { do: 'waitFor', test, timeoutMs: HOUR_MS, goesOn: false, text };
  }
  for (const key of Object.keys(raw).filter((one) => !UNTIL_KEYS.includes(one))) {
    scope.problems.push(unknownKey(key, UNTIL_KEYS, [...scope.path, key], raw[key]));
  }
  const test = readCondition(raw.when, within(scope, 'when'));
  const limits = { key: 'timeout', maxMs: WEEK_MS };
  const timeoutMs = raw.timeout === undefined ? HOUR_MS : readSpanText(raw.timeout, limits, within(scope, 'timeout'));
  const goesOn = raw.then === 'continue';
  if (!goesOn && raw.then !== undefined && raw.then !== 'stop') {
    const message = 'after the timeout a rule can stop or continue';
    tell(within(scope, 'then'), { code: 'HB312', message, suggestion: 'write stop or continue' });
  }
  if (test === undefined || timeoutMs === undefined) return undefined;
  return { do: 'waitFor', test, timeoutMs, goesOn, text };
}

/** `scene: evening`. */
export function readScene(raw: unknown, scope: Scope): Step | undefined {
  const { scenes } = scope.words;
  if (typeof raw === 'string' && scenes.includes(raw)) return { do: 'scene', scene: raw, text: `scene ${raw}` };
  const near = typeof raw === 'string' ? nearest(raw, scenes) : undefined;
  const known = scenes.length === 0 ? 'add it under scenes:' : `scenes: ${listed(scenes)}`;
  const advice =
    near === undefined ? { suggestion: known } : { suggestion: `did you mean ${near}?`, fix: `scene: ${near}` };
  return tell(scope, { code: 'HB322', message: `there is no scene ${shortValue(raw)}`, ...advice });
}

/** `mail: "text"`, `mail: {subject: ..., text: ..., attach: cam.photo}`. */
export function readServiceCall(service: string, raw: unknown, scope: Scope): Step | undefined {
  const step = callStep(service, raw, scope);
  if (step === undefined) return undefined;
  // A person must not believe that the mail is sent.
  const message = `service ${service} does not run in this version: this step fails, and its list ends there`;
  tell(onKey(scope), { code: 'HB290', severity: 'note', message });
  return step;
}

function callStep(service: string, raw: unknown, scope: Scope): Step | undefined {
  const text = `${service} ${shortValue(raw)}`;
  if (!isRecord(raw)) {
    const source = argument(raw, scope);
    return source === undefined ? undefined : { do: 'service', service, args: { text: source }, text };
  }
  const args = Object.entries(raw).map(([key, value]) => {
    const inner = within(scope, key);
    return [key, key === 'attach' ? attachment(value, inner) : argument(value, inner)] as const;
  });
  const right = args.flatMap(([key, source]) => (source === undefined ? [] : [[key, source] as const]));
  return right.length < args.length ? undefined : { do: 'service', service, args: Object.fromEntries(right), text };
}

/** A value of no known sort: text with points in it, `= expression`, or as it stands. */
export function argument(raw: unknown, scope: Scope): Source | undefined {
  if (typeof raw === 'string') {
    return raw.startsWith('=') ? readFormula(raw, undefined, scope) : textSource(raw, scope);
  }
  const value: Value | undefined = isRecord(raw) || Array.isArray(raw) ? raw : scalar(raw);
  if (value !== undefined) return { from: 'const', value };
  return tell(scope, {
    code: 'HB312',
    message: `a value is needed here, not ${sortOf(raw)}`,
    suggestion: 'write a text',
  });
}

function scalar(raw: unknown): boolean | number | undefined {
  return typeof raw === 'boolean' || typeof raw === 'number' ? raw : undefined;
}

/** What is attached is a point: a picture. */
function attachment(raw: unknown, scope: Scope): Source | undefined {
  if (typeof raw !== 'string') {
    return tell(scope, { code: 'HB312', message: 'attach names a point', suggestion: 'as in attach: cam.photo' });
  }
  const typed = checkTerm({ is: 'name', text: raw, at: [0, raw.length] }, scope);
  return typed === undefined ? undefined : { from: 'term', term: typed.term };
}
