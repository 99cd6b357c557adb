import { HanbusError } from '../../kit/errors.ts';
import type { LogFiles } from './log-files.ts';
import { segmentId } from './open-segment.ts';

/** The lock of a table's folder. On a disk that refuses it is taken later, before anything is written. */
export class FolderLock {
  /** Nothing could be read at the start: as long as there are segments, nothing may be written over them. */
  isUnread = false;
  readonly #files: LogFiles;
  readonly #folder: string;
  #release: (() => Promise<void>) | undefined;

  constructor(files: LogFiles, folder: string) {
    this.#files = files;
    this.#folder = folder;
  }

  /** Throws HB125 when another process has it; otherwise tells why it could not be taken yet. */
  async tryTake(): Promise<{ readonly error: unknown } | undefined> {
    try {
      await this.take();
      return undefined;
    } catch (error) {
      if (error instanceof HanbusError) throw error;
      return { error };
    }
  }

  /** Throws also what the disk says. */
  async take(): Promise<void> {
    if (this.#release === undefined) {
      await this.#files.prepare(this.#folder);
      this.#release = await this.#files.lock(`${this.#folder}/lock`);
    }
    if (!this.isUnread) return;
    const names = await this.#files.list(this.#folder);
    if (names.some((name) => segmentId(name) !== undefined)) {
      throw new Error('what is there could not be read at the start, so nothing is written over it');
    }
  }

  async release(): Promise<void> {
    const release = this.#release;
    this.#release = undefined;
    await release?.();
  }
}
