import type { Problem } from '../schemes/problem.ts';
import { durationText } from '../schemes/quantity.ts';
import type { SchemeHistory } from './scheme-history.ts';
import type { VersionFacts } from './scheme-stored.ts';
import type { Trial } from './scheme-trial.ts';
import type { Version } from './scheme-version.ts';
import type { ChangeWish } from './scheme-wish.ts';

interface Wished {
  readonly wish: ChangeWish;
  /** The files as they are. */
  readonly now: Version;
  /** As they would be. */
  readonly candidate: Version;
}

interface Asked {
  readonly history: SchemeHistory;
  readonly now: () => number;
}

/** Why a change is refused whatever its texts say. */
export function refusals({ history, now }: Asked, trial: Trial | undefined, wished: Wished): readonly Problem[] {
  const { wish, candidate } = wished;
  const ago = (at: number) => `${durationText(Math.max(0, Math.round((now() - at) / 1_000) * 1_000))} ago`;
  return [
    ...(trial === undefined ? [] : [waits(trial, ago(trial.at))]),
    ...(wish.etag === undefined || wish.etag === wished.now.etag ? [] : [conflict(wished, history, ago)]),
    ...candidate.loaded.problems.filter((problem) => isSecret(problem, wish)).map(secretTold),
  ];
}

function waits({ who, etag }: Trial, ago: string): Problem {
  const message = `a scheme that was applied ${byWhom(who)}${ago} waits for its confirmation (${etag})`;
  const fix = 'hanbus apply --keep, or hanbus undo scheme';
  return { code: 'HB395', severity: 'error', message, fix };
}

/** Two editors: the second one hears who was faster, and when. */
function conflict({ wish, now }: Wished, history: SchemeHistory, ago: (at: number) => string): Problem {
  const latest = history.kept.at(-1);
  const message =
    latest?.etag === now.etag
      ? `the scheme was changed since you read it: ${versionText(latest)}, ${ago(latest.at)}`
      : 'the files were edited by hand since you read them, and that text has errors';
  const fix = `hanbus config diff ${wish.etag ?? ''}`.trim();
  return { code: 'HB390', severity: 'error', message, fix };
}

function versionText({ number, source, who }: VersionFacts): string {
  if (source === 'file') return `version ${number}, edited by hand`;
  const how = source === 'undo' ? 'undone' : 'applied';
  return `version ${number}, ${how}${who === '' ? '' : ` by ${who}`}`;
}

function byWhom(who: string): string {
  return who === '' ? '' : `by ${who} `;
}

/** Only in a text that came over the bus; one that is in the file already is a warning of the check. */
function isSecret({ code, place }: Problem, { texts, isOwnText, by }: ChangeWish): boolean {
  if (isOwnText === true || by.source === 'undo') return false;
  return code === 'HB270' && place !== undefined && Object.hasOwn(texts, place.file);
}

function secretTold({ place }: Problem): Problem {
  const message = 'a secret stands in this text; texts that are sent are seen by others on the bus';
  const fix = 'write $NAME, and the value into the secrets file';
  return { code: 'HB397', severity: 'error', message, fix, ...(place === undefined ? {} : { place }) };
}
