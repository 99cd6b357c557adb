import { open, rename, statfs } from 'node:fs/promises';
import { type LogFile, type LogFiles, logFile, systemLogFiles } from '../state/log/log-files.ts';

/** The disk as an outbox needs it; tests give another. */
export interface OutboxFiles extends LogFiles {
  /** Bytes that are free for the node. */
  free(folder: string): Promise<number>;
  /** Gives a file that is there another name and opens it as it is. */
  adopt(from: string, to: string): Promise<LogFile>;
}

/** The file system of this machine. */
export const systemOutboxFiles: OutboxFiles = {
  ...systemLogFiles,

  async free(folder) {
    const { bavail, bsize } = await statfs(folder);
    return bavail * bsize;
  },

  async adopt(from, to) {
    await rename(from, to);
    return logFile(await open(to, 'r+'));
  },
};
