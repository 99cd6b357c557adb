import { HanbusError, reasonOf } from '../../kit/errors.ts';
import type { Log } from '../../kit/log.ts';
import { tellDamage } from './damage.ts';
import { type SegmentPlace, segmentId, segmentPath } from './open-segment.ts';
import { decodeHead, LOG_VERSION, type SegmentHead } from './segment-head.ts';

/** A segment as it was found at the start. */
export interface FoundSegment {
  readonly id: number;
  readonly bytes: Buffer;
  /** False: the disk did not give it. */
  readonly isRead: boolean;
  readonly head: SegmentHead | undefined;
}

/** Reads all segments of a folder, in order. Throws HB129, or what the disk says when not even the names can be read. */
export async function findSegments(place: SegmentPlace, log: Log): Promise<FoundSegment[]> {
  const names = await place.files.list(place.folder);
  const ids = names.flatMap((name) => segmentId(name) ?? []).sort((one, other) => one - other);
  const segments: FoundSegment[] = [];
  for (const id of ids) segments.push(await read(id, place, log));
  return segments;
}

/** How far the segments count that were not written to their end; 0: not at all. */
export function endsOf(segments: readonly FoundSegment[]): Map<number, number> {
  const ends = new Map<number, number>();
  for (const { id, head } of segments.toReversed()) {
    if (head === undefined || ends.get(id) === 0) continue;
    const { before } = head;
    ends.set(before.id, before.end);
    for (const other of segments) if (other.id > before.id && other.id < id) ends.set(other.id, 0);
  }
  return ends;
}

async function read(id: number, { files, folder }: SegmentPlace, log: Log): Promise<FoundSegment> {
  const path = segmentPath(folder, id);
  try {
    const bytes = await files.read(path);
    const read = decodeHead(bytes);
    if (read !== undefined && 'newer' in read) throw newer(path, read.newer);
    return { id, bytes, isRead: true, head: read?.head };
  } catch (error) {
    if (error instanceof HanbusError) throw error;
    tellDamage(log, path, { reason: reasonOf(error), kept: `${path}.bad` });
    return { id, bytes: Buffer.alloc(0), isRead: false, head: undefined };
  }
}

function newer(path: string, version: number): HanbusError {
  const message = `${path} was written by a newer hanbus (form ${version}, this one knows ${LOG_VERSION})`;
  return new HanbusError('HB129', message, { fix: 'use the newer hanbus, or move the folder of that file away' });
}
