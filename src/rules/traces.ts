import type { Value } from '../schemes/reading.ts';
import type { Rule } from '../schemes/rules/rule.ts';
import type { Trace } from './engine-world.ts';
import type { Slot } from './slots.ts';
import { type DullResult, type TraceRecord, valuesOf } from './trace-record.ts';
import { TraceRing } from './trace-ring.ts';

const MOST = 20;
const DULL_MS = 3_600_000;
/** A day of dull ones. */
const MOST_DULL = 24;

/** What a rule did and did not, by interest: 20 that acted, 20 that failed, and one per hour of the rest. */
export interface RuleTraces {
  readonly acted: TraceRecord[];
  readonly failed: TraceRecord[];
  readonly dull: TraceRecord[];
  /** The last of the dull ones. */
  newest?: TraceRecord;
  /** Those that acted with nothing to say beside the times. */
  ring?: TraceRing;
}

interface Traced {
  readonly rule: Rule;
  readonly reads: readonly Slot[];
  traces: RuleTraces | undefined;
}

export const makeTraces = (): RuleTraces => ({ acted: [], failed: [], dull: [] });

export function keepTrace(state: Traced, record: TraceRecord): void {
  state.traces ??= makeTraces();
  const { traces } = state;
  if (record.result === 'failed') push(traces.failed, record, MOST);
  else if (!ringOf(state, traces).put(record)) push(traces.acted, record, MOST);
}

/** A quick rule acted. */
export function keepQuick(state: Traced, at: number, cause: string): void {
  state.traces ??= makeTraces();
  ringOf(state, state.traces).quick(at, cause, state.reads);
}

function ringOf({ rule }: Traced, traces: RuleTraces): TraceRing {
  traces.ring ??= new TraceRing(rule, MOST);
  return traces.ring;
}

function push(list: TraceRecord[], record: TraceRecord, most: number): void {
  list.push(record);
  if (list.length > most) list.shift();
}

/** It came to nothing. Only the last of each hour stays, written over: what just happened can always be seen. */
export function keepDull(state: Traced, at: number, result: DullResult, cause: string): void {
  state.traces ??= makeTraces();
  const { dull } = state.traces;
  const last = state.traces.newest ?? dull[dull.length - 1];
  const values = valuesOf(state.reads);
  const { fingerprint } = state.rule;
  if (last === undefined || Math.floor(last.at / DULL_MS) !== Math.floor(at / DULL_MS)) {
    state.traces.newest = { at, result, cause, values, steps: [], fingerprint };
    push(dull, state.traces.newest, MOST_DULL);
    return;
  }
  last.at = at;
  last.result = result;
  last.cause = cause;
  last.values = values;
  last.fingerprint = fingerprint;
}

/** Wall ms; undefined: it never ran. */
export function lastRunOf({
  lastRun,
  traces,
}: Pick<Traced, 'traces'> & { lastRun: number | undefined }): number | undefined {
  const at = traces?.ring?.lastAt;
  return at === undefined ? lastRun : Math.max(at, lastRun ?? at);
}

/** Those that acted, oldest first. */
export function actedOf({ acted, ring }: RuleTraces): readonly TraceRecord[] {
  if (ring === undefined) return acted;
  return [...acted, ...ring.records()].toSorted((a, b) => a.at - b.at).slice(-MOST);
}

/** What goes over to a rule that was changed: it tells of the rule that it was. */
export function settledTraces(traces: RuleTraces): RuleTraces {
  const { failed, dull } = traces;
  return { acted: [...actedOf(traces)], failed, dull };
}

/** Newest first. */
export function allTraces(traces: RuleTraces): readonly TraceRecord[] {
  return [...actedOf(traces), ...traces.failed, ...traces.dull].toSorted((a, b) => b.at - a.at);
}

/** As it is told to others. */
export function shownTrace(record: TraceRecord, reads: readonly string[]): Trace {
  const { at, result, cause, steps, fingerprint } = record;
  const values: Record<string, Value | null> = {};
  for (const [index, name] of reads.entries()) values[name] = record.values[index] ?? null;
  return { at, result, cause, values, steps: steps.map((step) => ({ ...step })), fingerprint };
}
