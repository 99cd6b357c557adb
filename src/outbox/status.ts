import { reasonOf } from '../kit/errors.ts';
import type { Book } from './book.ts';
import type { Committer } from './committer.ts';
import type { DiskRoom } from './disk-room.ts';
import type { OutboxStatus } from './outbox.ts';
import type { Segments } from './segments.ts';
import type { Counts } from './tally.ts';

export interface StatusPlace {
  readonly book: Book;
  readonly committer: Committer;
  readonly segments: Segments;
  readonly room: DiskRoom;
  readonly refused: Readonly<Record<string, number>>;
}

/** An outbox as it is now. */
export function statusOf({ book, committer, segments, room, refused }: StatusPlace): OutboxStatus {
  const { cause } = committer.refusal;
  const { records, bytes, memoryBytes } = book.room;
  return {
    state: cause === undefined ? 'ok' : 'failed',
    ...(cause === undefined ? {} : { why: reasonOf(cause) }),
    room: room.level,
    ...{ records, bytes, memoryBytes, unclaimed: book.unclaimed },
    diskBytes: segments.size,
    written: { ...committer.writer.written },
    refused: { ...refused },
    readers: Object.fromEntries([...book.readers.values()].map(({ name, tally }) => [name, tally.counts])),
  };
}

/** What became of the items of one reader, by topic. */
export function topicCountsOf(book: Book, reader: string): ReadonlyMap<string, Counts> {
  const line = book.readers.get(reader);
  const rows = new Map<string, Counts>();
  if (line === undefined) return rows;
  for (const topic of book.topics) {
    const tally = topic.tallies[line.id];
    if (tally !== undefined) rows.set(topic.name, tally.counts);
  }
  return rows;
}
