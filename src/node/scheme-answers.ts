import { dirname, relative } from 'node:path';
import type { ApplyAnswer, SchemeAnswer } from '../schemes/contracts.ts';
import type { Problem } from '../schemes/problem.ts';
import { problemJson } from '../schemes/problem-text.ts';
import type { Differences } from './scheme-differences.ts';
import { rememberedFiles } from './scheme-files.ts';
import type { SchemeLoop } from './scheme-loop.ts';
import type { VersionFacts } from './scheme-stored.ts';
import { absoluteTexts, readVersion, relativeTexts, type SchemeSource, type Version } from './scheme-version.ts';
import type { Changed } from './scheme-wish.ts';

/** What tells one node's answers. */
interface Teller {
  readonly node: string;
  readonly main: string;
}

export interface AppliedFacts extends Teller {
  readonly changed: Changed;
  readonly isDry: boolean;
  readonly isKept: boolean;
  readonly changes: Differences | undefined;
}

/** The files now, or those of a version, and all versions. */
export function schemeAnswer({ node, main }: Teller, loop: SchemeLoop, shown: Version, number?: number): SchemeAnswer {
  const { history, trials, keeper } = loop;
  const { trial, ended, leftMs } = trials;
  return {
    hanbus: 'scheme/1',
    node,
    main,
    etag: number === undefined ? shown.etag : keeper.newest.etag,
    running: keeper.running.etag,
    files: filesOf(main, shown),
    versions: history.versions.map(versionJson),
    ...(number === undefined ? {} : { version: number }),
    ...(trial?.phase === 'waiting' ? { trial: { etag: trial.etag, who: trial.who, at: trial.at, leftMs } } : {}),
    ...(ended === undefined ? {} : { ended }),
  };
}

/** A version of the history, read as its files would be; undefined when there is none of this number. */
export async function storedVersion(
  loop: SchemeLoop,
  source: SchemeSource,
  number: number,
): Promise<Version | undefined> {
  const texts = await loop.history.texts(number);
  if (texts === undefined) return undefined;
  return await readVersion(source, rememberedFiles(absoluteTexts(source.main, texts)));
}

export function applyAnswer({ node, main, changed, isDry, isKept, changes }: AppliedFacts): ApplyAnswer {
  const { ok, etag, files, problems, version, waitMs } = changed;
  return {
    hanbus: 'apply/1',
    ...{ node, ok, etag, dryRun: isDry },
    files: files.map((path) => relative(dirname(main), path)),
    problems: problems.map(problemJson),
    ...(changes === undefined ? {} : { changes: openLists(changes) }),
    ...(version === undefined ? {} : { version: versionJson(version), kept: isKept }),
    ...(waitMs === undefined ? {} : { confirmWithinMs: waitMs }),
  };
}

/** The texts, but for those with a secret in them: whoever may read the bus would read it. */
function filesOf(main: string, { texts, loaded }: Version): SchemeAnswer['files'] {
  return Object.entries(texts).map(([file, text]) => {
    const [path = ''] = Object.keys(relativeTexts(main, { [file]: text }));
    const bytes = Buffer.byteLength(text);
    if (!loaded.problems.some((problem) => isSecretIn(problem, file))) return { path, bytes, text };
    return { path, bytes, hidden: 'a secret stands in it (HB270)' };
  });
}

function isSecretIn({ code, place }: Problem, file: string): boolean {
  return code === 'HB270' && place?.file === file;
}

function versionJson(facts: VersionFacts): SchemeAnswer['versions'][number] {
  return { ...facts, files: [...facts.files] };
}

function openLists(changes: Differences): NonNullable<ApplyAnswer['changes']> {
  const { parts, ...named } = changes;
  const open = ({ added, changed, removed, unchanged }: Differences['devices']) => ({
    ...{ added: [...added], changed: [...changed], removed: [...removed], unchanged },
  });
  const { devices, rules, scenes, groups, home } = named;
  return {
    ...{ devices: open(devices), rules: open(rules), scenes: open(scenes), groups: open(groups), home: open(home) },
    parts: [...parts],
  };
}
