import type { Flap } from './breaker.ts';
import type { Machine } from './machine.ts';
import { NO_QUEUE } from './rule-state.ts';
import { cancel } from './steps.ts';

/** A person or a rule switches a rule on; what flapped may try again. */
export function switchOn({ states, breaker, world }: Machine, name: string): boolean {
  const state = states.get(name);
  if (state === undefined) return false;
  if (!state.isPaused && !state.isFlapping) return true;
  state.isPaused = false;
  state.isFlapping = false;
  breaker.forgive(state);
  world.onChange();
  return true;
}

/** It starts nothing more; what runs goes on to its end. */
export function switchOff({ states, world }: Machine, name: string): boolean {
  const state = states.get(name);
  if (state === undefined) return false;
  if (state.isPaused) return true;
  state.isPaused = true;
  state.queue = NO_QUEUE;
  world.onChange();
  return true;
}

/** The breaker: the rule ends at once, until a person switches it on or changes it. */
export function pauseFlapping(machine: Machine, { state, code, message }: Flap): void {
  if (state.isFlapping) return;
  state.isFlapping = true;
  state.queue = NO_QUEUE;
  for (const run of [...state.runs]) cancel(machine, run, 'paused: it acted too often');
  state.lastFailure = message;
  machine.world.onChange();
  const rule = state.rule.name;
  machine.world.onNotice({ rule, code, message, fix: `hanbus why ${rule}; then: hanbus rule resume ${rule}` });
}
