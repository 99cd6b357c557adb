import { rememberEcho } from './echoes.ts';
import type { Machine } from './machine.ts';
import { writerOf } from './payload.ts';
import { PublishAction } from './publish-action.ts';
import type { Quick, RuleState } from './rule-state.ts';
import { countToday } from './starting.ts';
import { isTopic } from './topic.ts';
import { keepDull, keepQuick } from './traces.ts';
import { wholeTextOf } from './values.ts';

const NO_CHAIN: readonly string[] = [];

/**
 * A message on the topic `cause`, without a history, starts a rule that only publishes one. What comes of it is what
 * `start` would have made of it, without the objects of a run: a thousand messages a second are nothing special. False:
 * nothing happened, and `start` must see to it, since something stands in the way.
 */
export function startQuickly(machine: Machine, state: RuleState, cause: string): boolean {
  const { now } = machine.kit;
  if (!state.isQuick || !isFree(state, now.mono)) return false;
  if (state.turn === now.turn) return true;
  if (state.check !== undefined && state.check() !== true) {
    state.turn = now.turn;
    keepDull(state, now.wall, 'condition', cause);
    return true;
  }
  state.quick ??= makeQuick(machine, state);
  return state.quick !== undefined && act(machine, state, state.quick, cause);
}

function isFree({ isPaused, isFlapping, runs, cooldownUntil }: RuleState, mono: number): boolean {
  return !isPaused && !isFlapping && runs.length === 0 && mono >= cooldownUntil;
}

/** False: its topic or its payload is not to be had. */
function act(machine: Machine, state: RuleState, quick: Quick, cause: string): boolean {
  const topic = quick.topic ?? goodTextOf(quick, machine);
  if (topic === undefined) return false;
  const payload = quick.write();
  if (payload === undefined) return false;
  const { now } = machine.kit;
  const rule = state.rule.name;
  state.turn = now.turn;
  state.isFailing = false;
  countToday(machine, state);
  keepQuick(state, now.wall, cause);
  rememberEcho(machine, rule, topic, NO_CHAIN);
  machine.world.act(new PublishAction({ rule, seed: state.seed, quick, topic, payload }, cause, now));
  return true;
}

function goodTextOf({ template }: Quick, machine: Machine): string | undefined {
  const topic = wholeTextOf(template, machine);
  return topic !== undefined && isTopic(topic) ? topic : undefined;
}

/** Its topic, when it has no terms, is looked at once. */
function makeQuick(machine: Machine, { rule }: RuleState): Quick | undefined {
  const [step] = rule.then;
  if (step?.do !== 'publish') return undefined;
  const isFixed = step.topic.every((piece) => typeof piece === 'string');
  const topic = isFixed ? step.topic.join('') : undefined;
  const isGood = topic !== undefined && isTopic(topic);
  const { retain, qos, topic: template } = step;
  return { topic: isGood ? topic : undefined, template, write: writerOf(step.payload, machine), retain, qos };
}
