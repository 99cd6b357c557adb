import { type Cause, INSTANT, seedOf } from './cause.ts';
import type { Machine } from './machine.ts';
import { type RuleState, type Run, testAt } from './rule-state.ts';
import { makeThread } from './run.ts';
import { cancel } from './steps.ts';
import { type DullResult, type TraceRecord, valuesOf } from './trace-record.ts';
import { keepDull } from './traces.ts';

/** Causes that wait while a rule with `mode: queue` runs, and runs at a time of one with `parallel`; more are left out. */
const MOST_QUEUED = 16;
const MOST_PARALLEL = 16;

/** A trigger spoke: the rule runs, or it is noted why not. */
export function start(machine: Machine, state: RuleState, cause: Cause): void {
  const { now } = machine.kit;
  if (state.turn === now.turn) return;
  state.turn = now.turn;
  const obstacle = obstacleOf(machine, state, cause);
  if (obstacle === undefined) admit(machine, state, cause);
  else note(machine, state, { result: obstacle, cause });
}

function obstacleOf({ kit }: Machine, state: RuleState, cause: Cause): DullResult | undefined {
  if (state.isPaused || state.isFlapping) return 'paused';
  if (kit.now.mono < state.cooldownUntil) return 'cooldown';
  if (state.condition === undefined) return undefined;
  kit.now.message = cause.message;
  return state.condition.check() === true ? undefined : 'condition';
}

function admit(machine: Machine, state: RuleState, cause: Cause): void {
  const { mode } = state.rule;
  if (state.runs.length === 0 || (mode === 'parallel' && state.runs.length < MOST_PARALLEL)) {
    begin(machine, state, { cause, part: 'then' });
  } else if (mode === 'restart') {
    for (const run of [...state.runs]) cancel(machine, run, 'started again');
    begin(machine, state, { cause, part: 'then' });
  } else if (mode === 'queue' && state.queue.length < MOST_QUEUED) {
    state.queue = [...state.queue, cause];
    machine.world.onChange();
  } else note(machine, state, { result: 'ignored', cause });
}

/** `when` is over after the rule ran. What `then` still waits for ends, unless the rule keeps its turns in a queue. */
export function startElse(machine: Machine, state: RuleState, cause: Cause): void {
  if (!state.isElseDue) return;
  state.isElseDue = false;
  machine.world.onChange();
  if (state.isPaused || state.isFlapping) return;
  for (const run of [...state.runs]) cancel(machine, run, '`when` is over');
  begin(machine, state, { cause, part: 'else' });
}

/** Starts the steps at once, whatever stands in the way. */
export function begin(machine: Machine, state: RuleState, what: Pick<Run, 'cause' | 'part'>): void {
  const { now } = machine.kit;
  const { cause, part } = what;
  const { fingerprint } = state.rule;
  const values = valuesOf(state.reads);
  const trace: TraceRecord = { at: now.wall, result: 'acted', cause: cause.text, values, steps: [], fingerprint };
  const seed = seedOf(state.seed, cause, part);
  const run: Run = { state, part, cause, seed, trace, threads: [], startedAt: now.mono, isOver: false, isKept: false };
  const root = makeThread(run, { steps: state.rule[part], path: part, parent: undefined, depth: 0 });
  state.runs = [...state.runs, run];
  if (part === 'then') {
    state.isElseDue = state.rule.else.length > 0;
    if (state.rule.cooldownMs > 0) state.cooldownUntil = now.mono + state.rule.cooldownMs;
  }
  countToday(machine, state);
  state.lastRun = now.wall;
  machine.advance(root);
  run.isKept = !run.isOver && run.threads.some((thread) => !thread.isOver && thread.index < thread.steps.length);
  if (run.isKept || mustSurvive(state, what)) machine.world.onChange();
}

/** One run more since local midnight. */
export function countToday({ kit: { now, time } }: Machine, state: RuleState): void {
  const midnight = time.midnightBefore(now.wall);
  state.today = state.day === midnight ? state.today + 1 : 1;
  state.day = midnight;
}

/** What a restart must know though the run is over. Counts and traces alone are no reason to write to the disk. */
function mustSurvive(state: RuleState, { cause, part }: Pick<Run, 'cause' | 'part'>): boolean {
  if (part === 'else' || state.rule.else.length > 0 || state.rule.cooldownMs > 0 || cause.point === INSTANT)
    return true;
  const test = testAt(state, cause.trigger);
  return test !== undefined && test.trackers.length > 0;
}

/** After a run: the next of the queue. */
export function startQueued(machine: Machine, state: RuleState): void {
  while (state.runs.length === 0) {
    const [cause, ...rest] = state.queue;
    if (cause === undefined) return;
    state.queue = rest;
    if (!state.isPaused && !state.isFlapping) begin(machine, state, { cause, part: 'then' });
  }
}

/** A trace of something that came to nothing. */
export function note(
  { kit }: Machine,
  state: RuleState,
  { result, cause }: { result: DullResult; cause: Pick<Cause, 'text'> },
): void {
  keepDull(state, kit.now.wall, result, cause.text);
}
