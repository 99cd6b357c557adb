import { clockText } from '../schemes/rules/clock-text.ts';
import type { Trigger, Worded } from '../schemes/rules/rule.ts';
import type { Explanation, Moment, TestNow } from './engine-world.ts';
import { isClockTrigger } from './instants.ts';
import type { Machine } from './machine.ts';
import { testsNow } from './needs.ts';
import { setMoment } from './now.ts';
import { type RuleState, testAt } from './rule-state.ts';
import { statusOfRule } from './status.ts';
import { allTraces, shownTrace } from './traces.ts';
import { durationWords, valueWords } from './words.ts';

/** All that is known of why a rule ran or did not; undefined: no such rule. */
export function explain(machine: Machine, name: string, moment: Moment): Explanation | undefined {
  const state = machine.states.get(name);
  if (state === undefined) return waitingRule(machine, name);
  setMoment(machine.kit.now, moment);
  machine.kit.now.message = undefined;
  const tests = [...whenTests(machine, state), ...ifTests(machine, state)];
  const running = state.runs.map(({ trace }) => trace);
  const traces = state.traces === undefined ? running : [...running, ...allTraces(state.traces)];
  const shown = traces.map((trace) => shownTrace(trace, state.rule.reads));
  const last = shown.find(({ result }) => result === 'acted' || result === 'failed');
  const nearest = nearestOf(machine, state, last?.at ?? Number.NEGATIVE_INFINITY);
  return {
    ...statusOfRule(machine, state),
    tests,
    ...(last === undefined ? {} : { last }),
    ...(nearest === undefined ? {} : { nearest }),
    next: nextOf(machine, state, tests),
    traces: shown,
  };
}

function waitingRule({ waiting }: Machine, rule: string): Explanation | undefined {
  const missing = waiting.get(rule);
  if (missing === undefined) return undefined;
  return { rule, state: 'waiting', when: [], today: 0, tests: [], traces: [], next: waitingWords(missing) };
}

const waitingWords = (missing: readonly string[]): string => `It waits for what was never seen: ${missing.join(', ')}.`;

function whenTests(machine: Machine, state: RuleState): readonly TestNow[] {
  return state.rule.when.flatMap((trigger, place) =>
    trigger.on === 'test'
      ? testsNow({ machine, part: 'when', test: trigger.test, text: trigger.text, watch: testAt(state, place) })
      : [],
  );
}

function ifTests(machine: Machine, { rule, condition }: RuleState): readonly TestNow[] {
  if (rule.if === undefined) return [];
  return testsNow({ machine, part: 'if', test: rule.if, text: rule.if.text, watch: condition });
}

const NEAR: Readonly<Record<string, string>> = {
  condition: 'the condition did not hold',
  cooldown: 'it still rested',
  ignored: 'it was still running',
  paused: 'it was paused',
};

/** A trigger that came to nothing is nearer than a time that was too short, and that than a value that was too small. */
function nearestOf(machine: Machine, state: RuleState, since: number): Explanation['nearest'] {
  const missed = state.traces?.dull.findLast(({ at }) => at >= since);
  if (missed !== undefined) {
    const why = NEAR[missed.result];
    return { at: missed.at, text: why === undefined ? missed.cause : `${missed.cause}, but ${why}` };
  }
  for (const [place, trigger] of state.rule.when.entries()) {
    const watch = testAt(state, place);
    if (trigger.on !== 'test' || watch === undefined || !Number.isFinite(watch.nearest)) continue;
    const inner = trigger.test.op === 'for' ? trigger.test.test : trigger.test;
    if (!('left' in inner)) continue;
    return {
      at: watch.nearestAt,
      text: `${valueWords(watch.nearest, inner.left, machine.world)} away from ${trigger.text}`,
    };
  }
  return undefined;
}

/** One sentence, or two: what stands in the way now, and what would make it run. */
function nextOf(machine: Machine, state: RuleState, tests: readonly TestNow[]): string {
  const { rule, isFlapping, isPaused, runs, cooldownUntil } = state;
  const { now } = machine.kit;
  if (isFlapping) return `It is paused since it acted too often. Switch it on again: hanbus rule resume ${rule.name}`;
  if (isPaused) return `It is paused. Switch it on again: hanbus rule resume ${rule.name}`;
  const missing = machine.waiting.get(rule.name);
  if (missing !== undefined) return waitingWords(missing);
  const step = runs[0]?.trace.steps.at(-1);
  if (step !== undefined) return `It is running: ${step.text}.`;
  const rest = cooldownUntil > now.mono ? `It rests for another ${durationWords(cooldownUntil - now.mono)}. ` : '';
  const starts = rule.when.map((_, place) => startWords(machine, state, place));
  const condition = tests.find(({ part, holds }) => part === 'if' && holds !== true);
  const then =
    condition === undefined ? '' : ` And ${condition.text} must hold: ${condition.needs ?? 'it does not now'}.`;
  return `${rest}It runs when ${starts.join(', or ')}.${then}`;
}

function startWords(machine: Machine, state: RuleState, place: number): string {
  const trigger = state.rule.when[place];
  if (trigger === undefined) return '';
  if (isClockTrigger(trigger)) return scheduleWords(machine, state, place);
  if (trigger.on !== 'test') return newsWords(trigger);
  const watch = testAt(state, place);
  if (watch?.known === true) return `${trigger.text} becomes true again (it is true already, so it must end first)`;
  const open = testsNow({ machine, part: 'when', test: trigger.test, text: trigger.text, watch }).filter(
    ({ holds }) => holds !== true,
  );
  const needs = open.flatMap((one) =>
    one.needs === undefined ? [] : [open.length > 1 ? `${one.text}: ${one.needs}` : one.needs],
  );
  return `${trigger.text} becomes true${needs.length === 0 ? '' : ` (${needs.join('; ')})`}`;
}

/** What comes as news, in the words of the rule. */
function newsWords({ on, text }: Trigger & Worded): string {
  if (on === 'start') return 'the node has started';
  if (on === 'message') return `a ${text} comes`;
  if (on === 'gone' || on === 'back') return text;
  if (on === 'event') return `${text} happens`;
  return text
    .replace(/ changed$/, ' changes')
    .replace(/ rising$/, ' rises')
    .replace(/ falling$/, ' falls');
}

function scheduleWords({ schedules, kit }: Machine, state: RuleState, place: number): string {
  const text = state.rule.when[place]?.text ?? '';
  const schedule = schedules.of(state).find(({ trigger }) => trigger === place);
  if (!kit.now.isTrusted) return `it is ${text}, once somebody has set the clock`;
  if (schedule === undefined || !Number.isFinite(schedule.next))
    return `it is ${text}, which does not come within a year`;
  const local = new Date(schedule.next + kit.time.offsetAt(schedule.next)).toISOString();
  return `it is ${text}: next at ${clockText(Math.floor(kit.time.timeOf(schedule.next) / 1_000) * 1_000)} on ${local.slice(0, 10)}`;
}
