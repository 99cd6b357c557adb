import type { CommandMode } from '../command.ts';
import { unknownKey } from '../field-problems.ts';
import type { PointSpec } from '../point.ts';
import { isRecord, scalarText, shortValue } from '../yaml-value.ts';
import { STATE_WORDS } from './check-operand.ts';
import { findTarget, type Target } from './find-target.ts';
import { readSpanText } from './read-span.ts';
import { cutTime, readValue } from './read-value.ts';
import { onKey, type Scope, tell, within } from './scope.ts';
import type { Source, Step } from './step.ts';

type ServiceReader = (service: string, raw: unknown, scope: Scope) => Step | undefined;

const DAY_MS = 86_400_000;
const LONG_KEYS: readonly string[] = ['for', 'mode', 'ttl', 'value'];

/** `pump: on for 20s`, `home.mode: away`, `rules.water: off`, `mail: "text"`. */
export function readSet(key: string, raw: unknown, scope: Scope, readService: ServiceReader): Step | undefined {
  const target = findTarget(key, onKey(scope));
  const text = `${key} ${shortValue(raw)}`;
  if (target === undefined) return undefined;
  if (target.is === 'missing') return readUnseen(raw, text, scope);
  if (target.is === 'service') return readService(target.name, raw, scope);
  if (target.is === 'rule') return ruleStep(target.name, raw, text, scope);
  return target.is === 'variable' ? variableStep(target, raw, text, scope) : pointsStep(target, raw, text, scope);
}

/** What it would set cannot be checked before it is seen; the texts inside can. */
function readUnseen(raw: unknown, text: string, scope: Scope): Step | undefined {
  if (raw === 'toggle') return { do: 'set', targets: [], value: { from: 'toggle' }, text };
  const value = readValue(
    isRecord(raw) ? null : raw,
    { type: 'json' },
    { ...scope, problems: isRecord(raw) ? [] : scope.problems },
  );
  return value === undefined ? undefined : { do: 'set', targets: [], value, text };
}

function ruleStep(rule: string, raw: unknown, text: string, scope: Scope): Step | undefined {
  const on = typeof raw === 'boolean' ? raw : STATE_WORDS.get(scalarText(raw) ?? '');
  if (on !== undefined) return { do: 'rule', rule, on, text };
  return tell(scope, { code: 'HB311', message: 'a rule is switched on or off', suggestion: 'write on or off' });
}

function variableStep(
  { name, variable }: Extract<Target, { is: 'variable' }>,
  raw: unknown,
  text: string,
  scope: Scope,
): Step | undefined {
  if (variable.counter !== undefined) {
    const message = `${name} counts by itself`;
    return tell(onKey(scope), { code: 'HB315', message, suggestion: 'use a variable without counter' });
  }
  const { type, unit, values } = variable;
  const spec: PointSpec = {
    type,
    ...(unit === undefined ? {} : { unit }),
    ...(values === undefined ? {} : { values }),
  };
  const value = readValue(raw, spec, scope);
  return value === undefined ? undefined : { do: 'variable', variable: name, value, text };
}

interface Ordered {
  readonly value: Source | undefined;
  /** Undefined with `isRight` false: it was written wrongly. */
  readonly forMs?: number;
  readonly ttlMs?: number;
  readonly mode?: CommandMode;
  readonly isRight: boolean;
}

function pointsStep(
  { names, spec }: Extract<Target, { is: 'points' }>,
  raw: unknown,
  text: string,
  scope: Scope,
): Step | undefined {
  const { value, isRight, ...rest } = isLong(raw, spec) ? readLong(raw, spec, scope) : readShort(raw, spec, scope);
  if (value === undefined || !isRight) return undefined;
  return { do: 'set', targets: names, value, ...rest, text };
}

function isLong(raw: unknown, { type }: PointSpec): raw is Readonly<Record<string, unknown>> {
  return isRecord(raw) && (type !== 'json' || Object.keys(raw).every((key) => LONG_KEYS.includes(key)));
}

function readShort(raw: unknown, spec: PointSpec, scope: Scope): Ordered {
  // A text is shown as it is written; how long it stays is said in the long form.
  if (typeof raw !== 'string' || spec.type === 'text' || spec.type === 'json') {
    return { value: readValue(raw, spec, scope), isRight: true };
  }
  const { value, time, scope: later } = cutTime(raw, scope);
  const read = readValue(value, spec, scope);
  if (time === undefined) return { value: read, isRight: true };
  const forMs = readSpanText(time, { key: 'for', maxMs: 7 * DAY_MS }, later);
  return { value: read, isRight: forMs !== undefined, ...(forMs === undefined ? {} : { forMs }) };
}

/** `{value: on, for: 20s, ttl: 5s, mode: once}`. */
function readLong(raw: Readonly<Record<string, unknown>>, spec: PointSpec, scope: Scope): Ordered {
  let isRight = true;
  for (const key of Object.keys(raw).filter((one) => !LONG_KEYS.includes(one))) {
    scope.problems.push(unknownKey(key, LONG_KEYS, [...scope.path, key], raw[key]));
    isRight = false;
  }
  const span = (key: 'for' | 'ttl', maxMs: number) =>
    raw[key] === undefined ? undefined : (readSpanText(raw[key], { key, maxMs }, within(scope, key)) ?? Number.NaN);
  const [forMs, ttlMs] = [span('for', 7 * DAY_MS), span('ttl', DAY_MS / 24)];
  const { mode } = raw;
  const isMode = mode === 'set' || mode === 'once';
  if (mode !== undefined && !isMode) {
    tell(within(scope, 'mode'), { code: 'HB206', message: 'mode is set or once', suggestion: 'write set or once' });
  }
  if (!('value' in raw))
    tell(scope, { code: 'HB207', message: '"value" is missing', suggestion: 'say what it becomes' });
  return {
    value: 'value' in raw ? readValue(raw.value, spec, within(scope, 'value')) : undefined,
    isRight: isRight && !Number.isNaN(forMs) && !Number.isNaN(ttlMs) && (mode === undefined || isMode),
    ...(forMs === undefined ? {} : { forMs }),
    ...(ttlMs === undefined ? {} : { ttlMs }),
    ...(isMode ? { mode } : {}),
  };
}
