import type { LogFile, LogFiles } from './log-files.ts';
import { encodeHead, HEAD_BYTES, type SegmentHead } from './segment-head.ts';

const NAME = /^(\d{10})\.log$/;

/** The path of a segment. */
export const segmentPath = (folder: string, id: number): string => `${folder}/${String(id).padStart(10, '0')}.log`;

/** The id in the name of a segment; undefined when it is another file. */
export function segmentId(name: string): number | undefined {
  const digits = NAME.exec(name)?.[1];
  return digits === undefined ? undefined : Number(digits);
}

export interface SegmentPlace {
  readonly files: LogFiles;
  readonly folder: string;
  /** The length that a segment has from the start on, with zeros behind what was written; default: none. */
  readonly length?: number;
}

/** The segment that is written now. */
export class OpenSegment {
  readonly id: number;
  readonly #file: LogFile;
  #size: number;
  #synced: number;

  private constructor(id: number, file: LogFile, size: number) {
    this.id = id;
    this.#file = file;
    this.#size = size;
    this.#synced = size;
  }

  /** A new one. Its name and head are on the disk before the first record: what has no head never held any. */
  static async create({ files, folder, length }: SegmentPlace, head: SegmentHead): Promise<OpenSegment> {
    await files.prepare(folder);
    const file = await files.create(segmentPath(folder, head.id));
    const segment = new OpenSegment(head.id, file, 0);
    try {
      if (length !== undefined) await file.grow(length);
      await segment.append(encodeHead(head));
      await segment.sync();
      await files.syncFolder(folder);
      return segment;
    } catch (error) {
      await segment.close();
      throw error;
    }
  }

  /** One from before that has room, cut behind its last whole record. */
  static async reopen({ files, folder, length }: SegmentPlace, id: number, end: number): Promise<OpenSegment> {
    const file = await files.reopen(segmentPath(folder, id), end);
    const segment = new OpenSegment(id, file, end);
    try {
      if (length !== undefined) await file.grow(length);
      await segment.sync();
      return segment;
    } catch (error) {
      await segment.close();
      throw error;
    }
  }

  get size(): number {
    return this.#size;
  }

  /** Up to here it is on the disk for certain. */
  get synced(): number {
    return this.#synced;
  }

  get isEmpty(): boolean {
    return this.#size <= HEAD_BYTES;
  }

  /** Where the bytes begin. */
  async append(bytes: Uint8Array): Promise<number> {
    const from = this.#size;
    for (let done = 0; done < bytes.length; ) {
      const written = await this.#file.write(bytes.subarray(done), from + done);
      if (written <= 0) throw new Error(`the disk took ${done} of ${bytes.length} bytes`);
      done += written;
    }
    this.#size += bytes.length;
    return from;
  }

  async sync(): Promise<void> {
    const size = this.#size;
    await this.#file.sync();
    this.#synced = size;
  }

  /** Also after an error; an error in closing tells nothing that is not known. */
  async close(): Promise<void> {
    await this.#file.close().catch(() => undefined);
  }
}
