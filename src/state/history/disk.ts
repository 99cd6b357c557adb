import { type FileHandle, mkdir, open, rename, rm, stat, statfs } from 'node:fs/promises';
import { dirname } from 'node:path';
import { systemCode } from '../../kit/errors.ts';
import { syncFolder } from '../sync-folder.ts';

/** A file that is held open, since closing a file of a database gives up the locks that SQLite has on it. */
export interface HeldFile {
  size(): Promise<number>;
  /** Resolves when what was written is on the disk. */
  sync(): Promise<void>;
  close(): Promise<void>;
}

/** The disk as the history needs it beside SQLite; tests may give another. */
export interface HistoryDisk {
  /** Makes the folder of a file. */
  prepare(path: string): Promise<void>;
  /** Bytes that are free where the file is. */
  free(path: string): Promise<number>;
  /** Undefined: there is no such file. */
  size(path: string): Promise<number | undefined>;
  hold(path: string): Promise<HeldFile>;
  /** Puts the name of a new file on the disk. */
  syncFolder(path: string): Promise<void>;
  /** Nothing happens when there is no such file. */
  move(from: string, to: string): Promise<void>;
  remove(path: string): Promise<void>;
  /** Makes a database that was cut as long as its header says, since SQLite reads nothing of a shorter one. */
  pad(path: string): Promise<void>;
}

const PAGE = 4_096;
const COUNT_AT = 28;
const MOST_PAGES = 262_144;

/** The disk of this machine. */
export const systemDisk: HistoryDisk = {
  async prepare(path) {
    await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  },
  async free(path) {
    const { bavail, bsize } = await statfs(dirname(path));
    return bavail * bsize;
  },
  async size(path) {
    try {
      return (await stat(path)).size;
    } catch (error) {
      if (systemCode(error) === 'ENOENT') return undefined;
      throw error;
    }
  },
  async hold(path) {
    return held(await open(path, 'r+'));
  },
  async syncFolder(path) {
    await syncFolder(dirname(path));
  },
  async move(from, to) {
    try {
      await rename(from, to);
    } catch (error) {
      if (systemCode(error) !== 'ENOENT') throw error;
    }
    await syncFolder(dirname(to));
  },
  async remove(path) {
    await rm(path, { force: true });
  },
  async pad(path) {
    const file = await open(path, 'r+');
    try {
      const { buffer, bytesRead } = await file.read(Buffer.alloc(COUNT_AT + 4), 0, COUNT_AT + 4, 0);
      const pages = bytesRead === buffer.length ? buffer.readUInt32BE(COUNT_AT) : 0;
      const { size } = await file.stat();
      if (pages <= MOST_PAGES && pages * PAGE > size) await file.truncate(pages * PAGE);
    } finally {
      await file.close();
    }
  },
};

function held(file: FileHandle): HeldFile {
  return {
    size: async () => (await file.stat()).size,
    sync: () => file.datasync(),
    close: () => file.close(),
  };
}
