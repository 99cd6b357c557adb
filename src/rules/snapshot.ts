import type { Cause } from './cause.ts';
import type { Moment } from './engine-world.ts';
import type { Machine } from './machine.ts';
import type { RuleState, Run, Thread } from './rule-state.ts';
import type { StoredList, StoredRule, StoredRun, StoredTraces } from './stored.ts';
import { actedOf, lastRunOf, makeTraces } from './traces.ts';
import { TestWatch } from './watches.ts';

/** Traces kept over a restart: of one rule of each kind, and of all rules. */
const TRACES_OF_RULE = 5;
const TRACES_OF_ALL = 2_000;

/** JSON of all that must survive a restart; rules with nothing to tell are left out. */
export function snapshotOf(machine: Machine, { mono, wall, isTrusted }: Moment): unknown {
  const toWall = (at: number): number => Math.round(at - mono + wall);
  let left = TRACES_OF_ALL;
  const rules: StoredRule[] = [];
  for (const state of machine.states.values()) {
    const stored = ruleOf(machine, state, toWall);
    const { acted, failed, dull } = stored.traces;
    left -= acted.length + failed.length + dull.length;
    if (hasNews(stored)) rules.push(left > 0 ? stored : { ...stored, traces: makeTraces() });
  }
  return { version: 1, wall, isTrusted, rules };
}

function hasNews({ known, held, schedules, runs, queue, ...rest }: StoredRule): boolean {
  const lists = [known, held, schedules, runs, queue, rest.traces.acted, rest.traces.failed, rest.traces.dull];
  return rest.isPaused || rest.isFlapping || lists.some((list) => list.length > 0);
}

function ruleOf(machine: Machine, state: RuleState, toWall: (mono: number) => number): StoredRule {
  const tests = state.watches.map((watch) => (watch instanceof TestWatch ? watch : undefined));
  const schedules = machine.schedules.of(state);
  return {
    name: state.rule.name,
    fingerprint: state.rule.fingerprint,
    isPaused: state.isPaused,
    isFlapping: state.isFlapping,
    cooldownUntil: Number.isFinite(state.cooldownUntil) ? toWall(state.cooldownUntil) : undefined,
    isElseDue: state.isElseDue,
    // What was false counts as never known: true at the start is no news.
    known: tests.flatMap((test, place) => (test?.known === true ? [[place, true] as const] : [])),
    held: tests.flatMap((test, place) =>
      (test?.trackers ?? []).flatMap((tracker, at) => (tracker.holds ? [[place, at] as const] : [])),
    ),
    today: state.today,
    day: state.day,
    lastRun: lastRunOf(state),
    lastFailure: state.lastFailure,
    // A trigger that was never planned, since nobody set the clock, has nothing to tell.
    schedules: schedules.flatMap(({ trigger, through, fired }) =>
      Number.isNaN(through) ? [] : [{ trigger, through: Math.max(through, machine.schedules.seen), fired }],
    ),
    runs: state.runs.map((run) => runOf(machine, run, toWall)),
    queue: state.queue.map(storedCause),
    traces: tracesOf(state),
  };
}

function tracesOf({ traces }: RuleState): StoredTraces {
  if (traces === undefined) return makeTraces();
  const { failed, dull } = traces;
  // Those of runs that go on are stored with them.
  return {
    acted: actedOf(traces).slice(-TRACES_OF_RULE),
    failed: failed.slice(-TRACES_OF_RULE),
    dull: dull.slice(-TRACES_OF_RULE),
  };
}

function runOf(machine: Machine, run: Run, toWall: (mono: number) => number): StoredRun {
  const { part, cause, trace } = run;
  const threads = run.threads.filter(({ isOver }) => !isOver);
  const lists = threads.map((thread) => listOf(machine, threads, thread, toWall));
  return { part, cause: storedCause(cause), trace, lists };
}

/** Characters of a message that a restart still knows; a longer one is unknown after it, or big messages wear out the flash. */
const LONGEST_STORED = 4_096;

function storedCause(cause: Cause): Cause {
  const { message } = cause;
  const isKept = message !== undefined && message.payload.length <= LONGEST_STORED;
  return { ...cause, message: isKept ? { topic: message.topic, payload: message.payload } : undefined };
}

function listOf(
  { pending }: Machine,
  threads: readonly Thread[],
  thread: Thread,
  toWall: (mono: number) => number,
): StoredList {
  const { path, parent, index, hasFailed, timer, record, run } = thread;
  const { steps } = run.trace;
  const open = thread.ids.flatMap((id) => {
    const one = pending.get(id);
    return one?.thread === thread ? [[id, one] as const] : [];
  });
  return {
    path,
    parent: parent === undefined ? -1 : threads.indexOf(parent),
    index,
    hasFailed,
    ...(open.length === 0 && timer !== undefined && timer.place >= 0 ? { until: toWall(timer.at) } : {}),
    ...(record === undefined ? {} : { record: steps.indexOf(record) }),
    pending: open.map(([id, { target, value, record: own }]) => ({
      id,
      target,
      value: value ?? null,
      record: steps.indexOf(own),
    })),
  };
}
