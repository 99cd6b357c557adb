import type { PointSpec } from '../point.ts';
import { isRecord, shortValue, sortOf } from '../yaml-value.ts';
import { findTarget } from './find-target.ts';
import { readSpanText, WEEK_MS } from './read-span.ts';
import { cutTime, readValue } from './read-value.ts';
import type { Expected } from './rule.ts';
import { onKey, type Scope, tell, within } from './scope.ts';

/** `expect:` a map or a list of maps, target: value; `{}` is nothing. */
export function readExpected(raw: unknown, scope: Scope): readonly Expected[] {
  if (Array.isArray(raw)) return raw.flatMap((item: unknown, index) => readExpected(item, within(scope, index)));
  if (isRecord(raw)) return Object.entries(raw).flatMap(([key, value]) => expectedOf(key, value, within(scope, key)));
  if (raw === undefined) return [];
  const message = `expect is a map (target: value), not ${sortOf(raw)}`;
  tell(scope, { code: 'HB318', message, suggestion: 'write {} when it must do nothing', fix: 'expect: {}' });
  return [];
}

function expectedOf(key: string, raw: unknown, scope: Scope): readonly Expected[] {
  if (key === 'scene') return [{ target: `scene:${shortValue(raw)}` }];
  if (key === 'publish') return publishOf(raw, scope);
  if (key.includes('/')) return [{ target: `topic:${key}`, ...anyOr(raw) }];
  const target = findTarget(key, onKey(scope));
  if (target === undefined || target.is === 'missing') return [];
  if (target.is === 'service') return [{ target: `service:${target.name}`, ...anyOr(raw) }];
  if (target.is === 'rule') return [{ target: `rule:${target.name}`, value: raw === true || raw === 'on' }];
  const names = target.is === 'points' ? target.names : [target.name];
  if (raw === 'any') return names.map((name) => ({ target: name }));
  const command = commandOf(raw, target.is === 'points' ? target.spec : target.variable, scope);
  return command === undefined ? [] : names.map((name) => ({ target: name, ...command }));
}

function commandOf(raw: unknown, spec: PointSpec, scope: Scope): Omit<Expected, 'target'> | undefined {
  const isText = spec.type === 'text' || typeof raw !== 'string';
  const cut: { value: unknown; time?: string; scope: Scope } = isText ? { value: raw, scope } : cutTime(raw, scope);
  const limits = { key: 'for', maxMs: WEEK_MS };
  const forMs = cut.time === undefined ? undefined : readSpanText(cut.time, limits, cut.scope);
  const value = readValue(cut.value, spec, scope);
  if (value === undefined) return undefined;
  if (value.from === 'const') return { value: value.value, ...(forMs === undefined ? {} : { forMs }) };
  const suggestion = 'write the value it must be, or any';
  return tell(scope, { code: 'HB318', message: 'a test expects one value', suggestion });
}

function publishOf(raw: unknown, scope: Scope): readonly Expected[] {
  const topic = isRecord(raw) ? raw.topic : undefined;
  if (typeof topic === 'string' && isRecord(raw)) {
    return [{ target: `topic:${topic}`, ...anyOr(raw.value ?? raw.text ?? raw.json ?? 'any') }];
  }
  tell(scope, {
    code: 'HB318',
    message: 'publish names a topic',
    suggestion: 'as in publish: {topic: a/b, value: on}',
  });
  return [];
}

function anyOr(raw: unknown): { value?: unknown } {
  return raw === 'any' ? {} : { value: raw };
}
