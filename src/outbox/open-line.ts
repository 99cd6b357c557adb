import { HanbusError } from '../kit/errors.ts';
import type { Book } from './book.ts';
import type { ReaderLine } from './reader-line.ts';
import { UNKNOWN } from './restore.ts';

/** Gives a reader its line: the one it had, or a new one. Throws HB374. */
export function openLine(
  book: Book,
  name: string,
  wants: (topic: string) => boolean,
): { line: ReaderLine; isNew: boolean } {
  const known = book.readers.get(name);
  if (UNKNOWN.test(name)) throw new HanbusError('HB374', `a reader cannot have the name ${name}`);
  if (known?.isOpen === true) throw new HanbusError('HB374', `the outbox has a reader ${name} already`);
  const line = known ?? newLine(book, name);
  line.isOpen = true;
  line.wants = wants;
  for (const entry of line.line) if (!wants(entry.topic.name)) book.withdraw(entry, [line]);
  return { line, isNew: known === undefined };
}

/** A new reader gets what comes from now on, and what waits for readers whose names are lost. */
function newLine(book: Book, name: string): ReaderLine {
  const unknown = [...book.readers.values()].find((reader) => UNKNOWN.test(reader.name));
  const line = book.addReader(name, unknown === undefined ? book.nextSeq - 1 : unknown.acknowledged);
  if (line === undefined) throw new HanbusError('HB374', 'the outbox has as many readers as it can have');
  if (unknown !== undefined) book.share(unknown, line);
  return line;
}
