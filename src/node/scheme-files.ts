import { type FSWatcher, watch } from 'node:fs';
import { stat } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import type { Cancel, Clock } from '../kit/clock.ts';
import { reasonOf, systemCode } from '../kit/errors.ts';
import type { Problem } from '../schemes/problem.ts';
import { secretsIn } from '../schemes/secrets-text.ts';
import { wildcard } from '../schemes/wildcard.ts';
import { machineDisk, type SchemeDisk } from './scheme-disk.ts';

/** The scheme's files as `loadScheme` sees them. */
export interface SchemeFiles {
  /** Undefined when there is no such file. */
  readText(path: string): Promise<string | undefined>;
  /** The files that an `include:` pattern names, sorted; `*` stands for any part of a file name. */
  expand(pattern: string, from: string): Promise<readonly string[]>;
}

/** The files as they are on a disk. */
export function filesOn(disk: SchemeDisk): SchemeFiles {
  return {
    readText: (path) => disk.text(path),
    async expand(pattern, from) {
      const path = resolve(dirname(from), pattern);
      const folder = dirname(path);
      const wanted = basename(path);
      if (!wanted.includes('*')) return [path];
      const names = await disk.names(folder);
      return names
        .filter((name) => wildcard(wanted).test(name))
        .sort()
        .map((name) => join(folder, name));
    },
  };
}

function fits(file: string, path: string): boolean {
  return dirname(file) === dirname(path) && wildcard(basename(path)).test(basename(file));
}

/** Files with other texts over some of them, before they are written; null: as if there were no such file. */
export function overlaidFiles(under: SchemeFiles, changes: Readonly<Record<string, string | null>>): SchemeFiles {
  return {
    async readText(path) {
      const text = changes[path];
      return text === undefined ? await under.readText(path) : (text ?? undefined);
    },
    async expand(pattern, from) {
      const path = resolve(dirname(from), pattern);
      const added = Object.keys(changes).filter((file) => fits(file, path));
      const all = new Set([...(await under.expand(pattern, from)), ...added]);
      return [...all].filter((file) => changes[file] !== null).sort();
    },
  };
}

/** Files remembered by text, for the last good version. */
export function rememberedFiles(texts: Readonly<Record<string, string>>): SchemeFiles {
  return {
    readText: async (path) => texts[path],
    expand: async (pattern, from) => {
      const path = resolve(dirname(from), pattern);
      return Object.keys(texts).filter((file) => fits(file, path));
    },
  };
}

/**
 * `NAME=value` lines of the secrets file over the environment. Missing file: just the environment.
 */
export async function environmentWithSecrets(
  environment: Readonly<Record<string, string | undefined>>,
  secretsPath: string,
): Promise<Record<string, string | undefined>> {
  // One that cannot be read is told by secretsProblems.
  const text = (await machineDisk.text(secretsPath).catch(() => undefined)) ?? ''; // told by `secretsProblems`
  return { ...secretsIn(text), ...environment };
}

/** HB270 when others may read the secrets file, HB157 when the node may not. */
export async function secretsProblems(path: string): Promise<Problem[]> {
  try {
    await machineDisk.text(path);
    if (await isPrivate(path)) return [];
  } catch (error) {
    const message = `${path} cannot be read: ${reasonOf(error)}; its secrets are not set`;
    return [{ code: 'HB157', severity: 'warning', message, fix: `ls -l ${path}` }];
  }
  const message = `other users of this machine can read ${path}`;
  return [{ code: 'HB270', severity: 'warning', message, fix: `chmod 600 ${path}` }];
}

/** True when only the owner may read the file, or there is none. */
async function isPrivate(path: string): Promise<boolean> {
  try {
    return ((await stat(path)).mode & 0o077) === 0;
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return true;
    throw error;
  }
}

/** Editors write a file in several steps: wait until they are done, ms. */
const SETTLE_MS = 300;
/** Somebody who never stops saving is not waited for longer, ms. */
const LONGEST_MS = 2_000;

/** Calls `onChange` after any of the folders of `files` changed. Returns the way to stop. */
export function watchFiles(files: readonly string[], clock: Clock, onChange: () => void): Cancel {
  let cancel: Cancel = () => undefined;
  let since: number | undefined;
  const due = () => {
    since = undefined;
    onChange();
  };
  const changed = () => {
    cancel();
    since ??= clock.mono();
    cancel = clock.after(Math.max(0, Math.min(SETTLE_MS, since + LONGEST_MS - clock.mono())), due);
  };
  const names = new Set(files.map((file) => basename(file)));
  const isOurs = (name: string | null) => name === null || names.has(name) || /\.ya?ml$/.test(name);
  const folders = [...new Set(files.map((file) => dirname(file)))];
  const watchers = folders.flatMap((folder) => watchFolder(folder, (name) => isOurs(name) && changed()));
  return () => {
    cancel();
    for (const watcher of watchers) watcher.close();
  };
}

function watchFolder(folder: string, onName: (name: string | null) => void): readonly FSWatcher[] {
  try {
    const watcher = watch(folder, { persistent: false }, (_event, name) => onName(name));
    watcher.on('error', () => watcher.close());
    return [watcher];
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return [];
    throw error;
  }
}
