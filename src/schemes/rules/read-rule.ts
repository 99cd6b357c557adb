import { checkField } from '../check-field.ts';
import { fingerprintOf } from './fingerprint.ts';
import { readSteps } from './read-steps.ts';
import { readCondition, readTrigger } from './read-trigger.ts';
import type { Rule, Trigger, Worded } from './rule.ts';
import { RULE_MODES, ruleSchema } from './rules-schema.ts';
import { onKey, type Scope, tell, within } from './scope.ts';
import { readsOf, writesOf } from './uses-of.ts';

type Raw = Readonly<Record<string, unknown>>;

const MOST_TRIGGERS = 50;

/** One rule; undefined when it has no trigger that can be used. Its problems are told. */
export function readRule(name: string, raw: Raw, scope: Scope): Rule | undefined {
  const fields = checkField(ruleSchema(), raw, scope.path, scope);
  const decoded: Raw = typeof fields === 'object' && fields !== null ? { ...fields } : {};
  const hasElse = raw.else !== undefined && raw.else !== null && Object.keys(raw.else).length > 0;
  const when = readWhen(raw.when, hasElse, within(scope, 'when'));
  const condition = typeof raw.if !== 'string' ? undefined : readCondition(raw.if, within(scope, 'if'));
  const then = readSteps(raw.then, within(scope, 'then'));
  const otherwise = readSteps(raw.else, within(scope, 'else'));
  if (hasElse && when.length > 0) checkElse(when, scope);
  if (when.length === 0) return undefined;
  const about = textOf(raw.about);
  const runOn = textOf(raw.run_on);
  const rule: Omit<Rule, 'fingerprint' | 'reads' | 'writes'> = {
    name,
    ...(about === undefined ? {} : { about }),
    when,
    ...(condition === undefined ? {} : { if: { ...condition, text: String(raw.if) } }),
    then,
    else: otherwise,
    cooldownMs: numberOf(decoded.cooldown),
    mode: RULE_MODES.find((mode) => mode === raw.mode) ?? 'ignore',
    catchupMs: numberOf(decoded.catchup),
    ...(runOn === undefined ? {} : { runOn }),
  };
  return { ...rule, reads: readsOf(rule), writes: writesOf(rule), fingerprint: fingerprintOf(rule) };
}

function textOf(raw: unknown): string | undefined {
  return typeof raw === 'string' && raw !== '' ? raw : undefined;
}

function numberOf(value: unknown): number {
  return typeof value === 'number' ? value : 0;
}

function readWhen(raw: unknown, asTest: boolean, scope: Scope): readonly (Trigger & Worded)[] {
  // What is no text was told when the keys were checked.
  if (typeof raw === 'string') {
    const one = readTrigger(raw, asTest, scope);
    return one === undefined ? [] : [one];
  }
  if (!Array.isArray(raw)) return [];
  if (raw.length > MOST_TRIGGERS) tell(scope, { code: 'HB313', message: `more than ${MOST_TRIGGERS} triggers` });
  const all: readonly unknown[] = raw;
  const texts = all.slice(0, MOST_TRIGGERS).filter((text) => typeof text === 'string');
  const read = texts.map((text, index) => readTrigger(text, asTest && raw.length === 1, within(scope, index)));
  const right = read.filter((trigger) => trigger !== undefined);
  return right.length === read.length ? right : [];
}

/** Only a condition can stop being true. */
function checkElse(when: readonly Trigger[], scope: Scope): void {
  const [only] = when;
  if (when.length === 1 && only?.on === 'test') return;
  const message = 'else needs a when that can stop being true: a single condition';
  const suggestion =
    when.length > 1 ? 'join the conditions with or, or make two rules' : 'make a rule for the other case';
  tell(onKey(within(scope, 'else')), { code: 'HB314', message, suggestion });
}
