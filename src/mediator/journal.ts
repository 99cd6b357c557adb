import { HanbusError } from '../kit/errors.ts';
import type { CommandAck } from '../schemes/command.ts';
import { jsonIn } from '../schemes/json-text.ts';
import type { Value } from '../schemes/reading.ts';
import { openTable, type Table, type TableOptions } from '../state/log/table.ts';

/** A command that must never happen twice, as the disk has it. */
export interface JournalEntry {
  readonly id: string;
  readonly device: string;
  readonly point: string;
  /** Shortened. */
  readonly value: Value | null;
  readonly by: string;
  readonly origin: string;
  /** Wall ms. */
  readonly at: number;
  readonly packet?: string;
  /** It was accepted and had not begun. */
  readonly waits?: true;
  /** As the sender wrote it, to know it again. */
  readonly what: string;
  /** Absent while it was begun and not ended. */
  readonly ack?: CommandAck;
}

/** What an earlier life left; who took it up empties it. */
export interface Found {
  readonly entries: JournalEntry[];
  /** By `device.point`, as `keepGuard` was given it. */
  readonly guards: ReadonlyMap<string, unknown>;
  /** By slot. */
  readonly trail: Map<number, unknown>;
}

/**
 * The durable memory of the mediator: begun and ended `once` commands, states of guards, the trail. Give the table to
 * nobody else; `close` ends it.
 */
export interface Journal {
  readonly found: Found;
  /** That it waits: on the disk soon, without a sync of its own. */
  note(entry: JournalEntry): void;
  /** Resolves when it is on the disk; rejects when the disk refuses. */
  begin(entry: JournalEntry): Promise<void>;
  end(entry: JournalEntry): Promise<void>;
  forget(id: string): void;
  /** With `isUrgent`: resolves when it is on the disk. */
  keepGuard(name: string, state: object, isUrgent?: boolean): Promise<void>;
  dropGuard(name: string): void;
  keepTrail(slot: number, row: object): void;
  sync(): Promise<void>;
  readonly written: Table['written'];
  close(): Promise<void>;
}

/** Opens it; throws as `openTable` does. A disk that refuses is told, and the journal then lives in memory. */
export async function openJournal(options: TableOptions): Promise<Journal> {
  return makeJournal(await openTable(options));
}

const ENTRY = 'j';
const GUARD = 'g';
const TRAIL = 'a';

/** A journal on a table that was just opened and not read yet. */
export function makeJournal(table: Table): Journal {
  const found = readAll(table);
  const put = (key: string, value: object): boolean => table.put(key, Buffer.from(JSON.stringify(value)));
  const store = async (key: string, value: object): Promise<void> => {
    if (!put(key, value)) throw new HanbusError('HB122', 'too much waits for the disk already', { fix: 'hanbus info' });
    await table.sync();
  };
  return {
    found,
    note: (entry) => void put(`${ENTRY}${entry.id}`, entry),
    begin: (entry) => store(`${ENTRY}${entry.id}`, entry),
    end: (entry) => store(`${ENTRY}${entry.id}`, entry),
    forget: (id) => void table.delete(`${ENTRY}${id}`),
    async keepGuard(name, state, isUrgent = false) {
      if (isUrgent) await store(`${GUARD}${name}`, state);
      else put(`${GUARD}${name}`, state);
    },
    dropGuard: (name) => void table.delete(`${GUARD}${name}`),
    keepTrail: (slot, row) => void put(`${TRAIL}${slot}`, row),
    sync: () => table.sync(),
    get written() {
      return table.written;
    },
    close: () => table.close(),
  };
}

function readAll(table: Table): Found {
  const entries: JournalEntry[] = [];
  const guards = new Map<string, unknown>();
  const trail = new Map<number, unknown>();
  for (const [key, bytes] of table.entries()) {
    const value = jsonIn(bytes.toString());
    const name = key.slice(1);
    if (key.startsWith(ENTRY) && isEntry(value)) entries.push(value);
    else if (key.startsWith(GUARD)) guards.set(name, value);
    else if (key.startsWith(TRAIL)) trail.set(Number(name), value);
  }
  return { entries: entries.sort((a, b) => a.at - b.at), guards, trail };
}

function isEntry(value: unknown): value is JournalEntry {
  if (typeof value !== 'object' || value === null) return false;
  const texts = ['id', 'device', 'point', 'by', 'origin', 'what'];
  const all = new Map(Object.entries(value));
  return (
    texts.every((key) => typeof all.get(key) === 'string') && typeof all.get('at') === 'number' && all.has('value')
  );
}
