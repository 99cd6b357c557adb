import { MOST_ACTS, Recent, WITHIN_MS } from './recent.ts';
import type { RuleState } from './rule-state.ts';

const MOST_TARGETS = 10_000;

/** Who is paused, and why in words. */
export interface Flap {
  readonly state: RuleState;
  readonly code: 'HB330' | 'HB331';
  readonly message: string;
}

/** A target that several rules write. */
interface Shared {
  readonly recent: Recent;
  /** The rules that wrote it, with the time of the last. */
  readonly by: Map<RuleState, number>;
}

/** Most targets have one writer, whose own acts say enough. */
type Writers = RuleState | Shared;

const isShared = (writers: Writers): writers is Shared => 'recent' in writers;

/** Watches that no rule runs wild and no two rules fight over a target. */
export interface Breaker {
  /** A rule acts on a target, at a monotonic time. Undefined: all is well. */
  acted(state: RuleState, target: string, mono: number): Flap | undefined;
  /** Starts counting anew. */
  forgive(state: RuleState): void;
}

export function makeBreaker(): Breaker {
  const targets = new Map<string, Writers>();
  /** What a rule wrote that it does not say beforehand: topics, services. */
  const others = new WeakMap<RuleState, Set<string>>();

  /** Undefined: nobody else writes it. */
  const sharedOf = (target: string, state: RuleState, mono: number): Shared | undefined => {
    const known = targets.get(target);
    if (known === state) return undefined;
    if (known === undefined) {
      if (targets.size >= MOST_TARGETS) forgetOld(targets, mono);
      targets.set(target, state);
      return undefined;
    }
    if (isShared(known)) return known;
    const shared = { recent: new Recent(), by: new Map([[known, known.acts?.last ?? mono]]) };
    targets.set(target, shared);
    return shared;
  };

  return {
    acted(state, target, mono) {
      state.acts ??= new Recent();
      const shared = sharedOf(target, state, mono);
      if (!state.rule.writes.includes(target)) noteOther(others, state, target);
      shared?.by.delete(state);
      shared?.by.set(state, mono);
      const fights = shared?.recent.isTooOften(mono) === true ? fighters(shared, mono) : [];
      if (state.acts.isTooOften(mono)) {
        const message = `Rule ${state.rule.name} acted ${MOST_ACTS} times in ${WITHIN_MS / 1000} s; I paused it`;
        return { state, code: 'HB330', message };
      }
      return fights.length > 1 ? fight(fights, target) : undefined;
    },
    forgive(state) {
      if (state.acts === undefined) return;
      state.acts = undefined;
      // What it wrote is counted anew, whoever else writes it.
      for (const target of [...state.rule.writes, ...(others.get(state) ?? [])]) targets.delete(target);
      others.delete(state);
    },
  };
}

function noteOther(others: WeakMap<RuleState, Set<string>>, state: RuleState, target: string): void {
  const known = others.get(state);
  if (known === undefined) others.set(state, new Set([target]));
  else if (known.size < MOST_TARGETS) known.add(target);
}

function forgetOld(targets: Map<string, Writers>, mono: number): void {
  for (const [target, writers] of targets) {
    const last = isShared(writers) ? writers.recent.last : (writers.acts?.last ?? 0);
    if (last < mono - WITHIN_MS) targets.delete(target);
  }
  if (targets.size >= MOST_TARGETS) targets.clear();
}

function fighters({ by }: Shared, mono: number): readonly RuleState[] {
  return [...by].filter(([, at]) => mono - at <= WITHIN_MS).map(([state]) => state);
}

/** The newer of them gives way. */
function fight(states: readonly RuleState[], target: string): Flap | undefined {
  const [older, newer] = states.toSorted((a, b) => a.order - b.order).slice(-2);
  if (older === undefined || newer === undefined) return undefined;
  const message = `Rules ${older.rule.name} and ${newer.rule.name} switched ${target} ${MOST_ACTS} times in ${WITHIN_MS / 1000} s; I paused ${newer.rule.name} (the newer)`;
  return { state: newer, code: 'HB331', message };
}
