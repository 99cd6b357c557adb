import { seedOf } from './cause.ts';
import type { Machine } from './machine.ts';
import { resend } from './perform-acts.ts';
import { waitUntil, watchFor } from './perform-flow.ts';
import type { RuleState, Run, Thread } from './rule-state.ts';
import { makeThread } from './run.ts';
import { stepsAt } from './step-lists.ts';
import type { Stored, StoredList, StoredRule, StoredRun } from './stored.ts';
import type { StepRecord } from './trace-record.ts';
import { TestWatch } from './watches.ts';

/** A stored wall time as monotonic one. Without clocks that are both trusted, no time has passed while the node was off. */
function monoOf({ kit: { now } }: Machine, stored: Stored, wall: number): number {
  return now.mono + wall - (stored.isTrusted && now.isTrusted ? now.wall : stored.wall);
}

/** What is known of just this rule, unchanged. */
function storedOf({ rule }: RuleState, { rules }: Stored): StoredRule | undefined {
  const own = rules.get(rule.name);
  return own?.fingerprint === rule.fingerprint ? own : undefined;
}

/** Gives a rule back what it knew before a restart. A rule that was changed keeps only that a person paused it. */
export function restoreRule(machine: Machine, state: RuleState, stored: Stored): void {
  const own = stored.rules.get(state.rule.name);
  if (own === undefined) return;
  state.isPaused = own.isPaused;
  state.today = own.today;
  state.day = own.day;
  state.lastRun = own.lastRun;
  const { acted, failed, dull } = own.traces;
  if (acted.length + failed.length + dull.length > 0) state.traces = own.traces;
  if (own.fingerprint !== state.rule.fingerprint) return;
  state.isFlapping = own.isFlapping;
  state.isElseDue = own.isElseDue;
  state.lastFailure = own.lastFailure;
  state.isFailing = own.lastFailure !== undefined && !own.isFlapping;
  state.queue = own.queue;
  if (own.cooldownUntil !== undefined) state.cooldownUntil = monoOf(machine, stored, own.cooldownUntil);
  restoreTests(state, own);
}

function restoreTests({ watches }: RuleState, { known, held }: StoredRule): void {
  for (const [place, said] of known) {
    const watch = watches[place];
    if (watch instanceof TestWatch) watch.known = said;
  }
  for (const [place, tracker] of held) {
    const watch = watches[place];
    if (watch instanceof TestWatch) watch.trackers[tracker]?.recall();
  }
}

/** What the schedules had dealt with. */
export function restoreSchedules(machine: Machine, state: RuleState, stored: Stored): void {
  const own = storedOf(state, stored);
  for (const schedule of machine.schedules.of(state)) {
    const known = own?.schedules.find(({ trigger }) => trigger === schedule.trigger);
    if (known === undefined) continue;
    schedule.through = known.through;
    schedule.fired = known.fired;
  }
}

/** Takes up the lists of steps where they were. What they waited for while the node was off goes on at once. */
export function restoreRuns(machine: Machine, state: RuleState, stored: Stored): void {
  const own = storedOf(state, stored);
  for (const run of own?.runs ?? []) restoreRun(machine, state, { stored, run });
}

function restoreRun(
  machine: Machine,
  state: RuleState,
  { stored, run: old }: { stored: Stored; run: StoredRun },
): void {
  const { part, cause, trace, lists } = old;
  const seed = seedOf(state.seed, cause, part);
  const run: Run = {
    state,
    part,
    cause,
    seed,
    trace,
    threads: [],
    startedAt: machine.kit.now.mono,
    isOver: false,
    isKept: true,
  };
  for (const list of lists) {
    const parent = run.threads[list.parent];
    const steps = stepsAt(machine, state.rule[part], { path: list.path, parent });
    // A list that cannot be found again ends the run where it is.
    if (steps === undefined) return;
    const thread = makeThread(run, { steps, path: list.path, parent, depth: (parent?.depth ?? -1) + 1 });
    thread.index = list.index;
    thread.hasFailed = list.hasFailed;
    thread.record = trace.steps[list.record ?? -1];
    if (parent !== undefined) parent.open += 1;
  }
  state.runs = [...state.runs, run];
  for (const [place, list] of lists.entries()) {
    const thread = run.threads[place];
    if (thread !== undefined) takeUp(machine, thread, { stored, list });
  }
}

function takeUp(machine: Machine, thread: Thread, { stored, list }: { stored: Stored; list: StoredList }): void {
  const step = thread.steps[thread.index - 1];
  const record: StepRecord = thread.record ?? { text: step?.text ?? '', at: machine.kit.now.wall, state: 'running' };
  const work = { machine, thread, record, place: `${thread.path}.${thread.index - 1}` };
  const until = list.until === undefined ? undefined : monoOf(machine, stored, list.until);
  if (until !== undefined && step?.do === 'wait') waitUntil(machine, thread, until);
  else if (until !== undefined && step?.do === 'waitFor') watchFor(work, step, until);
  else if (list.pending.length > 0) resend(work, step, list.pending);
  else if (thread.open === 0) machine.advance(thread);
  if (until !== undefined && list.until !== undefined && stored.isTrusted && !machine.kit.now.isTrusted) {
    machine.onTrust.push({ thread, until: list.until });
  }
}
