import { crc32 } from 'node:zlib';
import { reasonOf } from '../../kit/errors.ts';
import type { Log } from '../../kit/log.ts';
import type { Table } from '../../state/log/table.ts';
import { Malformed } from './byte-reader.ts';
import { decodeRecord, keyOf, type StoredRecord } from './records.ts';
import { SessionPage } from './session-page.ts';
import type { SharedMessages } from './shared-messages.ts';
import type { StoredEntry, Waiting } from './stored-entry.ts';
import type { StoredMessage } from './stored-message.ts';
import type { StoredFacts } from './stored-session.ts';

/** A message of a session as it was; the same object as in the other sessions that have it. */
export interface StoredWaiting extends Waiting {
  readonly message: StoredMessage;
}

export interface StoredSession {
  readonly clientId: string;
  readonly facts: StoredFacts;
  readonly received: readonly number[];
  /** In their order; those with an `id` were sent. */
  readonly waiting: readonly StoredWaiting[];
}

/** What the shelf had at the start. */
export interface Stored {
  readonly retained: readonly StoredMessage[];
  readonly sessions: readonly StoredSession[];
}

export interface LoadShelfOptions {
  readonly table: Table;
  readonly shared: SharedMessages;
  readonly log: Log;
  /** Topics that are not kept, and are taken off the disk when they are there. */
  readonly isOwn: (topic: string) => boolean;
}

interface Draft {
  facts: StoredFacts | undefined;
  received: readonly number[];
  readonly entries: { readonly number: number; readonly entry: StoredEntry }[];
  readonly sums: { facts: number | undefined; received: number | undefined };
}

/** Reads everything. What cannot be used is told once, and taken off the disk. */
export function loadShelf(options: LoadShelfOptions): { stored: Stored; pages: Map<string, SessionPage> } {
  return new Loader(options).load();
}

class Loader {
  readonly #options: LoadShelfOptions;
  readonly #retained: StoredMessage[] = [];
  readonly #drafts = new Map<string, Draft>();
  readonly #messages = new Map<number, { readonly message: StoredMessage; entries: number }>();
  readonly #needless: string[] = [];
  #bad = 0;
  #firstBad: { readonly key: string; readonly reason: string } | undefined;

  constructor(options: LoadShelfOptions) {
    this.#options = options;
  }

  load(): { stored: Stored; pages: Map<string, SessionPage> } {
    const { table, log, shared } = this.#options;
    for (const [key, value] of table.entries()) this.#read(key, value);
    const pages = new Map<string, SessionPage>();
    const sessions = [...this.#drafts].flatMap(([clientId, draft]) => this.#finish(clientId, draft, pages) ?? []);
    for (const [number, { message, entries }] of this.#messages) {
      if (entries > 0) shared.found(message, number, entries);
      else this.#needless.push(keyOf.message(number));
    }
    for (const key of this.#needless) table.delete(key);
    if (this.#firstBad !== undefined) {
      const fix = 'nothing to do; the others are used. If it comes again, change the card or disk';
      log.warn('kept messages are damaged', { code: 'HB128', count: this.#bad, ...this.#firstBad, fix });
    }
    return { stored: { retained: this.#retained, sessions }, pages };
  }

  #read(key: string, value: Buffer): void {
    try {
      this.#take(key, decodeRecord(key, value), value);
    } catch (error) {
      if (!(error instanceof Malformed)) throw error;
      this.#tell(key, reasonOf(error));
    }
  }

  #take(key: string, record: StoredRecord, value: Buffer): void {
    switch (record.kind) {
      case 'retained':
        if (this.#options.isOwn(record.message.topic)) this.#needless.push(key);
        else this.#retained.push(record.message);
        break;
      case 'session':
        this.#draft(record.clientId).facts = record.facts;
        this.#draft(record.clientId).sums.facts = crc32(value);
        break;
      case 'received':
        this.#draft(record.clientId).received = record.ids;
        this.#draft(record.clientId).sums.received = crc32(value);
        break;
      case 'entry':
        this.#draft(record.clientId).entries.push(record);
        this.#options.shared.seen(record.number);
        break;
      case 'message':
        this.#messages.set(record.number, { message: record.message, entries: 0 });
        this.#options.shared.seen(record.number);
        break;
      default:
        record satisfies never;
    }
  }

  #draft(clientId: string): Draft {
    let draft = this.#drafts.get(clientId);
    if (draft === undefined) {
      draft = { facts: undefined, received: [], entries: [], sums: { facts: undefined, received: undefined } };
      this.#drafts.set(clientId, draft);
    }
    return draft;
  }

  #finish(clientId: string, draft: Draft, pages: Map<string, SessionPage>): StoredSession | undefined {
    const { facts, received, entries, sums } = draft;
    if (facts === undefined) {
      this.#needless.push(keyOf.received(clientId), ...entries.map(({ number }) => keyOf.entry(clientId, number)));
      return undefined;
    }
    const page = new SessionPage({ ...this.#options, clientId });
    if (sums.facts !== undefined) page.found('facts', sums.facts);
    if (sums.received !== undefined) page.found('received', sums.received);
    pages.set(clientId, page);
    const waiting: StoredWaiting[] = [];
    for (const { number, entry } of entries.sort((one, other) => one.number - other.number)) {
      const whole = this.#whole(entry);
      if (whole === undefined) {
        this.#tell(keyOf.entry(clientId, number), 'its message is not there');
        continue;
      }
      waiting.push(whole);
      page.foundEntry(whole, number);
    }
    return { clientId, facts, received, waiting };
  }

  /** With its message, wherever that is. */
  #whole({ message, ...rest }: StoredEntry): StoredWaiting | undefined {
    if (!('shared' in message)) return { ...rest, message };
    const share = this.#messages.get(message.shared);
    if (share === undefined) return undefined;
    share.entries += 1;
    return { ...rest, message: share.message };
  }

  #tell(key: string, reason: string): void {
    this.#bad += 1;
    this.#firstBad ??= { key, reason };
    this.#needless.push(key);
  }
}
