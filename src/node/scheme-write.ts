import { dirname } from 'node:path';
import { HanbusError, reasonOf, systemCode } from '../kit/errors.ts';
import type { FileFacts, SchemeDisk } from './scheme-disk.ts';
import type { TextChanges } from './scheme-version.ts';

/** What stands beside a file while its new text is written; a power cut may leave it there, the next write takes it. */
const ASIDE = '.hanbus-new';

/**
 * Writes files one after the other, each whole or not at all; null removes one. Mode, owner and links stay. When one
 * cannot be written those before it are put back, and HB393 is thrown.
 */
export async function writeTexts(disk: SchemeDisk, changes: TextChanges, before: TextChanges): Promise<void> {
  const written: string[] = [];
  for (const [path, text] of Object.entries(changes)) {
    try {
      written.push(path);
      await writeText(disk, path, text);
    } catch (error) {
      const lost = await putAllBack(disk, written, before);
      throw unwritable(path, error, lost);
    }
  }
}

/** One file, whole or not at all. `mode`: of a file that was not there. */
export async function writeText(disk: SchemeDisk, path: string, text: string | null, mode = 0o644): Promise<void> {
  const target = await disk.target(path);
  const folder = dirname(target);
  if (text === null) {
    await disk.remove(target);
    return await disk.syncFolder(folder);
  }
  const facts = await disk.facts(target);
  if (facts?.isWritable === false) throw new Error('it is read-only');
  const aside = `${target}${ASIDE}`;
  try {
    if (facts === undefined) await ensureFolder(disk, folder, 0o755);
    await disk.create(aside, text, facts?.mode ?? mode);
    if (facts !== undefined) await disk.own(aside, facts);
    await disk.rename(aside, target);
  } catch (error) {
    await removeQuietly(disk, aside);
    return await writeInPlace(disk, { target, text, facts, error });
  }
  await disk.syncFolder(folder);
}

/** A folder that is there after a power cut too. */
export async function ensureFolder(disk: SchemeDisk, folder: string, mode: number): Promise<void> {
  if ((await disk.facts(folder)) !== undefined) return;
  await disk.makeFolder(folder, mode);
  await disk.syncFolder(dirname(folder));
}

interface InPlace {
  readonly target: string;
  readonly text: string;
  readonly facts: FileFacts | undefined;
  readonly error: unknown;
}

/** The folder is not ours, or the file is mounted by itself: then the file keeps its place. The caller has its text. */
async function writeInPlace(disk: SchemeDisk, { target, text, facts, error }: InPlace): Promise<void> {
  const mayTry = ['EACCES', 'EPERM', 'EBUSY', 'EXDEV'].includes(systemCode(error) ?? '');
  if (!mayTry || facts === undefined) throw error;
  await disk.overwrite(target, text);
}

/** True when the files hold these texts. */
export async function holds(disk: SchemeDisk, texts: TextChanges): Promise<boolean> {
  for (const [path, text] of Object.entries(texts)) if ((await disk.text(path)) !== (text ?? undefined)) return false;
  return true;
}

/** Gives the files that refused that too; whoever has their texts must try again. */
async function putAllBack(disk: SchemeDisk, paths: readonly string[], before: TextChanges): Promise<readonly string[]> {
  const lost: string[] = [];
  for (const path of paths.toReversed()) {
    const text = before[path] ?? null;
    try {
      if (!(await holds(disk, { [path]: text }))) await writeText(disk, path, text);
    } catch (error) {
      lost.push(`${path} (${reasonOf(error)})`);
    }
  }
  return lost;
}

async function removeQuietly(disk: SchemeDisk, path: string): Promise<void> {
  try {
    await disk.remove(path);
  } catch (error) {
    // What refused the writing refuses this too; the caller tells of the first.
    if (systemCode(error) === undefined) throw error;
  }
}

function unwritable(path: string, error: unknown, lost: readonly string[]): HanbusError {
  const rest = lost.length === 0 ? 'nothing was changed' : `not put back yet: ${lost.join(', ')}`;
  const message = `${path} cannot be written: ${reasonOf(error)}; ${rest}`;
  const fix = `ls -l ${path}; the file can be edited by hand too, and is taken at once`;
  return new HanbusError('HB393', message, { fix, cause: error });
}
