import { nearest } from '../near.ts';
import { cronFault } from './cron-text.ts';
import { parseExpression } from './parse-expression.ts';
import { readSpan } from './read-span.ts';
import type { Trigger } from './rule.ts';
import { type Scope, shifted, tell } from './scope.ts';
import type { Expression, Span } from './syntax.ts';
import { tokensOf } from './tokens.ts';

type SunEvent = Extract<Trigger, { on: 'sun' }>['event'];

const SUN_EVENTS: readonly SunEvent[] = ['dawn', 'dusk', 'noon', 'sunrise', 'sunset'];
const DAY_MS = 86_400_000;

/** `every 15min`, `cron "..."`, `sunset + 15min`, `message "a/b"`, `start`; `none` for everything else. */
export function readSchedule(text: string, scope: Scope): Trigger | undefined | 'none' {
  const [, word = '', gap = '', rest = ''] = /^([A-Za-z]+)(\s*)(.*)$/s.exec(text) ?? [];
  const inner = shifted(scope, word.length + gap.length);
  const at: Span = [0, Math.max(1, rest.length)];
  if (word === 'start' && rest === '') return { on: 'start' };
  if (word === 'every') return readEvery(rest, inner);
  if (word === 'cron') return readCron(rest, at, inner);
  if (word === 'message' && /^["']/.test(rest)) return readMessage(rest, at, inner);
  const event = SUN_EVENTS.find((one) => one === word);
  if (event !== undefined) return readSun(event, text, scope);
  return word === 'at' && /^\d/.test(rest) ? plainTime(rest, scope) : 'none';
}

function plainTime(rest: string, scope: Scope): undefined {
  const message = 'a time of the day stands alone';
  tell(scope, { within: [0, 2], code: 'HB304', message, suggestion: 'leave out "at"', fix: `when: ${rest}` });
}

function expressionOf(text: string, scope: Scope): Expression | undefined {
  const { expression, faults } = parseExpression(text);
  for (const fault of faults) tell(scope, fault);
  return expression;
}

function readEvery(rest: string, scope: Scope): Trigger | undefined {
  const words = rest === '' ? 'minute' : rest;
  const single = nearest(words, ['day', 'hour', 'minute', 'second']);
  const unit = single === words ? { day: '1d', hour: '1h', minute: '1min', second: '1s' }[single] : undefined;
  if (unit !== undefined) {
    const message = 'every needs a time with its unit';
    return tell(scope, {
      within: [0, Math.max(1, rest.length)],
      code: 'HB210',
      message,
      suggestion: 'a number and a unit',
      fix: `every ${unit}`,
    });
  }
  const time = expressionOf(rest, scope);
  const ms = time === undefined ? undefined : readSpan(time, { key: 'every', maxMs: 366 * DAY_MS }, scope);
  if (ms === undefined || time === undefined) return undefined;
  if (ms >= 1_000) return { on: 'every', ms };
  const message = 'every is at least 1s';
  return tell(scope, { within: time.at, code: 'HB308', message, suggestion: 'write a longer time', fix: 'every 1s' });
}

function quoted(rest: string): string | undefined {
  const [token, end] = tokensOf(rest).tokens;
  return token?.is === 'text' && end?.is === 'end' ? token.text : undefined;
}

function readCron(rest: string, at: Span, scope: Scope): Trigger | undefined {
  const pattern = quoted(rest);
  if (pattern === undefined) {
    const fix = `cron "${rest.replaceAll(/["']/g, '')}"`;
    const message = 'the pattern of cron needs quotes';
    return tell(scope, { within: at, code: 'HB304', message, suggestion: 'put it in quotes', fix });
  }
  const fault = cronFault(pattern);
  return fault === undefined ? { on: 'cron', pattern } : tell(scope, { within: at, ...fault });
}

function readMessage(rest: string, at: Span, scope: Scope): Trigger | undefined {
  const filter = quoted(rest);
  if (filter === undefined) {
    const message = 'message needs one topic in quotes';
    const suggestion = 'what the message must say goes under if:, as in message.state = "on"';
    const topic = /^["']([^"'\s]+)/.exec(rest)?.[1];
    return tell(scope, {
      within: at,
      code: 'HB304',
      message,
      suggestion,
      ...(topic === undefined ? {} : { fix: `message "${topic}"` }),
    });
  }
  if (isFilter(filter)) return { on: 'message', filter };
  const message = `"${filter}" is not a topic filter`;
  return tell(scope, {
    within: at,
    code: 'HB304',
    message,
    suggestion: '+ stands for one level, # for the rest at the end',
    fix: `message "${filter.replace(/#.*$/s, '#')}"`,
  });
}

function isFilter(filter: string): boolean {
  const levels = filter.split('/');
  return (
    filter !== '' &&
    filter.length <= 1_000 &&
    !filter.includes('\u0000') &&
    levels.every((level, index) => {
      if (level.includes('#')) return level === '#' && index === levels.length - 1;
      return !level.includes('+') || level === '+';
    })
  );
}

/** `sunset`, `sunset + 15min`, `sunrise - 1h`. */
function readSun(event: SunEvent, text: string, scope: Scope): Trigger | undefined {
  const expression = expressionOf(text, scope);
  if (expression === undefined) return undefined;
  if (expression.is === 'name') return { on: 'sun', event, offsetMs: 0 };
  if (
    expression.is === 'sum' &&
    expression.left.is === 'name' &&
    (expression.sign === '+' || expression.sign === '-')
  ) {
    const ms = readSpan(expression.right, { key: 'the distance', maxMs: DAY_MS / 2, mayBeZero: true }, scope);
    return ms === undefined ? undefined : { on: 'sun', event, offsetMs: expression.sign === '-' ? -ms : ms };
  }
  const message = `${event} takes a time before or after it, nothing else`;
  const suggestion = 'put what else must hold under if:';
  return tell(scope, { within: expression.at, code: 'HB307', message, suggestion, fix: `when: ${event}` });
}
