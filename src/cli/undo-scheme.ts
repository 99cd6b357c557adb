import { exitOf } from '../schemes/codes.ts';
import type { ApplyAnswer, SchemeAnswer } from '../schemes/contracts.ts';
import { askRevert, askScheme } from './ask.ts';
import { changeLines } from './change-lines.ts';
import type { Door } from './door.ts';
import { problemLines } from './problem-lines.ts';
import { whoHere } from './scheme-texts.ts';
import type { Call } from './verb.ts';
import { keptVersions } from './version-lines.ts';

/** When the scheme was changed last, ms since 1970; undefined when there is nothing to take back. */
export function lastChange(scheme: SchemeAnswer, now: number): number | undefined {
  if (scheme.trial !== undefined) return scheme.trial.at;
  // Files with errors were edited after everything that runs.
  if (scheme.etag !== scheme.running) return now;
  const kept = keptVersions(scheme);
  return kept.length < 2 ? undefined : kept.at(-1)?.at;
}

/** Takes back the scheme on trial, or the last version, or goes to one by number. */
export async function undoScheme(call: Call, door: Door, to: number | undefined): Promise<number> {
  const { screen, globals } = call;
  const answer = await askRevert(door, { who: whoHere(call), ...(to === undefined ? {} : { to }) });
  if (globals.json) screen.json(answer);
  else for (const line of answerLines(call, answer, await askScheme(door))) screen.out(line);
  if (answer.ok) return 0;
  return exitOf(answer.problems.find(({ severity }) => severity === 'error')?.code ?? 'HB394');
}

function backTo({ of, number }: NonNullable<ApplyAnswer['version']>): string {
  return of === undefined ? `${number} again` : `${of} again, now version ${number}`;
}

function answerLines({ screen }: Call, answer: ApplyAnswer, { versions }: SchemeAnswer): readonly string[] {
  const { ok, ended, version, changes, problems } = answer;
  const tick = screen.tint('green', '✓');
  if (ended !== undefined) {
    if (ended.outcome === 'edited') return [`${screen.tint('yellow', '▲')} the scheme is left as it is: ${ended.why}`];
    return [`${tick} the scheme on trial is taken back; the one before runs again`];
  }
  const told = problems.flatMap((problem) => problemLines(problem, screen));
  if (!ok) return [...told, `${screen.tint('red', '✗')} nothing was changed`];
  if (version === undefined) return [`${tick} nothing to change: the scheme is that one already`];
  const lost = versions.findLast(({ broken }) => broken === true);
  const isLost = lost !== undefined && lost.number === version.number - 1;
  return [
    `${tick} the scheme is that of version ${backTo(version)}`,
    ...(changes === undefined ? [] : changeLines(changes, screen)),
    ...(isLost ? [`  the text with errors is kept: hanbus config diff ${lost.number}`] : []),
    ...told,
    '  Back again: hanbus undo scheme',
  ];
}
