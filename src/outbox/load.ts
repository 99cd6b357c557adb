import { randomInt } from 'node:crypto';
import type { Log } from '../kit/log.ts';
import { tellDamage } from '../state/log/damage.ts';
import { endsOf, type FoundSegment, findSegments } from '../state/log/found-segments.ts';
import { segmentPath } from '../state/log/open-segment.ts';
import { ITEM, kindAt, MARK, NOTE, sizeAt, valueAt } from '../state/log/record.ts';
import { type Stretch, salvage, scan, syncedBehind } from '../state/log/scan.ts';
import type { Tail } from '../state/log/segment-chain.ts';
import { HEAD_BYTES } from '../state/log/segment-head.ts';
import { type ItemRecord, itemAt } from './item-record.ts';
import { type Note, readNote } from './note.ts';
import type { OutboxFiles } from './outbox-files.ts';
import { type Missing, RollCall } from './roll-call.ts';

/** An item and where it was found; of a damaged segment its payload is a copy, as the segment is put aside. */
export interface FoundItem extends ItemRecord {
  readonly segment: number;
  readonly offset: number;
  readonly isRescued: boolean;
  /** Bytes of its record. */
  readonly size: number;
}

export interface Found {
  readonly salt: number;
  readonly tail: Tail;
  readonly canReopen: boolean;
  readonly lastId: number;
  readonly note: Note | undefined;
  /** By position. */
  readonly items: readonly FoundItem[];
  readonly missing: readonly Missing[];
  readonly nextOrdinal: number;
  /** Segments to read from, with their sizes; those to be put aside; those to be removed. */
  readonly segments: readonly { readonly id: number; readonly size: number }[];
  readonly damaged: readonly number[];
  readonly needless: number[];
}

export interface LoadOptions {
  readonly files: OutboxFiles;
  readonly folder: string;
  readonly log: Log;
  /** Each segment has this length from its start on; shorter: it was cut. */
  readonly segmentBytes: number;
}

const newSalt = (): number => randomInt(2 ** 32);

/** For a folder that could not be read. */
export function nothingFound(): Found {
  const tail = { id: 0, end: 0 };
  const none = { note: undefined, items: [], missing: [], segments: [], damaged: [], needless: [] };
  return { ...none, salt: newSalt(), tail, canReopen: false, lastId: 0, nextOrdinal: 0 };
}

/** Reads an outbox. Throws HB129, or what the disk says when not even the names can be read. */
export async function loadOutbox(options: LoadOptions): Promise<Found> {
  const segments = await findSegments(options, options.log);
  const salt = segments.find(({ head }) => head !== undefined)?.head?.salt ?? newSalt();
  const ends = endsOf(segments);
  const scanner = new Scanner(options, salt);
  const counting = segments.filter(({ id }) => ends.get(id) !== 0);
  for (const segment of counting) {
    scanner.take(segment, ends.get(segment.id), segment === counting.at(-1));
  }
  const needless = [...segments.filter(({ id }) => ends.get(id) === 0).map(({ id }) => id), ...scanner.empty];
  return { ...scanner.found(), salt, lastId: segments.at(-1)?.id ?? 0, needless };
}

/** Takes segment after segment. */
class Scanner {
  readonly empty: number[] = [];
  readonly #options: LoadOptions;
  readonly #salt: number;
  readonly #items = new Map<number, FoundItem>();
  readonly #segments: { id: number; size: number }[] = [];
  readonly #damaged: number[] = [];
  #note: Note | undefined;
  #tail: Tail = { id: 0, end: 0 };
  #canReopen = false;
  readonly #roll = new RollCall();

  constructor(options: LoadOptions, salt: number) {
    this.#options = options;
    this.#salt = salt;
  }

  found(): Omit<Found, 'salt' | 'lastId' | 'needless'> {
    const items = [...this.#items.values()].sort((one, other) => one.seq - other.seq);
    const lists = { items, segments: this.#segments, damaged: this.#damaged, missing: this.#roll.missing };
    const place = { tail: this.#tail, canReopen: this.#canReopen };
    return { ...lists, ...place, note: this.#note, nextOrdinal: this.#roll.next ?? 0 };
  }

  take(segment: FoundSegment, end: number | undefined, isLast: boolean): void {
    const { id, bytes, head } = segment;
    const to = Math.min(end ?? bytes.length, bytes.length);
    const stretch = { bytes, from: HEAD_BYTES, to, salt: this.#salt };
    if (head === undefined) {
      if (isLast && isCutShort(segment)) this.empty.push(id);
      else this.#damage(segment, stretch);
      return;
    }
    const places: number[] = [];
    const good = scan(stretch, (at) => void places.push(at));
    const isWhole = end === undefined ? isZero(bytes, good) : good === end;
    const isUsable = isWhole || (isLast && syncedBehind({ ...stretch, from: good }) <= good);
    if (!isUsable) {
      this.#damage(segment, stretch);
      return;
    }
    for (const at of places) this.#visit(segment, at, false);
    this.#keep(segment, good, isWhole);
  }

  #keep({ id, bytes }: FoundSegment, good: number, isWhole: boolean): void {
    const { folder, log, segmentBytes } = this.#options;
    if (!isWhole || bytes.length < segmentBytes) {
      const path = segmentPath(folder, id);
      log.info('the end of the outbox was cut off', { path, bytes: bytes.length - good });
    }
    this.#segments.push({ id, size: bytes.length });
    this.#tail = { id, end: good };
    this.#canReopen = true;
  }

  #damage(segment: FoundSegment, stretch: Stretch): void {
    const { folder, log } = this.#options;
    const { id, bytes, isRead } = segment;
    const path = segmentPath(folder, id);
    let found = 0;
    this.#roll.isDamaged = true;
    salvage(stretch, (at) => {
      if (kindAt(bytes, at) === ITEM) found += 1;
      this.#visit(segment, at, true);
    });
    if (isRead) tellDamage(log, path, { reason: `bad bytes, ${found} items found around them`, kept: `${path}.bad` });
    this.#damaged.push(id);
    this.#tail = { id, end: bytes.length };
    this.#canReopen = false;
  }

  #visit({ id, bytes }: FoundSegment, at: number, isRescued: boolean): void {
    const kind = kindAt(bytes, at);
    if (kind === MARK) return;
    if (kind === NOTE) this.#takeNote(readNote(valueAt(bytes, at).toString()));
    const item = kind === ITEM ? itemAt(bytes, at) : undefined;
    if (item === undefined) return;
    this.#roll.item(item);
    const payload = isRescued ? Buffer.from(item.payload) : NOTHING;
    const { topic, seq, time, expiresAt, isSync, isAlarm, keep, ordinal } = item;
    const facts = { topic, seq, time, expiresAt, isSync, isAlarm, keep, ordinal };
    this.#items.set(seq, { ...facts, payload, size: sizeAt(bytes, at), segment: id, offset: at, isRescued });
  }

  #takeNote(note: Note | undefined): void {
    if (note === undefined) return;
    this.#roll.note(note);
    this.#note = note;
  }
}

const NOTHING = Buffer.alloc(0);

/** The making of the segment was cut short: it never held anything. */
const isCutShort = ({ bytes, isRead }: FoundSegment): boolean => isRead && isZero(bytes, HEAD_BYTES);

const isZero = (bytes: Buffer, from: number): boolean => bytes.subarray(from).every((byte) => byte === 0);
