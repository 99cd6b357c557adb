import {
  access,
  chmod,
  chown,
  constants,
  lstat,
  mkdir,
  open,
  readdir,
  readFile,
  readlink,
  realpath,
  rename,
  rm,
  stat,
} from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { isAbsent, systemCode } from '../kit/errors.ts';
import { syncFolder } from '../state/sync-folder.ts';

/** What is kept when a file gets a new text. */
export interface FileFacts {
  /** Permission bits. */
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  /** False when its owner forbids writing, or this user may not. */
  readonly isWritable: boolean;
}

/** The disk as schemes and their versions need it, one step at a time; tests cut the power between any two. */
export interface SchemeDisk {
  /** Undefined when there is no such file. */
  text(path: string): Promise<string | undefined>;
  /** The names in a folder; none when it is not there. */
  names(folder: string): Promise<readonly string[]>;
  /** Where the links end; the path itself when nothing is there yet. */
  target(path: string): Promise<string>;
  facts(path: string): Promise<FileFacts | undefined>;
  /** A new file, its text on the disk. One that is there is replaced. */
  create(path: string, text: string, mode: number): Promise<void>;
  own(path: string, facts: FileFacts): Promise<void>;
  /** Writes over a file that is there, and onto the disk. Not whole when the power fails. */
  overwrite(path: string, text: string): Promise<void>;
  rename(from: string, to: string): Promise<void>;
  /** No error when there is none. */
  remove(path: string): Promise<void>;
  makeFolder(path: string, mode: number): Promise<void>;
  syncFolder(path: string): Promise<void>;
}

/** The disk of this machine. */
export const machineDisk: SchemeDisk = {
  async text(path) {
    try {
      return await readFile(path, 'utf8');
    } catch (error) {
      if (isAbsent(error)) return undefined;
      throw error;
    }
  },

  async names(folder) {
    try {
      return await readdir(folder);
    } catch (error) {
      if (isAbsent(error)) return [];
      throw error;
    }
  },

  async target(path) {
    try {
      return await realpath(path);
    } catch (error) {
      if (!isAbsent(error)) throw error;
      return await endOfLink(path);
    }
  },

  async facts(path) {
    try {
      const { mode, uid, gid } = await stat(path);
      const isWritable = (mode & 0o222) !== 0 && (await mayWrite(path));
      return { mode: mode & 0o7777, uid, gid, isWritable };
    } catch (error) {
      if (isAbsent(error)) return undefined;
      throw error;
    }
  },

  async create(path, text, mode) {
    await rm(path, { force: true });
    const file = await open(path, 'wx', mode);
    try {
      await file.writeFile(text);
      await file.sync();
    } finally {
      await file.close();
    }
  },

  async own(path, { mode, uid, gid }) {
    const { uid: ownUid, gid: ownGid } = await stat(path);
    if (uid !== ownUid || gid !== ownGid) await chown(path, uid, gid);
    await chmod(path, mode);
  },

  async overwrite(path, text) {
    const file = await open(path, 'r+');
    try {
      await file.truncate(0);
      await file.writeFile(text);
      await file.sync();
    } finally {
      await file.close();
    }
  },

  rename,
  remove: (path) => rm(path, { force: true }),
  async makeFolder(path, mode) {
    await mkdir(path, { recursive: true, mode });
  },
  syncFolder,
};

/** A link whose file is not there yet leads to where the file will be. */
async function endOfLink(path: string): Promise<string> {
  try {
    if (!(await lstat(path)).isSymbolicLink()) return path;
    return resolve(dirname(path), await readlink(path));
  } catch (error) {
    if (isAbsent(error)) return path;
    throw error;
  }
}

async function mayWrite(path: string): Promise<boolean> {
  try {
    await access(path, constants.W_OK);
    return true;
  } catch (error) {
    if (['EACCES', 'EPERM', 'EROFS'].includes(systemCode(error) ?? '')) return false;
    throw error;
  }
}
