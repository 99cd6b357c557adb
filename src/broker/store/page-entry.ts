import type { Message } from '../../bus/message.ts';
import type { Waiting } from './stored-entry.ts';

/** A message of the session, as it was at the last look. */
export interface Entry {
  readonly message: Message;
  /** Its number on the disk; 0: not there. */
  number: number;
  /** What is on the disk of its way, and what was seen at the last look. */
  stored: number;
  seen: number;
  look: number;
  /** The same message once more in this session. */
  twin: Entry | undefined;
}

const RELEASED = 65_536;
/** No way that a message can be on. */
export const UNSEEN = -1;

/** One that was never looked at. */
export function newEntry(message: Message): Entry {
  return { message, number: 0, stored: UNSEEN, seen: UNSEEN, look: 0, twin: undefined };
}

export function withTwins(first: Entry): Entry[] {
  const entries: Entry[] = [];
  for (let entry: Entry | undefined = first; entry !== undefined; entry = entry.twin) entries.push(entry);
  return entries;
}

/** Where it is on its way: 0 waits, else its packet identifier, and whether it was released. */
export const wayOf = ({ id = 0, isReleased = false }: Waiting): number => id + (isReleased ? RELEASED : 0);
