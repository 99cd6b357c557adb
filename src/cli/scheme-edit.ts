import { dirname, join } from 'node:path';
import { HanbusError, reasonOf, systemCode } from '../kit/errors.ts';
import type { Problem } from '../schemes/problem.ts';
import type { Edited } from '../schemes/rule-edit.ts';
import type { LoadedScheme } from '../schemes/scheme.ts';
import { askScheme } from './ask.ts';
import type { Door } from './door.ts';
import type { Call } from './verb.ts';

/** One file of the scheme with its new text, not yet written. */
export interface Draft {
  readonly path: string;
  readonly before: string;
  readonly text: string;
  /** Lines that the change adds or takes away. */
  readonly lines: number;
}

/** The same call for the files of the node that answers: those are what it runs. A file that is named wins. */
export async function whereItRuns(call: Call, door: Door | undefined): Promise<Call> {
  if (door === undefined || call.globals.config !== undefined) return call;
  const { main } = await askScheme(door);
  return { ...call, paths: { ...call.paths, config: main, secrets: join(dirname(main), 'secrets.env') } };
}

/** Throws HB348 with the reason when the file cannot be edited. */
export function draftOf(path: string, before: string, edited: Edited): Draft {
  if ('why' in edited) {
    throw new HanbusError('HB348', `${path} was not changed: ${edited.why}`, {
      fix: edited.fix ?? `hanbus check ${path}`,
    });
  }
  return { path, before, ...edited };
}

/** The scheme as it would be with the draft in place, and what is wrong with it. */
export async function loadDraft({ world, paths }: Call, draft: Draft): Promise<LoadedScheme> {
  const { loadScheme } = await import('../schemes/load.ts');
  const { schemeWorld } = await import('./scheme-world.ts');
  const files = await schemeWorld(world, paths, paths.config);
  const readText = async (path: string) => (path === draft.path ? draft.text : await files.readText(path));
  return await loadScheme({ ...files, readText });
}

/** Shows the errors of a draft as `check` does. True: there are none. */
export async function isSound({ screen }: Call, { problems }: LoadedScheme): Promise<boolean> {
  const errors = problems.filter(({ severity }: Problem) => severity === 'error');
  if (errors.length === 0) return true;
  const { problemsText } = await import('../schemes/problem-text.ts');
  screen.wrong(problemsText(errors, { colour: screen.colour, columns: screen.columns }));
  return false;
}

/** Throws HB348 when this user may not write there. */
export async function writeDraft({ world }: Call, { path, text }: Draft, again: string): Promise<void> {
  try {
    await world.files.write(path, text);
  } catch (error) {
    const isDenied = ['EACCES', 'EPERM'].includes(systemCode(error) ?? '');
    throw new HanbusError('HB348', `${path} cannot be written: ${reasonOf(error)}`, {
      fix: isDenied ? `sudo ${again}` : `ls -ld ${path}`,
      cause: error,
    });
  }
}

/** The changed lines on the screen. */
export async function showDraft({ screen }: Call, { path, before, text }: Draft): Promise<void> {
  const { diffLines, tintedDiff } = await import('./diff-lines.ts');
  screen.raw(
    diffLines(path, before, text, 'changed')
      .map((line) => `${tintedDiff(line, screen)}\n`)
      .join(''),
  );
}

/** True when a person says so, or was not to be asked. */
export async function agrees({ world, globals, options, screen }: Call, question: string): Promise<boolean> {
  if (options.yes === true || !globals.input || !world.stdinIsTTY) return true;
  screen.note(`${question} [y/N]`);
  return /^y(?:es)?$/i.test((await world.readStdin()).trim());
}
