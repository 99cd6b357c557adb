import { reasonOf } from '../kit/errors.ts';
import type { Log } from '../kit/log.ts';
import type { OutboxFiles } from './outbox-files.ts';

export interface SparesOptions {
  readonly files: OutboxFiles;
  readonly folder: string;
  readonly count: number;
  readonly segmentBytes: number;
  readonly log: Log;
}

/** Files full of zeros, so that an alarm finds room on a full disk. */
export class Spares {
  readonly #options: SparesOptions;
  readonly #paths: string[] = [];

  constructor(options: SparesOptions) {
    this.#options = options;
  }

  get count(): number {
    return this.#paths.length;
  }

  /** The path of one, which is to be used now. */
  take(): string | undefined {
    return this.#paths.pop();
  }

  /** Takes up one that is there, or makes one; false when none is missing, or it cannot be made. Never throws. */
  async refillOne(): Promise<boolean> {
    const { files, folder, count, log } = this.#options;
    if (this.#paths.length >= count) return false;
    try {
      const path = this.#nextPath();
      const isThere = (await files.list(folder)).some((name) => `${folder}/${name}` === path);
      if (!(isThere && (await this.#isWhole(path)))) await this.#make(path);
      this.#paths.push(path);
      return true;
    } catch (error) {
      log.info('there is no room kept for alarms', { path: folder, reason: reasonOf(error) });
      return false;
    }
  }

  #nextPath(): string {
    for (let index = 0; ; index += 1) {
      const path = `${this.#options.folder}/${String(index).padStart(2, '0')}.spare`;
      if (!this.#paths.includes(path)) return path;
    }
  }

  async #isWhole(path: string): Promise<boolean> {
    const bytes = await this.#options.files.read(path);
    if (bytes.length === this.#options.segmentBytes && bytes.every((byte) => byte === 0)) return true;
    await this.#options.files.remove(path);
    return false;
  }

  async #make(path: string): Promise<void> {
    const { files, segmentBytes: bytes } = this.#options;
    const file = await files.create(path);
    try {
      const zeros = Buffer.alloc(bytes);
      for (let at = 0; at < bytes; ) {
        const written = await file.write(zeros.subarray(at), at);
        if (written <= 0) throw new Error('the disk took no byte');
        at += written;
      }
      await file.sync();
    } catch (error) {
      await files.remove(path);
      throw error;
    } finally {
      await file.close();
    }
  }
}
