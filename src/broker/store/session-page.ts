import type { Message } from '../../bus/message.ts';
import type { Table } from '../../state/log/table.ts';
import { OneRecord } from './one-record.ts';
import { type Entry, newEntry, UNSEEN, wayOf, withTwins } from './page-entry.ts';
import { encodeEntry, encodeFacts, encodeReceived, keyOf } from './records.ts';
import type { SharedMessages } from './shared-messages.ts';
import type { Waiting } from './stored-entry.ts';
import { payloadOf } from './stored-message.ts';
import type { SessionFacts } from './stored-session.ts';

/** A session, for the shelf to look at when it writes. */
export interface SessionSource {
  readonly clientId: string;
  facts(): SessionFacts;
  /** QoS 2 packet identifiers received and not released. */
  received(): Iterable<number>;
  /** What was sent and is not acknowledged, in the order sent, then what waits, in its order. */
  waiting(): Iterable<Waiting>;
}

/**
 * `later`: some messages are too new, the rest is done; `full`: the table takes no more; `more`: it is the turn of others
 * first. After the last two it is to be called again.
 */
export type Outcome = 'done' | 'full' | 'later' | 'more';

export interface PageOptions {
  readonly table: Table;
  readonly shared: SharedMessages;
  readonly clientId: string;
}

/** Messages that are written or taken away before the event loop gets a turn. */
const TURN = 500;
/** Overhead of a message record, about: flags, lengths, properties. */
const RECORD_BYTES = 32;

/** What one session has on the disk. A message is written when two looks have found it: most are acknowledged by then. */
export class SessionPage {
  readonly clientId: string;
  readonly #table: Table;
  readonly #shared: SharedMessages;
  readonly #entries = new Map<Message, Entry>();
  #look = 0;
  #left = 0;
  readonly #facts: OneRecord;
  readonly #received: OneRecord;
  /** What the disk may have; undefined: all that was there at the start. */
  #storedIds: ReadonlySet<number> | undefined;

  constructor({ table, shared, clientId }: PageOptions) {
    this.#table = table;
    this.#shared = shared;
    this.clientId = clientId;
    this.#facts = new OneRecord(table, keyOf.session(clientId));
    this.#received = new OneRecord(table, keyOf.received(clientId));
  }

  /** Messages on the disk, about. */
  get size(): number {
    return this.#entries.size;
  }

  /** Something of it is on the disk since the last run. */
  found(what: 'facts' | 'received', sum: number): void {
    (what === 'facts' ? this.#facts : this.#received).found(sum);
  }

  foundEntry(waiting: Waiting, number: number): void {
    const way = wayOf(waiting);
    this.#add({ ...newEntry(waiting.message), number, stored: way, seen: way });
  }

  /** False when the table takes no more: to be called again. */
  writeFacts(source: SessionSource): boolean {
    return this.#facts.put(encodeFacts(source.facts()));
  }

  writeReceived(source: SessionSource): boolean {
    const ids = [...source.received()];
    const isTaken = ids.length > 0 ? this.#received.put(encodeReceived(ids)) : this.#received.delete();
    if (!isTaken) return false;
    this.#storedIds = new Set(ids);
    return true;
  }

  /** Whether the disk may have this one among the identifiers received. */
  hasReceived(id: number): boolean {
    return this.#received.isStored && (this.#storedIds?.has(id) ?? true);
  }

  /** Brings the messages on the disk up to date; those that are too new only when `isNow`. */
  writeEntries(source: SessionSource, isNow: boolean): Outcome {
    this.#look += 1;
    this.#left = TURN;
    let isLater = false;
    let last = 0;
    for (const waiting of source.waiting()) {
      const entry = this.#entryOf(waiting.message);
      entry.look = this.#look;
      const outcome = this.#writeEntry(entry, waiting, { isNow, last });
      if (outcome === 'stopped') return this.#stopped();
      if (outcome === 'later') isLater = true;
      if (entry.number > 0) last = entry.number;
    }
    if (!this.#forget((entry) => entry.look !== this.#look)) return this.#stopped();
    return isLater ? 'later' : 'done';
  }

  /** Takes everything of it off the disk. */
  erase(): Outcome {
    this.#left = TURN;
    if (!this.#forget(() => true)) return this.#stopped();
    if (!this.#received.delete() || !this.#facts.delete()) return 'full';
    return 'done';
  }

  #stopped(): 'full' | 'more' {
    return this.#left > 0 ? 'full' : 'more';
  }

  #writeEntry(
    entry: Entry,
    waiting: Waiting,
    { isNow, last }: { isNow: boolean; last: number },
  ): 'done' | 'later' | 'stopped' {
    const way = wayOf(waiting);
    const isInOrder = entry.number > last;
    if (isInOrder && entry.stored === way) return 'done';
    const isOld = entry.number === 0 ? entry.seen !== UNSEEN : entry.seen === way;
    entry.seen = way;
    if (!isNow && !isOld) return 'later';
    if (entry.number > 0 && !isInOrder && !this.#take(entry)) return 'stopped'; // it has another place in the row now
    return this.#put(entry, waiting, way) ? 'done' : 'stopped';
  }

  #put(entry: Entry, waiting: Waiting, way: number): boolean {
    if (this.#left <= 0) return false;
    const { message } = waiting;
    const isNew = entry.number === 0;
    const size = message.topic.length + payloadOf(message).length + RECORD_BYTES;
    const share = isNew ? this.#shared.take(message, size) : this.#shared.numberOf(message);
    if (share === 'full') return false;
    const number = isNew ? this.#shared.nextNumber() : entry.number;
    const record = encodeEntry(waiting, share === 'alone' ? undefined : share);
    if (!this.#table.put(keyOf.entry(this.clientId, number), record)) {
      if (isNew) this.#shared.give(message);
      return false;
    }
    entry.number = number;
    entry.stored = way;
    this.#left -= 1;
    return true;
  }

  /** Takes one off the disk. */
  #take(entry: Entry): boolean {
    if (entry.number === 0) return true;
    if (this.#left <= 0) return false;
    if (!this.#table.delete(keyOf.entry(this.clientId, entry.number))) return false;
    if (!this.#shared.give(entry.message)) return false;
    entry.number = 0;
    this.#left -= 1;
    return true;
  }

  #forget(isGone: (entry: Entry) => boolean): boolean {
    for (const [message, first] of this.#entries) {
      if (first.twin === undefined && !isGone(first)) continue;
      const entries = withTwins(first);
      if (!entries.every((entry) => !isGone(entry) || this.#take(entry))) return false;
      const kept = entries.filter((entry) => !isGone(entry));
      for (const [place, entry] of kept.entries()) entry.twin = kept[place + 1];
      if (kept[0] === undefined) this.#entries.delete(message);
      else if (kept[0] !== first) this.#entries.set(message, kept[0]);
    }
    return true;
  }

  /** The one of this message that this look has not met yet. */
  #entryOf(message: Message): Entry {
    let entry = this.#entries.get(message);
    while (entry !== undefined && entry.look === this.#look) entry = entry.twin;
    return entry ?? this.#add(newEntry(message));
  }

  #add(entry: Entry): Entry {
    entry.twin = this.#entries.get(entry.message);
    this.#entries.set(entry.message, entry);
    return entry;
  }
}
