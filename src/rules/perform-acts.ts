import type { Value } from '../schemes/reading.ts';
import type { Step } from '../schemes/rules/step.ts';
import { rememberEcho } from './echoes.ts';
import { giveUp } from './give-up.ts';
import type { Machine } from './machine.ts';
import { payloadOf } from './payload.ts';
import type { StoredPending } from './stored.ts';
import { makeTimer } from './timers.ts';
import { isTopic } from './topic.ts';
import type { StepRecord } from './trace-record.ts';
import { LONGEST_TEXT, valueOfSource, wholeTextOf } from './values.ts';
import { awaitOutcome, done, fail, idOf, type Work } from './work.ts';

type Of<Do extends Step['do']> = Extract<Step, { readonly do: Do }>;

const UNKNOWN = `its value is unknown now, or longer than ${LONGEST_TEXT} characters`;
/** How long a command may take when it says nothing, and how much later its outcome may come; ms. */
const TTL_MS = 30_000;
const LATE_MS = 5_000;
/** A service may have to try again. */
const SERVICE_MS = 120_000;

/** All targets at once; the list goes on when each has its outcome. */
export function set(work: Work, step: Of<'set'>): void {
  const { thread, record } = work;
  const isOne = step.targets.length === 1;
  for (const target of step.targets) {
    const own = isOne ? record : recordOf(work, `${target}: ${step.text}`);
    command({ ...work, record: own }, step, target);
    if (thread.isOver) return;
  }
  if (!isOne) done(work);
  if (thread.open > 0) limit(work, (step.ttlMs ?? TTL_MS) + LATE_MS);
  else if (isOne && record.state === 'running') record.state = 'accepted';
}

function recordOf({ machine, thread }: Work, text: string): StepRecord {
  const record: StepRecord = { text, at: machine.kit.now.wall, state: 'running' };
  thread.run.trace.steps.push(record);
  return record;
}

function command(work: Work, step: Of<'set'>, target: string): void {
  const { machine, record } = work;
  const value = valueOfSource(step.value, machine, target);
  if (value === undefined) {
    fail(work, UNKNOWN);
    return;
  }
  if (breaks(work, target)) return;
  const id = idOf(work, target);
  awaitOutcome(work, { id, record, target, value });
  order(work, step, { id, target, value });
}

function order({ machine, thread }: Work, step: Of<'set'>, what: { id: string; target: string; value: Value }): void {
  const { mode, ttlMs, forMs } = step;
  const { id, target, value } = what;
  machine.world.act({
    kind: 'command',
    id,
    rule: thread.run.state.rule.name,
    target,
    value,
    ...(mode === undefined ? {} : { mode }),
    ...(ttlMs === undefined ? {} : { ttlMs }),
    ...(forMs === undefined ? {} : { forMs }),
  });
}

/**
 * After a restart: a command that is harmless to repeat is given again with its id, which is executed once. Of an act nobody
 * knows whether it was done: it is not repeated, and the list ends.
 */
export function resend(work: Work, step: Step | undefined, pending: readonly StoredPending[]): void {
  const { machine, thread } = work;
  for (const { id, target, value, record: place } of pending) {
    const record = thread.run.trace.steps[place] ?? work.record;
    if (value === null || step?.do !== 'set' || !isHarmless(machine, step, target)) {
      record.state = 'unknown';
      record.why = 'the node was off before it was told';
      thread.hasFailed = true;
      continue;
    }
    awaitOutcome(work, { id, record, target, value });
    limit(work, (step.ttlMs ?? TTL_MS) + LATE_MS);
    order(work, step, { id, target, value });
  }
  if (thread.open === 0) machine.advance(thread);
}

function isHarmless({ world }: Machine, { mode }: Of<'set'>, target: string): boolean {
  return mode === 'set' || (mode === undefined && world.isOnce?.(target) === false);
}

/** The list does not wait for ever: what is not told in time is unknown, and the list ends. */
function limit({ machine, thread }: Work, ms: number): void {
  thread.timer = makeTimer(() => giveUp(machine, thread));
  machine.timers.set(thread.timer, machine.kit.now.mono + ms);
}

/** True: the rule was paused by this act, which is not done. */
function breaks({ machine, thread }: Work, target: string): boolean {
  const { state } = thread.run;
  if (state.isExempt) return false;
  const flap = machine.breaker.acted(state, target, machine.kit.now.mono);
  if (flap === undefined) return false;
  machine.pause(flap);
  return flap.state === state;
}

export function variable(work: Work, step: Of<'variable'>): void {
  const { machine, thread } = work;
  const value = valueOfSource(step.value, machine, step.variable);
  if (value === undefined) {
    fail(work, UNKNOWN);
    return;
  }
  if (breaks(work, step.variable)) return;
  done(work);
  const rule = thread.run.state.rule.name;
  machine.world.act({ kind: 'variable', id: idOf(work, step.variable), rule, variable: step.variable, value });
}

export function publish(work: Work, step: Of<'publish'>): void {
  const { machine, thread } = work;
  const { state, cause } = thread.run;
  const topic = wholeTextOf(step.topic, machine);
  const payload = payloadOf(step.payload, machine);
  if (topic === undefined || !isTopic(topic)) {
    fail(work, topic === undefined ? 'a part of its topic is unknown now' : `"${topic}" is not a topic`);
    return;
  }
  if (payload === undefined) {
    fail(work, UNKNOWN);
    return;
  }
  if (cause.chain.includes(state.rule.name) && breaks(work, topic)) return;
  rememberEcho(machine, state.rule.name, topic, cause.chain);
  done(work);
  const { retain, qos } = step;
  machine.world.act({ kind: 'publish', id: idOf(work), rule: state.rule.name, topic, payload, retain, qos });
}

export function service(work: Work, step: Of<'service'>): void {
  const { machine, thread, record } = work;
  const args: Record<string, NonNullable<ReturnType<typeof valueOfSource>>> = {};
  for (const [name, source] of Object.entries(step.args)) {
    const value = valueOfSource(source, machine);
    if (value === undefined) {
      fail(work, `${name} is unknown now, or longer than ${LONGEST_TEXT} characters`);
      return;
    }
    args[name] = value;
  }
  if (breaks(work, `service:${step.service}`)) return;
  const id = idOf(work, step.service);
  awaitOutcome(work, { id, record, target: `service:${step.service}`, value: undefined });
  limit(work, SERVICE_MS);
  machine.world.act({ kind: 'service', id, rule: thread.run.state.rule.name, service: step.service, args });
}
