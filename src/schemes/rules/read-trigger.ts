import { subjectOf } from './check-presence.ts';
import { meaningOf } from './check-term.ts';
import { checkTest } from './check-test.ts';
import { parseExpression } from './parse-expression.ts';
import { readSchedule } from './read-schedule.ts';
import type { Trigger, Worded } from './rule.ts';
import { type Scope, shifted, tell } from './scope.ts';
import type { Expression } from './syntax.ts';

/** A text is read as a condition: `if:`, `only_if:`, `wait_until:`. */
export function readCondition(raw: unknown, scope: Scope): ReturnType<typeof checkTest> {
  const text = textOf(raw, 'a condition', scope);
  const expression = text === undefined ? undefined : readExpression(text, scope);
  return expression === undefined ? undefined : checkTest(expression, scope);
}

function textOf(raw: unknown, what: string, scope: Scope): string | undefined {
  if (typeof raw === 'string' && raw.trim() !== '') return raw;
  if (typeof raw === 'boolean' || typeof raw === 'number') return String(raw);
  return tell(scope, { code: 'HB304', message: `${what} is a text`, suggestion: 'as in air.temperature > 28°C' });
}

/** The expression of a text; what is wrong with its spelling is told. */
export function readExpression(text: string, scope: Scope): Expression | undefined {
  const { expression, faults } = parseExpression(text);
  for (const fault of faults) tell(scope, fault);
  return expression;
}

/** One text of `when:`. With `asTest`, what is gone is tested, so that `else` knows when it is back. */
export function readTrigger(raw: unknown, asTest: boolean, scope: Scope): (Trigger & Worded) | undefined {
  const text = textOf(raw, 'when', scope);
  if (text === undefined) return undefined;
  const start = text.length - text.trimStart().length;
  const inner = shifted(scope, start);
  const schedule = readSchedule(text.trim(), inner);
  const trigger = schedule === 'none' ? readWhen(text.trim(), asTest, inner) : schedule;
  return trigger === undefined ? undefined : { ...trigger, text: text.trim() };
}

function readWhen(text: string, asTest: boolean, scope: Scope): Trigger | undefined {
  const expression = readExpression(text, scope);
  if (expression === undefined) return undefined;
  if (expression.is === 'clock') return { on: 'clock', atMs: expression.ms };
  if (expression.is === 'edge') return edgeTrigger(expression, scope);
  const event = eventTrigger(expression, scope);
  if (event !== undefined) return event;
  const presence = asTest ? undefined : presenceTrigger(expression, scope);
  if (presence !== undefined) return presence === 'wrong' ? undefined : presence;
  const test = checkTest(expression, scope);
  return test === undefined ? undefined : { on: 'test', test };
}

function edgeTrigger({ of, edge }: Extract<Expression, { is: 'edge' }>, scope: Scope): Trigger | undefined {
  if (of.is !== 'name') {
    const message = `${edge} needs the name of a point before it`;
    return tell(scope, { within: of.at, code: 'HB304', message, suggestion: `as in door ${edge}` });
  }
  const meaning = meaningOf(of.text, of, scope);
  if (meaning === undefined) return undefined;
  if (meaning.is === 'missing') return { on: edge, point: of.text };
  const type = meaning.is === 'point' ? meaning.spec.type : meaning.variable.type;
  if (type === 'event') return { on: 'event', point: meaning.name };
  if (edge === 'changed' || type === 'number' || type === 'boolean') return { on: edge, point: meaning.name };
  const message = `${of.text} is ${type}, which cannot be ${edge}`;
  return tell(scope, { within: of.at, code: 'HB305', message, suggestion: 'use changed', fix: `${of.text} changed` });
}

const PRESENCES: ReadonlySet<string> = new Set(['back', 'gone', 'stale']);

/** `button.pressed`, `remote.action is double`. */
function eventTrigger(expression: Expression, scope: Scope): Trigger | undefined {
  const { of, value } = eventParts(expression);
  if (of?.is !== 'name' || of.text.startsWith('message')) return undefined;
  const quiet = { ...scope, problems: [], missing: new Set<string>() };
  const meaning = meaningOf(of.text, of, quiet);
  if (meaning?.is !== 'point' || meaning.spec.type !== 'event') return undefined;
  return { on: 'event', point: meaning.name, ...(value === undefined ? {} : { value }) };
}

function eventParts(expression: Expression): { of?: Expression; value?: string | number } {
  if (expression.is === 'name') return { of: expression };
  if (expression.is !== 'compare' || expression.sign !== '=') return {};
  const { left, right } = expression;
  // `button is gone` is about the device, not a word that it says.
  if (expression.asWord && right.is === 'name' && PRESENCES.has(right.text)) return {};
  if (right.is === 'name' || right.is === 'text') return { of: left, value: right.text };
  return right.is === 'number' ? { of: left, value: right.value } : {};
}

/** `fridge is gone`, `garden is back`. */
function presenceTrigger(expression: Expression, scope: Scope): Trigger | undefined | 'wrong' {
  if (expression.is !== 'compare' || !expression.asWord || expression.sign !== '=') return undefined;
  const { left, right } = expression;
  if (left.is !== 'name' || left.text.startsWith('home.') || right.is !== 'name') return undefined;
  if (right.text !== 'gone' && right.text !== 'back') return undefined;
  const subject = subjectOf(left, left.text, scope);
  return subject === undefined ? 'wrong' : { on: right.text, subject };
}
