import { durationText } from '../schemes/quantity.ts';
import { countsAsOn, type GuardedPoint, HOUR_MS, isAway, isSame } from './guard-state.ts';
import { isByGuard, isByRule, type Pending } from './pending.ts';
import { type Refusal, rejected } from './refusal.ts';

/** What the limits of a point say about a command now. */
export type Verdict =
  | { readonly do: 'go' }
  /** Again when something changes, `until` at the latest. `turnOff`: these must be switched off for it. */
  | { readonly do: 'wait'; readonly until: number; readonly why: string; readonly turnOff?: readonly GuardedPoint[] }
  | { readonly do: 'refuse'; readonly refusal: Refusal };

export interface JudgeWorld {
  /** Whether a condition of the rule language holds; undefined: nobody knows. */
  readonly evaluate: ((condition: string) => boolean | undefined) | undefined;
  /** The other members of an interlock. */
  readonly others: (guarded: GuardedPoint) => readonly GuardedPoint[];
}

const GO: Verdict = { do: 'go' };
const refuse = (code: string, why: string): Verdict => ({ do: 'refuse', refusal: rejected(code, why) });

/** Pure: reads states, changes none. */
export function judge(guarded: GuardedPoint, pending: Pending, now: number, world: JudgeWorld): Verdict {
  const { command, kind } = pending;
  if (kind === 'safety') return GO;
  const isLeaving = !isSame(command.value, guarded.rest);
  if (kind === 'restore') return isLeaving ? interlock(guarded, pending, now, world) : GO;
  const manual = byHand(guarded, pending, now);
  if (manual !== undefined) return manual;
  if (!isLeaving) return locked(guarded, pending, now, onLock(guarded));
  const condition = conditionOf(guarded, world);
  if (condition !== undefined) return condition;
  const lock = isAway(guarded) ? GO : locked(guarded, pending, now, offLock(guarded, now));
  return lock.do === 'go' ? interlock(guarded, pending, now, world) : lock;
}

function byHand(
  { state: { manualUntil = 0 }, name }: GuardedPoint,
  { command }: Pending,
  now: number,
): Verdict | undefined {
  if (manualUntil <= now || !isByRule(command)) return undefined;
  return refuse('HB365', `${name} was switched by hand; rules leave it alone for ${inWords(manualUntil - now)}`);
}

function conditionOf({ guards: { onlyIf }, name }: GuardedPoint, { evaluate }: JudgeWorld): Verdict | undefined {
  if (onlyIf === undefined) return undefined;
  const holds = evaluate?.(onlyIf);
  if (holds === true) return undefined;
  return refuse(
    'HB364',
    `${name} is switched on only if ${onlyIf}, which is ${holds === false ? 'not so' : 'not known'} now`,
  );
}

interface Lock {
  readonly until: number;
  readonly why: string;
}

/** What keeps it on: `min_on`. */
export function onLock(guarded: GuardedPoint): Lock | undefined {
  const { state, guards } = guarded;
  if (guards.minOnMs === undefined || state.onAt === undefined || !isAway(guarded)) return undefined;
  return { until: state.onAt + guards.minOnMs, why: `min_on ${durationText(guards.minOnMs)}` };
}

/** What keeps it off: `min_off` and `max_per_hour`. */
export function offLock({ state, guards }: GuardedPoint, now: number): Lock | undefined {
  const { minOffMs, maxPerHour } = guards;
  const rest = minOffMs === undefined || state.offAt === undefined ? 0 : state.offAt + minOffMs;
  const recent = state.switches.filter((at) => at > now - HOUR_MS);
  const over = maxPerHour === undefined ? -1 : recent.length - maxPerHour;
  const oldest = over < 0 ? undefined : recent[over];
  const free = oldest === undefined ? 0 : oldest + HOUR_MS;
  if (rest >= free) return { until: rest, why: `min_off ${durationText(minOffMs ?? 0)}` };
  return { until: free, why: `max_per_hour ${maxPerHour}` };
}

function locked({ name }: GuardedPoint, { command }: Pending, now: number, lock: Lock | undefined): Verdict {
  if (lock === undefined || lock.until <= now) return GO;
  const why = `${lock.why} of ${name} has ${inWords(lock.until - now)} to go`;
  if (lock.until > command.deadline) return refuse('HB362', why);
  return { do: 'wait', until: lock.until, why };
}

/** One member at most is on: with a wait time the others are switched off first, without one the command is refused. */
function interlock(guarded: GuardedPoint, { command }: Pending, now: number, world: JudgeWorld): Verdict {
  const { interlock: group, interlockWaitMs = 0 } = guarded.guards;
  if (group === undefined) return GO;
  const others = world.others(guarded);
  const on = others.filter(countsAsOn);
  const [first] = on;
  if (first !== undefined) {
    const why = `${first.name} of the interlock ${group} is on`;
    if (interlockWaitMs === 0 || now + interlockWaitMs > command.deadline || isByGuard(command)) {
      return refuse('HB363', why);
    }
    return { do: 'wait', until: Number.POSITIVE_INFINITY, why, turnOff: on };
  }
  const free = Math.max(...others.map(({ state }) => (state.offAt ?? Number.NEGATIVE_INFINITY) + interlockWaitMs), 0);
  if (free <= now) return GO;
  const why = `the interlock ${group} waits ${durationText(interlockWaitMs)} between two of its members`;
  return free > command.deadline ? refuse('HB363', why) : { do: 'wait', until: free, why };
}

/** A time as people say it. */
export function inWords(ms: number): string {
  if (ms < 1_000) return durationText(Math.ceil(ms));
  return durationText(Math.ceil(ms / 1_000) * 1_000);
}
