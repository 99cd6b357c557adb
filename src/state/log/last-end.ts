import { crc32 } from 'node:zlib';
import type { Log } from '../../kit/log.ts';
import { tellDamage } from './damage.ts';
import type { FoundSegment } from './found-segments.ts';
import { type SegmentPlace, segmentPath } from './open-segment.ts';
import type { Tail } from './segment-chain.ts';

/** `<segment> <bytes> <checksum>` */
const FORM = /^(\d+) (\d+) (\d+)\n$/;

const pathIn = (folder: string): string => `${folder}/end`;
const sumOf = (id: number, end: number): number => crc32(`${id} ${end}`);

/** The note of where a log ended when it was closed: what is cut off its end afterwards is missed at the next start. */
export class LastEnd {
  readonly #place: SegmentPlace;
  readonly #tail: () => Tail;
  #isThere: boolean;
  #hasWritten = false;

  constructor(place: SegmentPlace, isThere: boolean, tail: () => Tail) {
    this.#place = place;
    this.#isThere = isThere;
    this.#tail = tail;
  }

  /** Before anything is written: from now on nobody knows where the log ends. */
  async drop(): Promise<void> {
    const { files, folder } = this.#place;
    this.#hasWritten = true;
    if (!this.#isThere) return;
    await files.remove(pathIn(folder));
    await files.syncFolder(folder);
    this.#isThere = false;
  }

  /** The log was closed. */
  async keep(): Promise<void> {
    const { files, folder } = this.#place;
    const { id, end } = this.#tail();
    if (!this.#hasWritten || this.#isThere || id === 0) return;
    const file = await files.create(pathIn(folder));
    try {
      await file.write(Buffer.from(`${id} ${end} ${sumOf(id, end)}\n`), 0);
      await file.sync();
    } finally {
      await file.close();
    }
    await files.syncFolder(folder);
  }
}

/** Whether there is such a note. Tells when the log is shorter than it says. */
export async function checkEnd(place: SegmentPlace, segments: readonly FoundSegment[], log: Log): Promise<boolean> {
  const { files, folder } = place;
  const names = await files.list(folder);
  if (!names.some((name) => pathIn(folder) === `${folder}/${name}`)) return false;
  const [, id = 0, end = 0, sum = -1] = (FORM.exec((await files.read(pathIn(folder))).toString()) ?? []).map(Number);
  if (sum !== sumOf(id, end)) {
    log.info('where the store ended is not known', { path: pathIn(folder) });
    return true;
  }
  const last = segments.find((segment) => segment.id === id);
  const missing = end - (last?.bytes.length ?? 0);
  if (missing <= 0 || last?.isRead === false) return true;
  const path = segmentPath(folder, id);
  tellDamage(log, path, {
    reason: `${missing} bytes that were at its end are gone`,
    kept: last === undefined ? '' : path,
  });
  return true;
}
