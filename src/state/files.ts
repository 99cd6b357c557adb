import { mkdir, open, readFile, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { isAbsent, systemCode } from '../kit/errors.ts';
import { syncFolder } from './sync-folder.ts';

/** The disk as a document needs it; tests may give another. */
export interface DocumentFiles {
  /** Makes the directory of `path`. */
  prepare(path: string): Promise<void>;
  /** The whole file, undefined when there is none. */
  read(path: string): Promise<string | undefined>;
  /** Puts `text` at `path` and what was there at `<path>.old`; whole or not at all, also when the power fails. */
  replace(path: string, text: string): Promise<void>;
  move(from: string, to: string): Promise<void>;
}

/** The file system of this machine. */
export const systemFiles: DocumentFiles = {
  async prepare(path) {
    await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  },

  async read(path) {
    try {
      return await readFile(path, 'utf8');
    } catch (error) {
      if (isAbsent(error)) return undefined;
      throw error;
    }
  },

  async replace(path, text) {
    const fresh = `${path}.new`;
    await mkdir(dirname(path), { recursive: true, mode: 0o700 });
    await writeWhole(fresh, text);
    await moveIfThere(path, `${path}.old`);
    await rename(fresh, path);
    await syncFolder(dirname(path));
  },

  async move(from, to) {
    await rm(to, { force: true, recursive: true });
    await rename(from, to);
  },
};

async function writeWhole(path: string, text: string): Promise<void> {
  const file = await open(path, 'w', 0o600);
  try {
    await file.writeFile(text);
    await file.sync();
  } finally {
    await file.close();
  }
}

/** A cut between the two renames leaves only the older generation, which `load` then takes. */
async function moveIfThere(from: string, to: string): Promise<void> {
  try {
    await rename(from, to);
  } catch (error) {
    if (systemCode(error) !== 'ENOENT') throw error;
  }
}
