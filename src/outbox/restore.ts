import type { Book } from './book.ts';
import { Entry } from './entry.ts';
import type { Found } from './load.ts';
import type { Note, NotedReader } from './note.ts';
import type { ReaderLine } from './reader-line.ts';
import type { Segments } from './segments.ts';

/**
 * Stands for readers whose names were in a part that is damaged, with the last position that may be theirs: what waited
 * for them waits for new ones.
 */
export const UNKNOWN = /^\?(\d+)$/;

/** Puts what was found on the disk into the book; the items that must be written again. */
export function restore(found: Found, book: Book, segments: Segments, now: number): readonly Entry[] {
  const { note, items } = found;
  const lastSeq = items.at(-1)?.seq ?? 0;
  book.nextSeq = Math.max(note?.nextSeq ?? 1, lastSeq + 1);
  for (const reader of readersOf(note, lastSeq)) restoreReader(reader, book);
  for (const { id, size } of found.segments) segments.found(id, size);
  const rescued = restoreItems(found, book, segments);
  for (const line of book.readers.values()) tellMissing(found, line);
  if (note?.isOpen === true) tellCut(book, { from: Math.max(note.at, items.at(-1)?.time ?? 0), to: now });
  book.sweep(now);
  return rescued;
}

function tellMissing({ missing }: Found, line: ReaderLine): void {
  if (UNKNOWN.test(line.name)) line.wants = () => false;
  for (const one of missing) if (one.toSeq > line.acknowledged) line.gaps.add({ reason: 'damage', ...one });
}

function readersOf(note: Note | undefined, lastSeq: number): readonly NotedReader[] {
  if (note !== undefined) return note.readers;
  return lastSeq > 0 ? [{ name: `?${lastSeq}`, position: 0, lost: [] }] : [];
}

function restoreReader({ name, position, lost }: NotedReader, book: Book): void {
  const line = book.addReader(name, position);
  if (line === undefined) return;
  for (const one of lost) line.gaps.add(one);
  line.last = Number(UNKNOWN.exec(name)?.[1] ?? Number.POSITIVE_INFINITY);
}

function restoreItems({ items }: Found, book: Book, segments: Segments): Entry[] {
  const rescued: Entry[] = [];
  for (const item of items) {
    const topic = book.topics.of(item.topic);
    const run = book.newRun(item.isSync || item.isAlarm);
    const entry = new Entry({ ...item, topic, run, payload: item.isRescued ? item.payload : undefined });
    entry.segment = item.isRescued ? -1 : item.segment;
    entry.offset = item.offset;
    segments.holds(entry);
    book.restore(entry);
    if (entry.waiting === 0) segments.releases(entry);
    else if (item.isRescued) rescued.push(entry);
  }
  return rescued;
}

/** It was stopped hard: lazy items of the last seconds may be lost, nobody knows how many. */
function tellCut(book: Book, { from, to }: { from: number; to: number }): void {
  const seq = book.nextSeq;
  book.nextSeq += 1;
  const cut = { count: 0, fromSeq: seq, toSeq: seq, from, to: Math.max(Math.floor(to), from) };
  for (const line of book.readers.values()) line.gaps.add({ reason: 'cut', ...cut });
}
