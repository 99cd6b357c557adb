import { checkRecord, isMarkAt, nextStart, valueAt } from './record.ts';

/** A part of a segment. */
export interface Stretch {
  readonly bytes: Buffer;
  readonly from: number;
  readonly to: number;
  readonly salt: number;
}

/** Bytes that the search behind damage may check at most: it ends, whatever the bytes are. */
const SEARCH_BYTES = 64 * 1_048_576;

/** Visits the records one behind the other; where they end. */
export function scan({ bytes, from, to, salt }: Stretch, visit: (at: number) => void): number {
  let at = from;
  for (let size = checkRecord(bytes, at, to, salt); size > 0; size = checkRecord(bytes, at, to, salt)) {
    visit(at);
    at += size;
  }
  return at;
}

/** Visits every whole record that can be found, also behind damage; how many. */
export function salvage(stretch: Stretch, visit: (at: number) => void): number {
  const { bytes, to } = stretch;
  let found = 0;
  let left = SEARCH_BYTES;
  const count = (at: number): void => {
    found += 1;
    visit(at);
  };
  let at = nextStart(bytes, stretch.from);
  while (at >= 0 && at < to && left > 0) {
    const end = scan({ ...stretch, from: at }, count);
    left -= end > at ? end - at : claimedAt(bytes, at, to);
    at = nextStart(bytes, Math.max(end, at + 1));
  }
  return found;
}

/** How much was on the disk when something behind was written: a power cut tears only what came later. */
export function syncedBehind(stretch: Stretch): number {
  const { bytes } = stretch;
  let synced = 0;
  salvage(stretch, (at) => {
    if (isMarkAt(bytes, at)) synced = Math.max(synced, valueAt(bytes, at).readUInt32LE());
  });
  return synced;
}

/** Bytes that were checked in vain for a record that is none, at most. */
export function claimedAt(bytes: Buffer, at: number, to: number): number {
  if (at + 9 > to) return 1;
  const claimed = bytes.readUInt32LE(at + 5);
  return at + claimed > to ? 1 : claimed + 1;
}
