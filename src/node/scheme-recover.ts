import { HanbusError, reasonOf } from '../kit/errors.ts';
import type { Log } from '../kit/log.ts';
import type { Problem } from '../schemes/problem.ts';
import type { Document } from '../state/document.ts';
import type { SchemeDisk } from './scheme-disk.ts';
import type { SchemeHistory } from './scheme-history.ts';
import { problemOf } from './scheme-problem.ts';
import type { Trial, TrialEnd, TrialPage } from './scheme-trial.ts';
import type { Texts } from './scheme-version.ts';
import { writeTexts } from './scheme-write.ts';

/** What a trial needs to be brought to its end. */
export interface TrialWorld {
  readonly page: Document<TrialPage>;
  readonly history: SchemeHistory;
  readonly lastGood: Document<Texts>;
  readonly disk: SchemeDisk;
  readonly log: Log;
  readonly now: () => number;
}

/**
 * Before the scheme is read at the start. A node that was stopped in order goes on with the trial; one that ended by
 * itself goes back to the scheme before: it may have been the new one that ended it. A file that a person edited since
 * is kept. Gives HB393 when the files of before cannot be written; they are tried again later.
 */
export async function recoverTrial(world: TrialWorld): Promise<Problem | undefined> {
  const trial = world.page.value?.trial ?? undefined;
  if (trial === undefined) return undefined;
  try {
    const isStopped = trial.phase === 'waiting' && trial.leftMs !== undefined;
    if (isStopped && (await editedFiles(world.disk, trial)).length === 0) return undefined;
    await restoreFiles(world, trial, 'the node ended while it was on trial');
    return undefined;
  } catch (error) {
    return error instanceof HanbusError ? problemOf(error) : unreadable(error);
  }
}

function unreadable(error: unknown): Problem {
  const message = `the files of the scheme on trial cannot be read: ${reasonOf(error)}`;
  return { code: 'HB393', severity: 'error', message, fix: 'ls -l, and give them back to the user of the node' };
}

/**
 * Puts the files of before the trial back, whole also when the power fails, unless a person has edited one of them: then
 * all stay as they are. Gives how the trial ended. Throws HB393 when they cannot be written; the trial then goes on.
 */
export async function restoreFiles(world: TrialWorld, trial: Trial, why: string): Promise<TrialEnd> {
  const { page, disk, history, lastGood } = world;
  const edited = await editedFiles(disk, trial);
  if (edited.length > 0) return await endTrial(world, trial, 'edited', `${edited.join(', ')} was edited by hand`);
  page.set({ trial: { ...trial, phase: 'writing' }, ended: null });
  await page.flush();
  await writeTexts(disk, trial.from, trial.to);
  await takeBackVersion(history, trial);
  lastGood.set(trial.running);
  await lastGood.flush();
  return await endTrial(world, trial, 'reverted', why);
}

/** Once on the disk in both generations, the trial cannot come back. */
export async function endTrial(
  { page, log, now }: TrialWorld,
  { etag }: Trial,
  outcome: TrialEnd['outcome'],
  why: string,
): Promise<TrialEnd> {
  const ended = { etag, outcome, at: now(), why };
  await settle(page, { trial: null, ended });
  if (outcome === 'confirmed') log.info('the scheme on trial is kept', { etag, why });
  else log.warn('a scheme on trial has ended', { code: 'HB394', etag, outcome, why });
  return ended;
}

/** Into both generations: a damaged newest one must not bring back what was before. */
export async function settle(page: Document<TrialPage>, value: TrialPage): Promise<void> {
  for (const _generation of ['newest', 'older']) {
    page.set(value);
    await page.flush();
  }
}

/** The files of a trial that hold what neither of its sides wrote. */
async function editedFiles(disk: SchemeDisk, { phase, from, to }: Trial): Promise<readonly string[]> {
  const edited: string[] = [];
  for (const [path, text] of Object.entries(to)) {
    const found = (await disk.text(path)) ?? null;
    const before = from[path] ?? null;
    const isHalfDone = phase === 'writing' && (found === before || isTorn(found, text) || isTorn(found, before));
    if (found !== text && !isHalfDone) edited.push(path);
  }
  return edited;
}

/** A file that could only be written in place is cut short when the power fails. */
function isTorn(found: string | null, text: string | null): boolean {
  return found !== null && text?.startsWith(found) === true;
}

/** Also when the power was cut before the trial knew its number. */
async function takeBackVersion(history: SchemeHistory, { version, etag, at }: Trial): Promise<void> {
  const newest = history.kept.at(-1);
  const isItsOwn = newest !== undefined && newest.etag === etag && newest.at >= at;
  const number = version ?? (isItsOwn ? newest.number : undefined);
  if (number !== undefined) await history.takeBack(number);
}
