import { join } from 'node:path';
import type { Clock } from '../kit/clock.ts';
import type { Log } from '../kit/log.ts';
import { type LastValues, parseLastValues } from '../recorder/last-values.ts';
import type { Problem } from '../schemes/problem.ts';
import { type Document, openDocument } from '../state/document.ts';
import type { FlashSource } from '../state/flash-budget.ts';
import { type NameBook, parseNameBook } from './name-book.ts';
import { textsOf } from './scheme-stored.ts';
import type { Texts } from './scheme-version.ts';

/** What a node remembers over a restart. */
export interface Memory {
  /** Counts the starts of this node; on disk before anything is published. */
  readonly epoch: number;
  readonly names: Document<NameBook>;
  readonly lastGood: Document<Texts>;
  readonly overrides: Document<unknown>;
  /** The points of devices that were open once. */
  readonly descriptors: Document<unknown>;
  /** Timers and running steps of rules, variables of the home. */
  readonly rules: Document<unknown>;
  readonly last: Document<LastValues>;
  readonly sources: readonly FlashSource[];
  /** HB122 while the disk refuses. */
  problems(): readonly Problem[];
  /** Writes what waits, then no more. */
  close(): Promise<void>;
}

interface Starts {
  readonly epoch: number;
}

export async function openMemory(folder: string, clock: Clock, log: Log): Promise<Memory> {
  const open = <T>(name: string, parse: (raw: unknown) => T) =>
    openDocument<T>({ path: join(folder, `${name}.json`), parse, clock, log });
  const [starts, names, lastGood, overrides, descriptors, rules, last] = await Promise.all([
    open('starts', parseStarts),
    open('names', parseNameBook),
    open('last-good', textsOf),
    open<unknown>('overrides', (raw) => raw),
    open<unknown>('descriptors', (raw) => raw),
    open<unknown>('rules', (raw) => raw),
    open('last', parseLastValues),
  ]);
  const epoch = (starts.value?.epoch ?? 0) + 1;
  starts.set({ epoch });
  await starts.flush();
  const documents = [starts, names, lastGood, overrides, descriptors, rules, last];
  const named = { starts, names, 'last-good': lastGood, overrides, descriptors, rules, last };
  return {
    epoch,
    names,
    lastGood,
    overrides,
    descriptors,
    rules,
    last,
    sources: Object.entries(named).map(([name, one]) => ({ name, written: () => one.written })),
    problems: () => (documents.every(({ writable }) => writable) ? [] : [unwritable(folder)]),
    close: async () => void (await Promise.all(documents.map((one) => one.close()))),
  };
}

function parseStarts(raw: unknown): Starts {
  const epoch = typeof raw === 'object' && raw !== null && 'epoch' in raw ? raw.epoch : 0;
  return { epoch: typeof epoch === 'number' && Number.isSafeInteger(epoch) ? epoch : 0 };
}

function unwritable(folder: string): Problem {
  const message = `${folder} cannot be written; names and settings are kept in memory and lost at the next start`;
  return { code: 'HB122', severity: 'warning', message, fix: `ls -ld ${folder}; df -h ${folder}` };
}
