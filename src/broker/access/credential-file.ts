import type { FileHandle } from 'node:fs/promises';
import { mkdir, open, readFile, rename, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { type Clock, sleep } from '../../kit/clock.ts';
import { HanbusError, isAbsent, systemCode } from '../../kit/errors.ts';
import type { Credential } from '../../schemes/credential.ts';
import type { Problem } from '../../schemes/problem.ts';
import { syncFolder } from '../../state/sync-folder.ts';
import type { SecretCredential } from './credential-book.ts';
import { decodeCredentials, encodeCredentials } from './credential-text.ts';

/** Only the owner reads it. */
const MODE = 0o600;
const FILE = 'credentials.json';
/** How long another command may take; one that takes longer has died. */
const STALE_MS = 10_000;
const PATIENCE_MS = 3_000;
const PAUSE_MS = 50;

/** The credentials file in the data directory of a node. */
export function credentialsIn(folder: string): string {
  return join(folder, FILE);
}

/** Empty when there is no file. Throws HB167 when it is damaged, HB157 when this user may not read it. */
export async function readCredentials(path: string): Promise<readonly SecretCredential[]> {
  try {
    return decodeCredentials(await readFile(path, 'utf8'), path);
  } catch (error) {
    if (isAbsent(error)) return [];
    throw refusedOr(error, path);
  }
}

/** Users of a scheme that the file has too. A file that cannot be read has none; the node tells what is wrong with it. */
export async function clashesIn(path: string, users: readonly Credential[]): Promise<readonly Problem[]> {
  try {
    return clashes(await readCredentials(path), users);
  } catch (error) {
    if (error instanceof HanbusError) return [];
    throw error;
  }
}

export function clashes(ofFile: readonly Credential[], ofScheme: readonly Credential[]): readonly Problem[] {
  const names = new Set(ofFile.map(({ name }) => name));
  return ofScheme.filter(({ name }) => names.has(name)).map(({ name }) => clash(name));
}

function clash(name: string): Problem {
  const message = `"${name}" is in broker.users and in hanbus credentials; the one of hanbus credentials counts`;
  return { code: 'HB168', severity: 'warning', message, fix: `hanbus credentials rm ${name}` };
}

/**
 * Changes the file as a whole or not at all, also when the power fails; two commands at once wait for each other.
 * A file that root writes belongs to the owner of the file before it, or of the directory. Throws what `change` throws,
 * HB166 when another command does not end, HB157 when this user may not write.
 */
export async function changeCredentials(
  path: string,
  clock: Clock,
  change: (before: readonly SecretCredential[]) => readonly SecretCredential[],
): Promise<void> {
  const fresh = `${path}.new`;
  try {
    await mkdir(dirname(path), { recursive: true, mode: 0o700 });
    const file = await openAlone(fresh, clock);
    try {
      await write(file, encodeCredentials(change(await readCredentials(path))), path);
      await rename(fresh, path);
    } catch (error) {
      await rm(fresh, { force: true });
      throw error;
    } finally {
      await file.close();
    }
    await syncFolder(dirname(path));
  } catch (error) {
    throw refusedOr(error, path);
  }
}

/** The file that becomes the new one is also the lock. */
async function openAlone(fresh: string, clock: Clock): Promise<FileHandle> {
  const until = clock.mono() + PATIENCE_MS;
  for (;;) {
    try {
      return await open(fresh, 'wx', MODE);
    } catch (error) {
      if (systemCode(error) !== 'EEXIST') throw error;
    }
    if (await isStale(fresh)) await rm(fresh, { force: true });
    else if (clock.mono() >= until) throw new HanbusError('HB166', 'another command is changing the credentials');
    else await sleep(clock, PAUSE_MS);
  }
}

/** By the clock that also dates the files. */
async function isStale(fresh: string): Promise<boolean> {
  try {
    return Date.now() - (await stat(fresh)).mtimeMs > STALE_MS;
  } catch (error) {
    if (isAbsent(error)) return false;
    throw error;
  }
}

async function write(file: FileHandle, text: string, path: string): Promise<void> {
  await file.writeFile(text);
  if (process.getuid?.() === 0) {
    const { uid, gid } = await ownerOf(path);
    await file.chown(uid, gid);
  }
  await file.sync();
}

async function ownerOf(path: string): Promise<{ uid: number; gid: number }> {
  try {
    return await stat(path);
  } catch (error) {
    if (!isAbsent(error)) throw error;
    return await stat(dirname(path));
  }
}

function refusedOr(error: unknown, path: string): unknown {
  const code = systemCode(error);
  if (code !== 'EACCES' && code !== 'EPERM' && code !== 'EROFS') return error;
  const message = `this user may not open ${path}`;
  return new HanbusError('HB157', message, { fix: 'run the command again with sudo', cause: error });
}
