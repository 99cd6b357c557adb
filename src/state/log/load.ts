import { randomInt } from 'node:crypto';
import type { Log } from '../../kit/log.ts';
import { tellDamage } from './damage.ts';
import { endsOf, type FoundSegment, findSegments } from './found-segments.ts';
import type { KeyIndex } from './key-index.ts';
import { checkEnd } from './last-end.ts';
import { type SegmentPlace, segmentPath } from './open-segment.ts';
import { isMarkAt, isPutAt, keyAt, sizeAt } from './record.ts';
import { salvage, scan, syncedBehind } from './scan.ts';
import type { Tail } from './segment-chain.ts';
import { HEAD_BYTES } from './segment-head.ts';

/** What was found on the disk. */
export interface Found {
  readonly salt: number;
  /** The segment to go on with; id 0 when there is none. */
  readonly tail: Tail;
  readonly lastId: number;
  /** The segments that count, to read values from. */
  readonly bytes: Map<number, Buffer>;
  /** What is to be copied out of and put aside; and what to be removed. */
  readonly damaged: readonly number[];
  readonly needless: number[];
  /** The tail is whole up to its end. */
  readonly canReopen: boolean;
  /** It is written down where the log ends. */
  readonly hasEnd: boolean;
}

export interface LoadOptions extends SegmentPlace {
  readonly index: KeyIndex;
  readonly log: Log;
}

/** Reads all segments into the index. Throws HB129, or what the disk says when not even the names can be read. */
export async function load(options: LoadOptions): Promise<Found> {
  const segments = await findSegments(options, options.log);
  const hasEnd = await checkEnd(options, segments, options.log);
  const salt = segments.find(({ head }) => head !== undefined)?.head?.salt ?? newSalt();
  const ends = endsOf(segments);
  const reader = new Reader(options, salt);
  const counting = segments.filter(({ id }) => ends.get(id) !== 0);
  for (const segment of counting) {
    const isLast = segment === counting.at(-1);
    reader.take(segment, { end: ends.get(segment.id) ?? segment.bytes.length, isLast });
  }
  const needless = [...segments.filter(({ id }) => ends.get(id) === 0).map(({ id }) => id), ...reader.empty];
  return { ...reader.found, salt, lastId: segments.at(-1)?.id ?? 0, needless, hasEnd };
}

/** For a folder whose names could not be read. */
export function nothingFound(): Found {
  const tail = { id: 0, end: 0 };
  const none = { damaged: [], needless: [], hasEnd: false };
  return { salt: newSalt(), tail, canReopen: false, lastId: 0, bytes: new Map(), ...none };
}

const newSalt = (): number => randomInt(2 ** 32);

/** Takes segment after segment. */
class Reader {
  readonly found = {
    tail: { id: 0, end: 0 },
    bytes: new Map<number, Buffer>(),
    damaged: Array.of<number>(),
    canReopen: false,
  };
  /** Segments that never held anything: their making was cut short. */
  readonly empty: number[] = [];
  readonly #options: LoadOptions;
  readonly #salt: number;

  constructor(options: LoadOptions, salt: number) {
    this.#options = options;
    this.#salt = salt;
  }

  take(segment: FoundSegment, { end, isLast }: { end: number; isLast: boolean }): void {
    const { id, bytes, head } = segment;
    const { index } = this.#options;
    const visit = (at: number): void => this.#apply(id, bytes, at);
    const stretch = { bytes, from: HEAD_BYTES, to: Math.min(end, bytes.length), salt: this.#salt };
    index.tally.setSize(id, bytes.length);
    if (head === undefined) {
      this.#takeHeadless(segment, { isLast, found: salvage(stretch, visit) });
      return;
    }
    const good = scan(stretch, visit);
    if (good === end) this.#keep(id, bytes, good);
    else if (isLast && syncedBehind({ ...stretch, from: good }) <= good) this.#cut(segment, good);
    else this.#damage(segment, { good, found: salvage({ ...stretch, from: good }, visit) });
  }

  /** The head is on the disk before anything else: without it, the making of the segment was cut short, or it rotted. */
  #takeHeadless(segment: FoundSegment, { isLast, found }: { isLast: boolean; found: number }): void {
    const { id, bytes, isRead } = segment;
    if (!isRead || !isLast || found > 0 || bytes.length > HEAD_BYTES) {
      this.#damage(segment, { good: 0, found });
      return;
    }
    this.empty.push(id);
    this.#options.index.tally.remove(id);
  }

  /** Nothing behind the tear was said to be on the disk. */
  #cut({ id, bytes }: FoundSegment, good: number): void {
    const { folder, index, log } = this.#options;
    log.info('the end of the store was cut off', { path: segmentPath(folder, id), bytes: bytes.length - good });
    this.#keep(id, bytes, good);
    index.tally.setSize(id, good);
  }

  #damage({ id, bytes, isRead }: FoundSegment, { good, found }: { good: number; found: number }): void {
    const { folder, log } = this.#options;
    const path = segmentPath(folder, id);
    const reason = `bad bytes from ${good} on, ${found} entries found behind them`;
    if (isRead) tellDamage(log, path, { reason, kept: `${path}.bad` });
    this.#keep(id, bytes, bytes.length);
    this.found.damaged.push(id);
    this.found.canReopen = false;
  }

  #keep(id: number, bytes: Buffer, end: number): void {
    this.found.bytes.set(id, bytes);
    this.found.tail = { id, end };
    this.found.canReopen = true;
  }

  #apply(id: number, bytes: Buffer, at: number): void {
    if (isMarkAt(bytes, at)) return;
    const { index } = this.#options;
    const key = keyAt(bytes, at);
    if (isPutAt(bytes, at)) index.put(key, { segment: id, offset: at }, sizeAt(bytes, at));
    else index.delete(key);
  }
}
