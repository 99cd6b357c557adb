import type { Message } from '../../bus/message.ts';
import type { Clock } from '../../kit/clock.ts';
import type { Log } from '../../kit/log.ts';
import { ROOT } from '../../schemes/topics.ts';
import type { LogFiles } from '../../state/log/log-files.ts';
import { NotStored } from '../../state/log/not-stored.ts';
import { openTable, type Table } from '../../state/log/table.ts';
import type { KeptSession } from './kept-session.ts';
import { loadShelf, type Stored } from './load-shelf.ts';
import { RetainedShelf } from './retained-shelf.ts';
import type { SessionPage, SessionSource } from './session-page.ts';
import { SessionShelf } from './session-shelf.ts';
import { SharedMessages } from './shared-messages.ts';

export interface ShelfOptions {
  /** The folder of the shelf. */
  readonly path: string;
  /** This node: it says its own topics anew at each start, so they are not kept. */
  readonly node: string;
  /** The retained message of a topic now. */
  readonly retained: (topic: string) => Message | undefined;
  readonly clock: Clock;
  readonly log: Log;
  readonly random?: () => number;
  readonly files?: LogFiles;
  /** What `kill -9` may take of sessions and their messages, ms. Default 1 s. */
  readonly sessionMs?: number;
  /** What it may take of retained messages: so much time, or so many bytes. Default 15 s, 32 kB. */
  readonly retainedMs?: number;
  readonly retainedBytes?: number;
}

/**
 * What the broker keeps over a restart: sessions and retained messages, written behind. A power cut may take 15 s more
 * than `kill -9`; what was settled stays in any case.
 */
export interface BrokerShelf {
  /** What was there at the start; once, and before anything is told. */
  load(): Stored;
  /** From now on this session is kept. One of that client that was loaded goes on, with its very messages. */
  keep(source: SessionSource): KeptSession;
  /** After the start: takes off the disk what was loaded and not kept. */
  dropOthers(): void;
  /** The retained message of this topic is another one now, or none. `isDurable`: `settle` is to wait for it. */
  markRetained(topic: string, bytes: number, isDurable?: boolean): void;
  /**
   * Resolves when everything durable that was told so far is on the disk; rejects with NotStored: say no, not yes. Call
   * it when the bus has handed the message to all sessions.
   */
  settle(): Promise<void>;
  /** Changes that wait to be written, by kind; what the table has in memory; and whether the disk takes anything. */
  readonly counts: ShelfCounts;
  /** Writes everything. Never throws. */
  close(): Promise<void>;
}

export interface ShelfCounts {
  readonly retained: number;
  readonly sessions: number;
  readonly pendingBytes: number;
  readonly writable: boolean;
  readonly written: Table['written'];
}

/** The table hands over what it got after so long; ms. */
const WRITE = 0.2;

/** Opens the shelf. Throws HB125 and HB129 as `openTable` does; a disk that refuses is told, and the broker lives on. */
export async function openShelf(options: ShelfOptions): Promise<BrokerShelf> {
  const { sessionMs = 1_000 } = options;
  const table = await openTable({ ...options, writeMs: sessionMs * WRITE });
  return new StoredShelf(table, options);
}

class StoredShelf implements BrokerShelf {
  readonly #table: Table;
  readonly #options: ShelfOptions;
  readonly #retained: RetainedShelf;
  readonly #sessions: SessionShelf;
  readonly #own: string;
  #stored: Stored | undefined;
  #isClosed = false;

  constructor(table: Table, options: ShelfOptions) {
    const { clock, log, retained, sessionMs = 1_000, retainedMs = 15_000, retainedBytes = 32_768 } = options;
    this.#table = table;
    this.#options = options;
    this.#own = `${ROOT}/${options.node}/`;
    const shared = new SharedMessages(table);
    const found: { stored: Stored; pages: Map<string, SessionPage> } = loadShelf({
      table,
      shared,
      log,
      isOwn: (topic) => this.#isOwn(topic),
    });
    this.#stored = found.stored;
    this.#retained = new RetainedShelf({ table, clock, retained, retainedMs, retainedBytes });
    this.#sessions = new SessionShelf({ table, shared, clock, sessionMs, pages: found.pages });
  }

  get counts(): ShelfCounts {
    const { pendingBytes, writable, written } = this.#table;
    return { retained: this.#retained.waiting, sessions: this.#sessions.waiting, pendingBytes, writable, written };
  }

  load(): Stored {
    const stored = this.#stored;
    this.#stored = undefined;
    return stored ?? { retained: [], sessions: [] };
  }

  keep(source: SessionSource): KeptSession {
    return this.#sessions.keep(source);
  }

  dropOthers(): void {
    this.#sessions.dropOthers();
  }

  markRetained(topic: string, bytes: number, isDurable = false): void {
    if (!this.#isOwn(topic)) this.#retained.mark(topic, bytes, isDurable);
  }

  async settle(): Promise<void> {
    while (!(this.#retained.writeDurable() && this.#sessions.writeUrgent())) await this.#makeRoom();
    await this.#table.sync();
  }

  async close(): Promise<void> {
    this.#retained.stop();
    this.#sessions.stop();
    try {
      while (!(this.#sessions.writeAll() && this.#retained.writeAll())) await this.#makeRoom();
    } catch (error) {
      if (!(error instanceof NotStored)) throw error; // the table has told it
    }
    this.#isClosed = true;
    await this.#table.close();
  }

  /** More than the table may have in memory is to be written. */
  async #makeRoom(): Promise<void> {
    if (this.#isClosed) throw new NotStored(this.#options.path, new Error('the broker is stopping'));
    await this.#table.sync();
  }

  #isOwn(topic: string): boolean {
    return topic.startsWith(this.#own) || topic.startsWith('$');
  }
}
