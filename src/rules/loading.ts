import type { Rule, RuleBook } from '../schemes/rules/rule.ts';
import { schedulesOf } from './by-schedule.ts';
import { causeOfNews } from './cause.ts';
import { compileRule, type Spoken } from './compile-rule.ts';
import type { Machine } from './machine.ts';
import { prepareSteps } from './prepare-terms.ts';
import { restoreRule, restoreRuns, restoreSchedules } from './restore.ts';
import { type RuleState, testAt } from './rule-state.ts';
import { isSubject } from './slots.ts';
import { note, start, startElse } from './starting.ts';
import { cancel } from './steps.ts';
import type { Stored } from './stored.ts';
import { lastRunOf, settledTraces } from './traces.ts';
import { TestWatch, type Watch } from './watches.ts';
import { durationWords } from './words.ts';

/** Swaps the rules. One with the fingerprint that it had stays as it is, with all that it waits for. */
export function loadBook(machine: Machine, book: RuleBook): void {
  machine.scenes = new Map(book.scenes.map((scene) => [scene.name, scene]));
  machine.waiting = new Map(book.waiting.map(({ rule, missing }) => [rule, missing]));
  const own = book.rules.filter(({ runOn }) => runOn === undefined || runOn === machine.world.node);
  const { stored } = machine;
  const before = new Map(machine.states);
  const spoke = spokenOf(machine);
  machine.states.clear();
  for (const rule of own) {
    const old = before.get(rule.name);
    const isSame = old?.rule.fingerprint === rule.fingerprint;
    machine.states.set(rule.name, isSame ? old : compile(machine, spoke, { rule, old }));
  }
  const fresh = [...machine.states.values()].filter((state) => before.get(state.rule.name) !== state);
  for (const state of before.values()) if (machine.states.get(state.rule.name) !== state) unload(machine, state);
  sweep(machine);
  machine.schedules.set([...machine.states.values()].flatMap((state) => schedulesOf(machine, state)));
  machine.topics.clear();
  for (const state of machine.states.values()) indexTopics(machine, state);
  for (const state of fresh) wake(machine, state);
  if (stored !== undefined) for (const state of fresh) restoreWork(machine, state, stored);
  machine.schedules.run(machine.kit.now);
}

/** Points and windows that no rule mentions any more are forgotten. */
function sweep({ kit: { slots }, states, scenes }: Machine): void {
  slots.begin();
  for (const { reads, watches, mentions } of states.values()) {
    slots.touch(reads);
    slots.touch(mentions.slots, mentions.windows);
    for (const watch of watches) slots.touch(watch.slots);
  }
  for (const { steps } of scenes.values()) prepareSteps(slots, steps);
  slots.sweep();
}

function restoreWork(machine: Machine, state: RuleState, stored: Stored): void {
  restoreSchedules(machine, state, stored);
  restoreRuns(machine, state, stored);
  // What was stored is used once: a rule that comes back later begins anew.
  stored.rules.delete(state.rule.name);
}

/** What rules do when they are spoken to: one for all of them. */
const spokenOf = (machine: Machine): Spoken => ({
  rose: (own, trigger) => start(machine, own, causeOfTrigger(machine, own, trigger)),
  short: (own, trigger, ms) => noteShort(machine, own, { trigger, ms }),
  fell: (own, trigger) => startElse(machine, own, causeOfTrigger(machine, own, trigger)),
});

interface Compiling {
  readonly rule: Rule;
  /** The one of this name before. */
  readonly old: RuleState | undefined;
}

function compile(machine: Machine, spoke: Spoken, { rule, old }: Compiling): RuleState {
  machine.loaded += 1;
  const state = compileRule(machine, { rule, order: machine.loaded, spoke });
  if (old !== undefined) inherit(state, old);
  if (machine.stored !== undefined) restoreRule(machine, state, machine.stored);
  return state;
}

function noteShort(machine: Machine, state: RuleState, { trigger, ms }: { trigger: number; ms: number }): void {
  const text = state.rule.when[trigger]?.text ?? '';
  note(machine, state, { result: 'short', cause: { text: `${text}: only for ${durationWords(ms)}` } });
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

/** A rule that was changed is still the one that a person paused, and that ran before. */
function inherit(state: RuleState, old: RuleState): void {
  const { isPaused, today, day, traces } = old;
  const settled = traces === undefined ? undefined : settledTraces(traces);
  Object.assign(state, { isPaused, today, day, lastRun: lastRunOf(old), traces: settled });
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
    if (machine.world.isRehearsal === true) rehearse(watch);
    if (watch instanceof TestWatch) watch.heard();
  }
}

/** Before the first value nothing was so: the device was here, and the test was not true. */
function rehearse(watch: Watch): void {
  if (watch instanceof TestWatch) watch.known = false;
  for (const slot of watch.slots) {
    if (!isSubject(slot.name)) continue;
    slot.value = true;
    slot.isKnown = true;
  }
}

/** A rule that is gone ends; what it started on hardware stays. */
function unload(machine: Machine, state: RuleState): void {
  for (const run of [...state.runs]) cancel(machine, run, 'the rule was changed');
  for (const watch of state.watches) machine.unwatch(watch);
  state.condition?.stop();
  machine.breaker.forgive(state);
}
