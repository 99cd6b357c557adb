import { FINAL_STATES } from '../schemes/command.ts';
import type { Outcome } from './engine-world.ts';
import type { Machine } from './machine.ts';
import { perform } from './perform.ts';
import { NO_RUNS, type RuleState, type Run, type Thread } from './rule-state.ts';
import type { StepRecord } from './trace-record.ts';
import { keepTrace } from './traces.ts';

/** A command that gave way to a newer one is no fault: the list goes on. */
const GOES_ON = new Set(['done', 'superseded']);
const BROKEN = new Set(['failed', 'rejected', 'expired', 'unknown']);

/** Works through a list until it has to wait or is over. */
export function advance(machine: Machine, thread: Thread): void {
  const { now } = machine.kit;
  while (!thread.isOver && !isWaiting(thread)) {
    const step = thread.hasFailed ? undefined : thread.steps[thread.index];
    if (step === undefined) {
      finish(machine, thread);
      return;
    }
    now.message = thread.run.cause.message;
    for (const inner of perform(machine, thread, step)) advance(machine, inner);
  }
}

const isWaiting = ({ open, timer, watch }: Thread): boolean =>
  open > 0 || (timer !== undefined && timer.place >= 0) || watch !== undefined;

/** A list is done; the one around it goes on. */
function finish(machine: Machine, thread: Thread): void {
  thread.isOver = true;
  const { parent, run } = thread;
  if (parent === undefined) {
    endRun(machine, run);
    return;
  }
  if (thread.hasFailed) parent.hasFailed = true;
  parent.open -= 1;
  if (parent.open === 0) closeRecord(machine, parent);
  advance(machine, parent);
}

/** The step that had lists of its own is done with them. */
function closeRecord({ kit }: Machine, { record, hasFailed }: Thread): void {
  if (record === undefined || record.state !== 'running') return;
  record.state = hasFailed ? 'failed' : 'done';
  record.ms = kit.now.wall - record.at;
}

function without(runs: readonly Run[], run: Run): readonly Run[] {
  const others = runs.filter((other) => other !== run);
  return others.length === 0 ? NO_RUNS : others;
}

function endRun(machine: Machine, run: Run): void {
  if (run.isOver) return;
  run.isOver = true;
  const { state, trace } = run;
  const [root] = run.threads;
  state.runs = without(state.runs, run);
  if (root?.hasFailed === true) noteFailure(machine, run);
  else noteSuccess(state);
  keepTrace(state, trace);
  if (run.isKept) machine.world.onChange();
  machine.ended(run);
}

function noteSuccess(state: RuleState): void {
  state.isFailing = false;
  state.lastFailure = undefined;
}

/** Told once, until it has run well again. */
function noteFailure({ world }: Machine, { state, trace }: Run): void {
  const failed = trace.steps.find((step) => BROKEN.has(step.state));
  const rule = state.rule.name;
  trace.result = 'failed';
  state.lastFailure =
    failed === undefined ? 'it did not come to its end' : `${failed.text}: ${failed.why ?? failed.state}`;
  if (state.isFailing) return;
  state.isFailing = true;
  world.onNotice({
    rule,
    code: 'HB332',
    message: `Rule ${rule} failed: ${state.lastFailure}`,
    fix: `hanbus why ${rule}`,
  });
}

/** Ends a run as it is: what it started on hardware stays, and what it waits for is not waited for any more. */
export function cancel(machine: Machine, run: Run, why: string): void {
  run.isOver = true;
  run.state.runs = without(run.state.runs, run);
  for (const thread of run.threads) stopThread(machine, thread, why);
  keepTrace(run.state, run.trace);
}

function stopThread(machine: Machine, thread: Thread, why: string): void {
  thread.isOver = true;
  for (const id of thread.ids) {
    const pending = machine.pending.get(id);
    if (pending?.thread !== thread) continue;
    machine.pending.delete(id);
    settleRecord(pending.record, why);
  }
  if (thread.timer !== undefined) machine.timers.clear(thread.timer);
  if (thread.watch !== undefined) machine.unwatch(thread.watch);
  thread.watch = undefined;
  if (thread.record !== undefined) settleRecord(thread.record, why);
}

function settleRecord(record: StepRecord, why: string): void {
  if (FINAL_STATES.includes(record.state)) return;
  record.state = 'superseded';
  record.why = why;
}

/** What became of an action. A list goes on when all that it waits for is told. */
export function takeOutcome(machine: Machine, { id, state, why }: Outcome): void {
  const pending = machine.pending.get(id);
  if (pending === undefined) return;
  const { thread, record } = pending;
  record.state = state;
  if (why !== undefined) record.why = why;
  if (!FINAL_STATES.includes(state)) return;
  machine.pending.delete(id);
  record.ms = machine.kit.now.mono - pending.at;
  if (!GOES_ON.has(state)) thread.hasFailed = true;
  thread.open -= 1;
  if (thread.open > 0) return;
  if (thread.timer !== undefined) machine.timers.clear(thread.timer);
  advance(machine, thread);
  if (thread.run.isKept) machine.world.onChange();
}
