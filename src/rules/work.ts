import type { Value } from '../schemes/reading.ts';
import { addText, copyHash, hashText } from './hash.ts';
import type { Machine } from './machine.ts';
import type { Thread } from './rule-state.ts';
import type { StepRecord } from './trace-record.ts';

/** One step at work. */
export interface Work {
  readonly machine: Machine;
  readonly thread: Thread;
  readonly record: StepRecord;
  /** Where the step is in the rule: part of the ids of its actions. */
  readonly place: string;
}

/** The id of an action: of the rule, its cause and the place in the rule, so the same cause gives the same. */
export function idOf({ thread, place }: Work, target = ''): string {
  const hash = copyHash(thread.run.seed);
  addText(hash, place);
  addText(hash, target);
  return hashText(hash);
}

export function done({ record }: Work): void {
  record.state = 'done';
  record.ms = 0;
}

/** The step cannot be done; the list ends. */
export function fail({ thread, record }: Work, why: string): void {
  record.state = 'failed';
  record.why = why;
  thread.hasFailed = true;
}

export interface Awaited {
  readonly id: string;
  readonly record: StepRecord;
  readonly target: string;
  readonly value: Value | undefined;
}

/** The list waits for the outcome of an action. */
export function awaitOutcome({ machine, thread }: Work, { id, record, target, value }: Awaited): void {
  // A cause that came twice: the first list goes on waiting for it.
  if (machine.pending.has(id)) return;
  machine.pending.set(id, { thread, record, at: machine.kit.now.mono, target, value });
  thread.ids = thread.open === 0 ? [id] : [...thread.ids, id];
  thread.open += 1;
}
