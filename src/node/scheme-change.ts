import { HanbusError, reasonOf } from '../kit/errors.ts';
import type { Log } from '../kit/log.ts';
import type { Problem } from '../schemes/problem.ts';
import type { SchemeDisk } from './scheme-disk.ts';
import type { SchemeHistory } from './scheme-history.ts';
import type { By, SchemeKeeper } from './scheme-keeper.ts';
import { problemOf } from './scheme-problem.ts';
import { refusals } from './scheme-refusals.ts';
import type { VersionFacts } from './scheme-stored.ts';
import type { Trial } from './scheme-trial.ts';
import type { SchemeTrials } from './scheme-trials.ts';
import type { TextChanges, Version } from './scheme-version.ts';
import type { Changed, ChangeWish } from './scheme-wish.ts';
import { holds, writeTexts } from './scheme-write.ts';

export interface ChangeWorld {
  readonly keeper: SchemeKeeper;
  readonly trials: SchemeTrials;
  readonly history: SchemeHistory;
  readonly disk: SchemeDisk;
  readonly log: Log;
  readonly now: () => number;
}

/**
 * Gives the files other texts and runs them. All problems in one pass; nothing changes when one of them is an error, or
 * when the new scheme cannot be started. To be called in turn.
 */
export async function changeScheme(world: ChangeWorld, wish: ChangeWish): Promise<Changed> {
  const { keeper, disk, trials } = world;
  const now = await keeper.read();
  const { from, to } = await differing(disk, wish.texts);
  const candidate = await keeper.read(to);
  const refused = refusals(world, trials.trial, { wish, now, candidate });
  const problems = [...refused, ...candidate.loaded.problems];
  const { scheme } = candidate.loaded;
  const ok = !problems.some(({ severity }) => severity === 'error');
  const answer = { etag: now.etag, problems, scheme, files: Object.keys(to) };
  const isSame = candidate.fingerprint === now.fingerprint && !keeper.current.isOlder;
  if (!ok || wish.isDry || isSame) return { ...answer, ok };
  const done = await tried(world, { wish, from, to, now, candidate });
  const { source, who } = wish.by;
  world.log.info('the scheme was changed by a request', { ok: done.ok, version: done.version?.number, source, who });
  return { ...answer, ...done, problems: [...problems, ...(done.problems ?? [])] };
}

/** Only the files that get another text: the others are a person's, whatever happens to them meanwhile. */
async function differing(disk: SchemeDisk, texts: TextChanges): Promise<Pick<Step, 'from' | 'to'>> {
  const from: Record<string, string | null> = {};
  const to: Record<string, string | null> = {};
  for (const [path, text] of Object.entries(texts)) {
    const before = (await readable(disk, path)) ?? null;
    if (before === text) continue;
    from[path] = before;
    to[path] = text;
  }
  return { from, to };
}

async function readable(disk: SchemeDisk, path: string): Promise<string | undefined> {
  try {
    return await disk.text(path);
  } catch (error) {
    const message = `${path} cannot be read, so it is not written over: ${reasonOf(error)}`;
    throw new HanbusError('HB393', message, { fix: `ls -l ${path}`, cause: error });
  }
}

interface Step {
  readonly wish: ChangeWish;
  /** The texts before. */
  readonly from: TextChanges;
  readonly to: TextChanges;
  readonly now: Version;
  readonly candidate: Version;
}

type Done = Pick<Changed, 'etag' | 'ok' | 'version' | 'waitMs'> & { readonly problems?: readonly Problem[] };

async function tried(world: ChangeWorld, step: Step): Promise<Done> {
  try {
    return await carryOut(world, step);
  } catch (error) {
    return { ok: false, etag: step.now.etag, problems: [problemOf(error)] };
  }
}

async function carryOut(world: ChangeWorld, { wish, from, to, now, candidate }: Step): Promise<Done> {
  const { keeper, trials, disk } = world;
  const { by, waitMs } = wish;
  const { etag } = candidate;
  if (now.loaded.scheme === undefined) await keeper.keepBroken(now);
  const trial: Trial = {
    ...{ phase: 'writing', etag, from, to, running: keeper.running.texts, who: by.who, at: world.now(), waitMs },
  };
  await trials.begin(trial);
  let version: VersionFacts;
  try {
    await writeTexts(disk, to, from);
    version = await start(world, { candidate, by, trial });
  } catch (error) {
    // Files that could not be put back are tried again, also by the next start.
    if (await holds(disk, from)) await trials.forget();
    else trials.retry();
    throw error;
  }
  await trials.wait({ ...trial, phase: 'waiting', version: version.number });
  return { ok: true, etag, version, ...(waitMs === 0 ? {} : { waitMs }) };
}

interface Start {
  readonly candidate: Version;
  readonly by: By;
  readonly trial: Trial;
}

/** When it cannot be started, its files go too. */
async function start({ keeper, disk }: ChangeWorld, { candidate, by, trial }: Start): Promise<VersionFacts> {
  try {
    return await keeper.take(candidate, by);
  } catch (error) {
    await writeTexts(disk, trial.from, trial.to);
    throw error;
  }
}
