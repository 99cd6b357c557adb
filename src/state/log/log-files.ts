import { type FileHandle, mkdir, open, readdir, readFile, rename, rm } from 'node:fs/promises';
import { systemCode } from '../../kit/errors.ts';
import { syncFolder } from '../sync-folder.ts';
import { takeLock } from './lock-file.ts';

/** A segment that is being written. After an error it is closed and never written again. */
export interface LogFile {
  /** How many of the bytes were written, as the system says: fewer than given is no error. */
  write(bytes: Uint8Array, position: number): Promise<number>;
  /** Resolves when what was written is on the disk. */
  sync(): Promise<void>;
  /** The file is so long from now on, zeros behind what was written: a sync then need not tell the disk a new length. */
  grow(length: number): Promise<void>;
  close(): Promise<void>;
}

/** The disk as a log needs it; tests give another. */
export interface LogFiles {
  /** Makes the folder and those above. */
  prepare(folder: string): Promise<void>;
  /** Names in the folder; none when there is no such folder. */
  list(folder: string): Promise<string[]>;
  read(path: string): Promise<Buffer>;
  /** A new, empty file; an error when there is one. */
  create(path: string): Promise<LogFile>;
  /** A file that is there, cut to `length` bytes. */
  reopen(path: string, length: number): Promise<LogFile>;
  move(from: string, to: string): Promise<void>;
  remove(path: string): Promise<void>;
  /** Resolves when the names in the folder are on the disk as they are. */
  syncFolder(folder: string): Promise<void>;
  /** Takes a lock against other processes; throws HB125 when a living one has it. Returns how to give it back. */
  lock(path: string): Promise<() => Promise<void>>;
}

/** The file system of this machine. */
export const systemLogFiles: LogFiles = {
  async prepare(folder) {
    await mkdir(folder, { recursive: true, mode: 0o700 });
  },

  async list(folder) {
    try {
      return await readdir(folder);
    } catch (error) {
      if (systemCode(error) === 'ENOENT') return [];
      throw error;
    }
  },

  read: (path) => readFile(path),

  async create(path) {
    return logFile(await open(path, 'wx', 0o600));
  },

  async reopen(path, length) {
    const handle = await open(path, 'r+');
    try {
      if ((await handle.stat()).size > length) await handle.truncate(length);
      return logFile(handle);
    } catch (error) {
      await handle.close();
      throw error;
    }
  },

  move: (from, to) => rename(from, to),

  remove: (path) => rm(path, { force: true }),

  syncFolder,

  lock: takeLock,
};

/** An open file of the system as a segment. */
export function logFile(handle: FileHandle): LogFile {
  return {
    async write(bytes, position) {
      return (await handle.write(bytes, 0, bytes.length, position)).bytesWritten;
    },
    sync: () => handle.datasync(),
    grow: (length) => handle.truncate(length),
    close: () => handle.close(),
  };
}
