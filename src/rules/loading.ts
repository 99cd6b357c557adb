import type { Rule, RuleBook } from '../schemes/rules/rule.ts';
import { schedulesOf } from './by-schedule.ts';
import { causeOfNews } from './cause.ts';
import { compileRule } from './compile-rule.ts';
import type { Machine } from './machine.ts';
import { prepareSteps } from './prepare-terms.ts';
import { type RuleState, testAt } from './rule-state.ts';
import { start, startElse } from './starting.ts';
import { cancel } from './steps.ts';
import { TestWatch } from './watches.ts';

/** Swaps the rules. One with the fingerprint that it had stays as it is, with all that it waits for. */
export function loadBook(machine: Machine, book: RuleBook): void {
  machine.scenes = new Map(book.scenes.map((scene) => [scene.name, scene]));
  machine.waiting = new Map(book.waiting.map(({ rule, missing }) => [rule, missing]));
  const own = book.rules.filter(({ runOn }) => runOn === undefined || runOn === machine.world.node);
  const kept = new Map<string, RuleState>();
  for (const state of machine.states.values()) {
    const same = own.some((rule) => rule.name === state.rule.name && rule.fingerprint === state.rule.fingerprint);
    if (same) kept.set(state.rule.name, state);
    else unload(machine, state);
  }
  machine.states.clear();
  for (const rule of own) machine.states.set(rule.name, kept.get(rule.name) ?? compile(machine, rule));
  for (const scene of book.scenes) prepareSteps(machine.kit.slots, scene.steps);
  machine.schedules.set([...machine.states.values()].flatMap((state) => schedulesOf(machine, state)));
  machine.topics.clear();
  for (const state of machine.states.values()) {
    indexTopics(machine, state);
    if (kept.get(state.rule.name) !== state) wake(machine, state);
  }
}

function compile(machine: Machine, rule: Rule): RuleState {
  machine.loaded += 1;
  return compileRule(machine, {
    rule,
    order: machine.loaded,
    rose: (state, trigger) => start(machine, state, causeOfTrigger(machine, state, trigger)),
    fell: (state, trigger) => startElse(machine, state, causeOfTrigger(machine, state, trigger)),
  });
}

/** In words, and by the reading that did it. */
function causeOfTrigger({ kit }: Machine, state: RuleState, trigger: number): ReturnType<typeof causeOfNews> {
  const text = state.rule.when[trigger]?.text ?? '';
  const cause = causeOfNews(kit.now, trigger, text);
  if (cause.point !== '') return cause;
  // Time did it: the newest reading that it looks at, and the second.
  const test = testAt(state, trigger);
  const newest = test?.slots.toSorted((a, b) => b.goodAt - a.goodAt)[0];
  const second = test?.isTimed === true ? Math.floor(kit.now.wall / 1000) : 0;
  return {
    ...cause,
    point: `${newest?.name ?? ''}@${second}`,
    epoch: newest?.epoch ?? 0,
    sequence: newest?.sequence ?? 0,
  };
}

function indexTopics({ topics }: Machine, state: RuleState): void {
  for (const [trigger, what] of state.rule.when.entries()) {
    if (what.on === 'message') topics.add(what.filter, { state, trigger });
  }
}

/** What is true now is no news for a new rule. */
function wake(machine: Machine, state: RuleState): void {
  for (const watch of state.watches) {
    machine.watch(watch);
    if (watch instanceof TestWatch) watch.heard();
  }
}

/** A rule that is gone ends; what it started on hardware stays. */
function unload(machine: Machine, state: RuleState): void {
  for (const run of [...state.runs]) cancel(machine, run, 'the rule was changed');
  for (const watch of state.watches) machine.unwatch(watch);
  state.condition?.stop();
  machine.breaker.forgive(state);
}
