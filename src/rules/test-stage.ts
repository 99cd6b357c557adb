import { plainText, type Value } from '../schemes/reading.ts';
import type { Expected, Rule } from '../schemes/rules/rule.ts';
import type { Step } from '../schemes/rules/step.ts';
import { makeEngine } from './engine.ts';
import type { Action, Engine, EngineWorld, Moment, News } from './engine-world.ts';

/** What an output of a test is compared with. */
export type Done = Pick<Expected, 'forMs' | 'mode' | 'target' | 'value'>;

/** Topics that no rule can publish on: they tell of steps that have no action. */
const MARK = '\u0001';
const MOST_TICKS = 1_000_000;
const NEVER = Number.POSITIVE_INFINITY;

/** An engine in a time of its own, in which everything succeeds at once. */
export interface TestStage {
  readonly engine: Engine;
  readonly done: readonly Done[];
  moment(): Moment;
  tell(news: News): void;
  /** Does all that is due until then. */
  pass(ms: number): void;
  /** Time goes on, and nothing is done. */
  skip(ms: number): void;
}

export function makeTestStage(
  world: Pick<EngineWorld, 'location' | 'node' | 'timeZone' | 'unitOf'>,
  wall: number,
): TestStage {
  const done: Done[] = [];
  const echoes: { readonly at: number; readonly point: string; readonly value: Value }[] = [];
  let [mono, sequence] = [0, 0];
  const moment = (): Moment => ({ mono, wall: wall + mono, isTrusted: true });
  const tell = (news: News): void => engine.tell(news, moment());
  const echo = (point: string, value: Value): void => {
    sequence += 1;
    tell({ kind: 'reading', point, value, quality: 'good', epoch: 2, sequence });
  };
  const act = (action: Action): void => {
    done.push(doneOf(action));
    engine.outcome({ id: action.id, state: 'done' }, moment());
    if (action.kind === 'variable') echo(action.variable, action.value);
    if (action.kind !== 'command') return;
    echo(action.target, action.value);
    // Back to rest, as the node does it.
    if (action.forMs !== undefined && action.value === true) {
      echoes.push({ at: mono + action.forMs, point: action.target, value: false });
    }
  };
  const engine = makeEngine({ ...world, isRehearsal: true, act, onChange: () => undefined, onNotice: () => undefined });
  const goTo = (at: number): void => {
    mono = Math.max(mono, at);
    engine.tick(moment());
    const due = echoes.findIndex((one) => one.at <= mono);
    for (const { point, value } of due < 0 ? [] : echoes.splice(due, 1)) echo(point, value);
  };

  return {
    engine,
    done,
    moment,
    tell,
    pass(ms) {
      const until = mono + ms;
      for (let ticks = 0; ticks < MOST_TICKS; ticks += 1) {
        const next = Math.min(engine.nextAt ?? NEVER, ...echoes.map(({ at }) => at));
        if (next > until) break;
        goTo(next);
      }
      goTo(until);
    },
    skip(ms) {
      mono += ms;
    },
  };
}

function doneOf(action: Action): Done {
  switch (action.kind) {
    case 'command': {
      const { target, value, forMs, mode } = action;
      return { target, value, ...(forMs === undefined ? {} : { forMs }), ...(mode === undefined ? {} : { mode }) };
    }
    case 'variable':
      return { target: action.variable, value: action.value };
    case 'service':
      return { target: `service:${action.service}`, value: action.args };
    case 'publish': {
      const { topic, payload } = action;
      return topic.startsWith(MARK) ? markedOf(topic.slice(1), payload) : { target: `topic:${topic}`, value: payload };
    }
  }
}

const markedOf = (target: string, payload: string): Done =>
  target.startsWith('rule:') ? { target, value: payload === 'on' } : { target };

/** The rule with marks for the steps that can only be seen from inside; scenes are marked when the test names them. */
export function markedRule(rule: Rule, expect: readonly Expected[]): Rule {
  const named = new Set(expect.map(({ target }) => target).filter((target) => target.startsWith('scene:')));
  const mark = (steps: readonly Step[]): readonly Step[] => steps.map((step) => markedStep(step, named, mark));
  // biome-ignore format: short
  return { ...rule, then: mark(rule.then), else: mark(rule.else) };
}

function markedStep(step: Step, scenes: ReadonlySet<string>, mark: (steps: readonly Step[]) => readonly Step[]): Step {
  if (step.do === 'parallel') return { ...step, branches: step.branches.map(mark) };
  if (step.do === 'rule') return markStep(`rule:${step.rule}`, step.on, step.text);
  if (step.do === 'scene' && scenes.has(`scene:${step.scene}`)) return markStep(`scene:${step.scene}`, true, step.text);
  return step;
}

function markStep(target: string, value: boolean, text: string): Step {
  const payload = { form: 'value', value: { from: 'const', value } } as const;
  return { do: 'publish', topic: [`${MARK}${target}`], payload, retain: false, qos: 0, text };
}

/** Whether an output is the one that was expected. */
export function fits(done: Done, expected: Expected): boolean {
  if (done.target !== expected.target) return false;
  if (expected.forMs !== undefined && done.forMs !== expected.forMs) return false;
  if (expected.mode !== undefined && done.mode !== expected.mode) return false;
  return expected.value === undefined || isSameValue(done.value, expected.value);
}

/** Payloads are text: compared as text, or as JSON. Of a service one text may be given for all that it is told. */
function isSameValue(done: unknown, expected: unknown): boolean {
  if (JSON.stringify(done) === JSON.stringify(expected)) return true;
  if (typeof done === 'string') return done === textOf(expected) || canonical(parsed(done)) === canonical(expected);
  if (typeof done !== 'object' || done === null) return false;
  if (typeof expected === 'string') return Object.values(done).includes(expected);
  return canonical(done) === canonical(expected);
}

const textOf = (value: unknown): string =>
  typeof value === 'boolean' || typeof value === 'number' || typeof value === 'string' ? plainText(value) : '';

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // No JSON: it is only compared as text.
    return undefined;
  }
}

/** JSON with sorted keys. */
function canonical(value: unknown): string {
  return (
    JSON.stringify(value, (_, inner: unknown) =>
      typeof inner === 'object' && inner !== null && !Array.isArray(inner)
        ? Object.fromEntries(Object.entries(inner).toSorted(([a], [b]) => (a < b ? -1 : 1)))
        : inner,
    ) ?? ''
  );
}
