import type { Problem } from '../schemes/problem.ts';
import { durationText } from '../schemes/quantity.ts';
import type { SchemeHistory } from './scheme-history.ts';
import type { SchemeTrials } from './scheme-trials.ts';

/** How long the end of a trial is told, ms. */
const TOLD_MS = 3_600_000;

/** That a scheme is on trial; for an hour, that one was not kept. */
export function trialNotes(trials: SchemeTrials, history: SchemeHistory, now: number): readonly Problem[] {
  return trials.isKept && history.isKept ? notesOf(trials, now) : [...notesOf(trials, now), unkept()];
}

function unkept(): Problem {
  const message = 'the disk refuses to keep versions of the scheme, or a trial; they are lost at the next start';
  return { code: 'HB122', severity: 'warning', message, fix: 'df -h' };
}

function notesOf({ trial, leftMs, ended }: SchemeTrials, now: number): readonly Problem[] {
  if (trial?.phase === 'waiting') {
    const left = durationText(Math.max(1, Math.ceil(leftMs / 1_000)) * 1_000);
    const message = `the new scheme waits for its confirmation; in ${left} the one before comes back`;
    return [{ code: 'HB395', severity: 'note', message, fix: 'hanbus apply --keep' }];
  }
  if (ended === undefined || ended.outcome === 'confirmed' || now - ended.at > TOLD_MS) return [];
  const what = ended.outcome === 'edited' ? 'a scheme on trial was left as it is' : 'a scheme on trial was taken back';
  return [{ code: 'HB394', severity: 'note', message: `${what}: ${ended.why}`, fix: 'hanbus config versions' }];
}
