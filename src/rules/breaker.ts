import type { RuleState } from './rule-state.ts';

/** More acts than this in so many ms is flapping. */
const MOST_ACTS = 20;
const WITHIN_MS = 10_000;
const MOST_TARGETS = 10_000;

/** Who is paused, and why in words. */
export interface Flap {
  readonly state: RuleState;
  readonly code: 'HB330' | 'HB331';
  readonly message: string;
}

interface Written {
  readonly times: number[];
  /** The rules that wrote it, with the time of the last. */
  readonly by: Map<RuleState, number>;
}

/** Watches that no rule runs wild and no two rules fight over a target. */
export interface Breaker {
  /** A rule acts on a target, at a monotonic time. Undefined: all is well. */
  acted(state: RuleState, target: string, mono: number): Flap | undefined;
  /** Starts counting anew. */
  forgive(state: RuleState): void;
}

/** Puts in a time, and says whether there are too many. */
function isTooOften(times: number[], mono: number): boolean {
  times.push(mono);
  if (times.length <= MOST_ACTS) return false;
  return mono - (times.shift() ?? mono) <= WITHIN_MS;
}

export function makeBreaker(): Breaker {
  const targets = new Map<string, Written>();

  const written = new WeakMap<RuleState, Set<string>>();

  const entryOf = (target: string, mono: number): Written => {
    let entry = targets.get(target);
    if (entry !== undefined) return entry;
    if (targets.size >= MOST_TARGETS) forgetOld(targets, mono);
    entry = { times: [], by: new Map() };
    targets.set(target, entry);
    return entry;
  };

  return {
    acted(state, target, mono) {
      state.acts ??= [];
      const entry = entryOf(target, mono);
      const own = written.get(state);
      if (own === undefined) written.set(state, new Set([target]));
      else if (own.size < MOST_TARGETS) own.add(target);
      entry.by.delete(state);
      entry.by.set(state, mono);
      const fights = isTooOften(entry.times, mono) ? fighters(entry, mono) : [];
      if (isTooOften(state.acts, mono)) {
        const message = `Rule ${state.rule.name} acted ${MOST_ACTS} times in ${WITHIN_MS / 1000} s; I paused it`;
        return { state, code: 'HB330', message };
      }
      return fights.length > 1 ? fight(fights, target) : undefined;
    },
    forgive(state) {
      if (state.acts === undefined) return;
      state.acts = undefined;
      // What it wrote is counted anew, whoever else writes it.
      for (const target of written.get(state) ?? []) targets.delete(target);
      written.delete(state);
    },
  };
}

function forgetOld(targets: Map<string, Written>, mono: number): void {
  for (const [target, { times }] of targets) if ((times.at(-1) ?? 0) < mono - WITHIN_MS) targets.delete(target);
  if (targets.size >= MOST_TARGETS) targets.clear();
}

function fighters({ by }: Written, mono: number): readonly RuleState[] {
  return [...by].filter(([, at]) => mono - at <= WITHIN_MS).map(([state]) => state);
}

/** The newer of them gives way. */
function fight(states: readonly RuleState[], target: string): Flap | undefined {
  const [older, newer] = states.toSorted((a, b) => a.order - b.order).slice(-2);
  if (older === undefined || newer === undefined) return undefined;
  const message = `Rules ${older.rule.name} and ${newer.rule.name} switched ${target} ${MOST_ACTS} times in ${WITHIN_MS / 1000} s; I paused ${newer.rule.name} (the newer)`;
  return { state: newer, code: 'HB331', message };
}
