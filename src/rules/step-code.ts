import type { CommandState } from '../schemes/command.ts';
import type { Step } from '../schemes/rules/step.ts';
import type { StepRecord } from './trace-record.ts';

/** From 1 on; 0: the step never began. New ones go to the end. */
const STATES: readonly CommandState[] = [
  ...(['received', 'accepted', 'running', 'done', 'failed', 'rejected', 'expired', 'superseded', 'unknown'] as const),
];
const CODES: ReadonlyMap<CommandState, number> = new Map(STATES.map((state, index) => [state, index + 1]));
const STATE_SIZE = 16;
/** More ms than this (4.6 h) are not written so. */
const MOST_MS = 2 ** 24;

/** A step without anything to say for itself, as one number: its state, when it began after `from`, how long it took. */
export function codeOfStep({ at, state, ms, why }: StepRecord, from: number): number | undefined {
  const [after, took] = [at - from, ms === undefined ? 0 : Math.round(ms) + 1];
  const isSmall = after >= 0 && after < MOST_MS && Number.isInteger(after) && took >= 0 && took < MOST_MS;
  if (why !== undefined || !isSmall) return undefined;
  return (CODES.get(state) ?? 0) + STATE_SIZE * (after + MOST_MS * took);
}

/** Undefined: the step never began. */
export function stepOfCode(code: number, { text }: Step, from: number): StepRecord | undefined {
  const state = STATES[(code % STATE_SIZE) - 1];
  if (state === undefined) return undefined;
  const rest = Math.floor(code / STATE_SIZE);
  const took = Math.floor(rest / MOST_MS);
  return { text, at: from + (rest % MOST_MS), state, ...(took === 0 ? {} : { ms: took - 1 }) };
}

/** Done at once: what `codeOfStep` says of it. */
export const DONE_AT_ONCE = (CODES.get('done') ?? 0) + STATE_SIZE * MOST_MS;
