import type { RuleStatus } from './engine-world.ts';
import type { Machine } from './machine.ts';
import type { RuleState } from './rule-state.ts';
import { lastRunOf } from './traces.ts';

/** One line for each rule, by name. */
export function statusOf(machine: Machine): readonly RuleStatus[] {
  const { states, waiting } = machine;
  const known = [...states.values()].filter(({ isExempt }) => !isExempt).map((state) => statusOfRule(machine, state));
  const absent = [...waiting.keys()].filter((rule) => !states.has(rule));
  const others = absent.map((rule): RuleStatus => ({ rule, state: 'waiting', when: [], today: 0 }));
  return [...known, ...others].toSorted((a, b) => (a.rule < b.rule ? -1 : 1));
}

export function statusOfRule(machine: Machine, state: RuleState): RuleStatus {
  const { rule, today, day, isFailing, isFlapping } = state;
  const lastRun = lastRunOf(state);
  const lastFailure = isFailing || isFlapping ? state.lastFailure : undefined;
  const { now, time } = machine.kit;
  return {
    rule: rule.name,
    ...(rule.about === undefined ? {} : { about: rule.about }),
    state: wordOf(machine, state),
    when: rule.when.map(({ text }) => text),
    today: day === time.midnightBefore(now.wall) ? today : 0,
    ...(lastRun === undefined ? {} : { lastRun }),
    ...(lastFailure === undefined ? {} : { lastFailure }),
  };
}

function wordOf({ waiting }: Machine, state: RuleState): RuleStatus['state'] {
  if (state.isFlapping) return 'flapping';
  if (state.isPaused) return 'paused';
  if (state.runs.length > 0) return 'running';
  return waiting.has(state.rule.name) ? 'waiting' : 'ready';
}
