import { isRecord, shortValue, sortOf, yamlValue } from '../yaml-value.ts';
import { readScene, readServiceCall, readWait, readWaitUntil } from './read-pause.ts';
import { readPublish } from './read-publish.ts';
import { readSet } from './read-set.ts';
import { onKey, type Scope, tell, within } from './scope.ts';
import type { Step } from './step.ts';

/** Levels of `parallel` in each other, and steps of one rule. */
const DEEPEST = 8;
const MOST = 200;

type StepReader = (raw: unknown, scope: Scope) => Step | undefined;

const WORDS: ReadonlyMap<string, StepReader> = new Map<string, StepReader>([
  ['publish', readPublish],
  ['scene', readScene],
  ['wait', readWait],
  ['wait_until', readWaitUntil],
]);

/**
 * The actions of `then:`, `else:` or a scene. The entries of a map are done at once, those of a list one after the
 * other. What is wrong is told and left out.
 */
export function readSteps(raw: unknown, scope: Scope, depth = 0): readonly Step[] {
  if (raw === undefined || raw === null) return [];
  if (depth > DEEPEST) return refuse(scope, `more than ${DEEPEST} lists of actions in each other`, 'split the rule');
  if (Array.isArray(raw)) {
    if (raw.length > MOST) return refuse(scope, `more than ${MOST} actions`, 'split the rule');
    return raw.flatMap((item: unknown, index) => readSteps(item, within(scope, index), depth + 1));
  }
  return isRecord(raw) ? readTogether(raw, scope, depth) : notActions(raw, scope);
}

function refuse(scope: Scope, message: string, suggestion: string): readonly Step[] {
  tell(scope, { code: 'HB312', message, suggestion });
  return [];
}

/** `then: pump on`, as one says it. */
function notActions(raw: unknown, scope: Scope): readonly Step[] {
  const key = scope.path.findLast((part) => typeof part === 'string') ?? 'then';
  const [target, ...value] = typeof raw === 'string' ? raw.trim().split(/\s+/) : [];
  const said = value.filter((word, index) => !(index === 0 && (word === 'to' || word === '=')));
  const text = `{${target}: ${yamlValue(said.join(' '))}}`;
  const isItem = typeof scope.path.at(-1) === 'number';
  const fix = said.length === 0 ? {} : { fix: isItem ? text : `${key}: ${text}` };
  const message = `an action is a map (target: value), not ${sortOf(raw)}`;
  tell(scope, { code: 'HB312', message, suggestion: 'write the target, a colon and the value', ...fix });
  return [];
}

function readTogether(raw: Readonly<Record<string, unknown>>, scope: Scope, depth: number): readonly Step[] {
  const entries = Object.entries(raw);
  if (entries.length > MOST) return refuse(scope, `more than ${MOST} actions`, 'split the rule');
  const pause = entries.length > 1 ? entries.find(([key]) => key === 'wait' || key === 'wait_until') : undefined;
  if (pause !== undefined) {
    const list = entries.map(([key, value]) => yamlValue({ [key]: value })).join(', ');
    const fix = list.length > 100 ? {} : { fix: `[${list}]` };
    const message = `${pause[0]} stands among actions that are done at once`;
    tell(onKey(within(scope, pause[0])), { code: 'HB312', message, suggestion: 'a list is done in order', ...fix });
    return [];
  }
  const branches = entries.map(([key, value]) => readOne(key, value, within(scope, key), depth));
  const [only = []] = branches;
  const text = branches.map((steps) => steps.map((step) => step.text).join(', ')).join('; ');
  return branches.length < 2 ? only : [{ do: 'parallel', branches, text }];
}

function readOne(key: string, raw: unknown, scope: Scope, depth: number): readonly Step[] {
  if (key === 'parallel') return readParallel(raw, scope, depth);
  const step = (WORDS.get(key) ?? readTarget(key))(raw, scope);
  return step === undefined ? [] : [step];
}

function readTarget(key: string): StepReader {
  return (raw, scope) => readSet(key, raw, scope, readServiceCall);
}

function readParallel(raw: unknown, scope: Scope, depth: number): readonly Step[] {
  if (!Array.isArray(raw))
    return refuse(scope, `parallel needs a list, not ${sortOf(raw)}`, 'as in parallel: [{...}, {...}]');
  const branches = raw.map((item: unknown, index) => readSteps(item, within(scope, index), depth + 1));
  return [{ do: 'parallel', branches, text: `parallel ${shortValue(raw)}` }];
}
