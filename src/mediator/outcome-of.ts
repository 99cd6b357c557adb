import type { WriteResult } from '../schemes/command.ts';
import type { Outcome } from './desk.ts';
import type { Pending } from './pending.ts';
import { expired } from './refusal.ts';

/** What a write that is over means for its command. */
export function outcomeOf(result: WriteResult): Outcome {
  if (result.done) return { st: 'done', v: result.value };
  const { how, code, why } = result;
  if (how === 'late') return expired(why);
  return { st: how === 'refused' ? 'rejected' : 'failed', code, why };
}

/** Why a command was not carried out in its time. */
export function lateWords({ why, tries }: Pending): string {
  if (why !== undefined) return `${why}; its time was over before`;
  return tries > 0 ? 'the disk was too slow for its time' : 'its time was over before the device was free';
}
