import type { Value } from '../schemes/reading.ts';
import type { Trace } from './engine-world.ts';
import type { TraceRecord } from './trace-record.ts';

const MOST = 20;
const DULL_MS = 3_600_000;
/** A day of dull ones. */
const MOST_DULL = 24;

/** What a rule did and did not, by interest: 20 that acted, 20 that failed, and one per hour of the rest. */
export interface RuleTraces {
  readonly acted: TraceRecord[];
  readonly failed: TraceRecord[];
  readonly dull: TraceRecord[];
}

export const makeTraces = (): RuleTraces => ({ acted: [], failed: [], dull: [] });

export function keepTrace(state: { traces: RuleTraces | undefined }, record: TraceRecord): void {
  state.traces ??= makeTraces();
  const { traces } = state;
  if (record.result === 'acted') push(traces.acted, record, MOST);
  else if (record.result === 'failed') push(traces.failed, record, MOST);
  else keepDull(traces.dull, record);
}

function push(list: TraceRecord[], record: TraceRecord, most: number): void {
  list.push(record);
  if (list.length > most) list.shift();
}

/** The last of each hour: what just happened can always be seen. */
function keepDull(list: TraceRecord[], record: TraceRecord): void {
  const last = list.at(-1);
  const isSameHour = last !== undefined && Math.floor(last.at / DULL_MS) === Math.floor(record.at / DULL_MS);
  if (isSameHour) list.pop();
  push(list, record, MOST_DULL);
}

/** Newest first. */
export function allTraces({ acted, failed, dull }: RuleTraces): readonly TraceRecord[] {
  return [...acted, ...failed, ...dull].toSorted((a, b) => b.at - a.at);
}

/** As it is told to others. */
export function shownTrace(record: TraceRecord, reads: readonly string[]): Trace {
  const { at, result, cause, steps, fingerprint } = record;
  const values: Record<string, Value | null> = {};
  for (const [index, name] of reads.entries()) values[name] = record.values[index] ?? null;
  return { at, result, cause, values, steps: steps.map((step) => ({ ...step })), fingerprint };
}
