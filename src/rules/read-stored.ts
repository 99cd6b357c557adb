import { FINAL_STATES } from '../schemes/command.ts';
import type { Value } from '../schemes/reading.ts';
import type { Cause } from './cause.ts';
import type {
  Stored,
  StoredList,
  StoredPending,
  StoredRule,
  StoredRun,
  StoredSchedule,
  StoredTraces,
} from './stored.ts';
import type { RunResult, StepRecord, TraceRecord } from './trace-record.ts';

type Raw = Readonly<Record<string, unknown>>;

const isRecord = (value: unknown): value is Raw => typeof value === 'object' && value !== null && !Array.isArray(value);
const isNumber = (value: unknown): value is number => typeof value === 'number' && Number.isFinite(value);
const isPair = (value: unknown): value is readonly [number, unknown] =>
  Array.isArray(value) && value.length === 2 && isNumber(value[0]);
const isValue = (value: unknown): value is Value => value !== undefined && value !== null && !Number.isNaN(value);
const numberOf = (value: unknown): number | undefined => (isNumber(value) ? value : undefined);
const textOf = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);

function listOf<T>(value: unknown, read: (item: unknown) => T | undefined): readonly T[] {
  if (!Array.isArray(value)) return [];
  const items: readonly unknown[] = value;
  return items.map(read).filter((item) => item !== undefined);
}

/** What does not fit is left out; undefined: nothing fits. */
export function readStored(raw: unknown): Stored | undefined {
  if (!isRecord(raw) || raw.version !== 1 || !isNumber(raw.wall)) return undefined;
  return {
    wall: raw.wall,
    isTrusted: raw.isTrusted === true,
    rules: new Map(listOf(raw.rules, readRule).map((rule) => [rule.name, rule])),
  };
}

function readRule(raw: unknown): StoredRule | undefined {
  if (!isRecord(raw) || typeof raw.name !== 'string' || typeof raw.fingerprint !== 'string') return undefined;
  return {
    name: raw.name,
    fingerprint: raw.fingerprint,
    isPaused: raw.isPaused === true,
    isFlapping: raw.isFlapping === true,
    cooldownUntil: numberOf(raw.cooldownUntil),
    isElseDue: raw.isElseDue === true,
    known: listOf(raw.known, (pair) => (isPair(pair) ? ([pair[0], pair[1] === true] as const) : undefined)),
    held: listOf(raw.held, (pair) => (isPair(pair) && isNumber(pair[1]) ? ([pair[0], pair[1]] as const) : undefined)),
    today: numberOf(raw.today) ?? 0,
    day: numberOf(raw.day) ?? Number.NaN,
    lastRun: numberOf(raw.lastRun),
    lastFailure: textOf(raw.lastFailure),
    schedules: listOf(raw.schedules, readSchedule),
    runs: listOf(raw.runs, readRun),
    queue: listOf(raw.queue, readCause),
    traces: readTraces(raw.traces),
  };
}

function readSchedule(raw: unknown): StoredSchedule | undefined {
  if (!isRecord(raw) || !isNumber(raw.trigger) || !isNumber(raw.through)) return undefined;
  return { trigger: raw.trigger, through: raw.through, fired: listOf(raw.fired, numberOf) };
}

function readCause(raw: unknown): Cause | undefined {
  if (!isRecord(raw) || typeof raw.point !== 'string') return undefined;
  const { message } = raw;
  const isMessage = isRecord(message) && typeof message.topic === 'string' && typeof message.payload === 'string';
  return {
    trigger: numberOf(raw.trigger) ?? -1,
    text: textOf(raw.text) ?? '',
    point: raw.point,
    epoch: numberOf(raw.epoch) ?? 0,
    sequence: numberOf(raw.sequence) ?? 0,
    message: isMessage ? { topic: String(message.topic), payload: String(message.payload) } : undefined,
    chain: listOf(raw.chain, textOf),
  };
}

function readRun(raw: unknown): StoredRun | undefined {
  if (!isRecord(raw)) return undefined;
  const [cause, trace] = [readCause(raw.cause), readTrace(raw.trace)];
  if (cause === undefined || trace === undefined) return undefined;
  return { part: raw.part === 'else' ? 'else' : 'then', cause, trace, lists: listOf(raw.lists, readList) };
}

function readList(raw: unknown): StoredList | undefined {
  if (!isRecord(raw) || typeof raw.path !== 'string' || !isNumber(raw.parent) || !isNumber(raw.index)) return undefined;
  return {
    path: raw.path,
    parent: raw.parent,
    index: raw.index,
    hasFailed: raw.hasFailed === true,
    ...(isNumber(raw.until) ? { until: raw.until } : {}),
    ...(isNumber(raw.record) ? { record: raw.record } : {}),
    pending: listOf(raw.pending, readPending),
  };
}

function readPending(raw: unknown): StoredPending | undefined {
  if (!isRecord(raw) || typeof raw.id !== 'string' || typeof raw.target !== 'string') return undefined;
  const value = isValue(raw.value) ? raw.value : null;
  return { id: raw.id, target: raw.target, value, record: numberOf(raw.record) ?? -1 };
}

const RESULTS: readonly RunResult[] = ['acted', 'condition', 'cooldown', 'failed', 'ignored', 'paused', 'short'];

function readTrace(raw: unknown): TraceRecord | undefined {
  if (!isRecord(raw) || !isNumber(raw.at) || !Array.isArray(raw.values)) return undefined;
  const result = RESULTS.find((one) => one === raw.result);
  if (result === undefined) return undefined;
  const values: readonly unknown[] = raw.values;
  return {
    at: raw.at,
    result,
    cause: textOf(raw.cause) ?? '',
    values: values.map((value) => (isValue(value) ? value : null)),
    steps: [...listOf(raw.steps, readStep)],
    fingerprint: textOf(raw.fingerprint) ?? '',
  };
}

function readStep(raw: unknown): StepRecord | undefined {
  if (!isRecord(raw) || !isNumber(raw.at)) return undefined;
  return {
    text: textOf(raw.text) ?? '',
    at: raw.at,
    state: FINAL_STATES.find((state) => state === raw.state) ?? 'running',
    ...(isNumber(raw.ms) ? { ms: raw.ms } : {}),
    ...(typeof raw.why === 'string' ? { why: raw.why } : {}),
  };
}

function readTraces(raw: unknown): StoredTraces {
  const lists = isRecord(raw) ? raw : {};
  return {
    acted: [...listOf(lists.acted, readTrace)],
    failed: [...listOf(lists.failed, readTrace)],
    dull: [...listOf(lists.dull, readTrace)],
  };
}
