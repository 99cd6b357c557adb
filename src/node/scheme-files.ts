import { watch } from 'node:fs';
import { readdir, readFile, stat } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import type { Cancel, Clock } from '../kit/clock.ts';
import { systemCode } from '../kit/errors.ts';

/** The scheme's files as `loadScheme` sees them. */
export interface SchemeFiles {
  /** Undefined when there is no such file. */
  readText(path: string): Promise<string | undefined>;
  /** The files that an `include:` pattern names, sorted; `*` stands for any part of a file name. */
  expand(pattern: string, from: string): Promise<readonly string[]>;
}

/** The files of this machine. */
export const diskFiles: SchemeFiles = {
  async readText(path) {
    try {
      return await readFile(path, 'utf8');
    } catch (error) {
      if (systemCode(error) === 'ENOENT') return undefined;
      throw error;
    }
  },
  async expand(pattern, from) {
    const path = resolve(dirname(from), pattern);
    const folder = dirname(path);
    const wanted = basename(path);
    if (!wanted.includes('*')) return [path];
    const names = await readdir(folder).catch(absent);
    return names
      .filter((name) => wildcard(wanted).test(name))
      .sort()
      .map((name) => join(folder, name));
  },
};

function absent(error: unknown): string[] {
  if (systemCode(error) === 'ENOENT') return [];
  throw error;
}

function wildcard(text: string): RegExp {
  const literal = text.replace(/[.+?^${}()|[\]\\]/g, '\\$&');
  return new RegExp(`^${literal.replaceAll('*', '[^/]*')}$`);
}

/** Files remembered by text, for the last good version. */
export function rememberedFiles(texts: Readonly<Record<string, string>>): SchemeFiles {
  return {
    readText: async (path) => texts[path],
    expand: async (pattern, from) => {
      const path = resolve(dirname(from), pattern);
      return Object.keys(texts).filter(
        (file) => dirname(file) === dirname(path) && wildcard(basename(path)).test(basename(file)),
      );
    },
  };
}

/**
 * `NAME=value` lines of the secrets file over the environment. Missing file: just the environment.
 * A file that others may read is refused by the caller through `isPrivate`.
 */
export async function environmentWithSecrets(
  environment: Readonly<Record<string, string | undefined>>,
  secretsPath: string,
): Promise<Record<string, string | undefined>> {
  const text = (await diskFiles.readText(secretsPath)) ?? '';
  const pairs = text.matchAll(/^\s*(?:export\s+)?([A-Z][A-Z0-9_]*)=(.*)$/gm);
  const secrets = Object.fromEntries([...pairs].map(([, name, value]) => [name, unquoted(value ?? '')]));
  return { ...secrets, ...environment };
}

function unquoted(value: string): string {
  return value.trim().replace(/^(["'])(.*)\1$/, '$2');
}

/** True when only the owner may read the file, or there is none. */
export async function isPrivate(path: string): Promise<boolean> {
  try {
    return ((await stat(path)).mode & 0o077) === 0;
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return true;
    throw error;
  }
}

/** Editors write a file in several steps: wait until they are done, ms. */
const SETTLE_MS = 300;

/** Calls `onChange` after any of the folders of `files` changed. Returns the way to stop. */
export function watchFiles(files: readonly string[], clock: Clock, onChange: () => void): Cancel {
  let cancel: Cancel = () => undefined;
  const changed = () => {
    cancel();
    cancel = clock.after(SETTLE_MS, onChange);
  };
  const names = new Set(files.map((file) => basename(file)));
  const watchers = [...new Set(files.map((file) => dirname(file)))].flatMap((folder) => {
    try {
      const watcher = watch(folder, { persistent: false }, (_event, name) => {
        if (name === null || names.has(name) || name.endsWith('.yaml')) changed();
      });
      watcher.on('error', () => watcher.close());
      return [watcher];
    } catch (error) {
      if (systemCode(error) === 'ENOENT') return [];
      throw error;
    }
  });
  return () => {
    cancel();
    for (const watcher of watchers) watcher.close();
  };
}
