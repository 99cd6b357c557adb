import { jsonIn } from '../schemes/json-text.ts';
import type { Book } from './book.ts';
import type { LostItems } from './gap-list.ts';

/** What an outbox says of itself in its log; the last one counts. */
export interface Note {
  /** True from the opening to the closing: found so at the start, the node was stopped hard. */
  readonly isOpen: boolean;
  /** The next position, and the number of the next item written. */
  readonly nextSeq: number;
  readonly ordinal: number;
  /** When it was written, ms since 1970. */
  readonly at: number;
  readonly readers: readonly NotedReader[];
}

export interface NotedReader {
  readonly name: string;
  readonly position: number;
  readonly lost: readonly LostItems[];
}

/** The reasons by their short names; what is lost is a row of numbers behind one of them. */
const REASONS = ['age', 'full', 'damage', 'cut'] as const;

/** What an outbox says of itself now; its readers' gaps are told with it. */
export function noteOf(book: Book, facts: Pick<Note, 'isOpen' | 'ordinal' | 'at'>): string {
  const readers = [...book.readers.values()].map(({ name, acknowledged: position, gaps }) => {
    gaps.isChanged = false;
    return { name, position, lost: gaps.all };
  });
  return noteText({ ...facts, nextSeq: book.nextSeq, readers });
}

function noteText({ isOpen, nextSeq, ordinal, at, readers }: Note): string {
  const rows = readers.map(({ name, position, lost }) => [name, position, lost.map(lostRow)]);
  return JSON.stringify({ open: isOpen, seq: nextSeq, ordinal, at, readers: rows });
}

function lostRow({ reason, count, fromSeq, toSeq, from, to }: LostItems): number[] {
  return [REASONS.indexOf(reason), count, fromSeq, toSeq, from, to];
}

/** The note in a text; undefined when it is none: as good as damaged, and an earlier one counts. */
export function readNote(text: string): Note | undefined {
  const raw = jsonIn(text);
  if (typeof raw !== 'object' || raw === null) return undefined;
  if (!('open' in raw && 'seq' in raw && 'ordinal' in raw && 'at' in raw && 'readers' in raw)) return undefined;
  const { open: isOpen, seq: nextSeq, ordinal, at, readers } = raw;
  if (typeof isOpen !== 'boolean' || !isCount(nextSeq) || !isCount(ordinal) || !isCount(at)) return undefined;
  if (!Array.isArray(readers)) return undefined;
  return { isOpen, nextSeq, ordinal, at, readers: readers.flatMap((row: unknown) => readReader(row) ?? []) };
}

function readReader(row: unknown): NotedReader | undefined {
  if (!Array.isArray(row)) return undefined;
  const [name, position, lost]: unknown[] = row;
  if (typeof name !== 'string' || !isCount(position) || !Array.isArray(lost)) return undefined;
  return { name, position, lost: lost.flatMap((one: unknown) => readLost(one) ?? []) };
}

function readLost(row: unknown): LostItems | undefined {
  if (!Array.isArray(row)) return undefined;
  const [which, count, fromSeq, toSeq, from, to]: unknown[] = row;
  const reason = isCount(which) ? REASONS[which] : undefined;
  if (reason === undefined || !isCount(count) || !isCount(fromSeq) || !isCount(toSeq)) return undefined;
  if (typeof from !== 'number' || typeof to !== 'number') return undefined;
  return { reason, count, fromSeq, toSeq, from, to };
}

const isCount = (value: unknown): value is number =>
  typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;
