import { cpSync, readdirSync, readFileSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { makeHouse } from './house.ts';
import { Load } from './load.ts';
import { readActs, readRecords } from './outside.ts';
import { startChaosNode } from './start-chaos-node.ts';
import { type Kept, whatIsMissing } from './what-is-missing.ts';

/** Where a byte is spoilt. */
export interface Flip {
  /** Relative to the data folder. */
  readonly file: string;
  readonly at: number;
  readonly how: 'cut' | 'flip';
}

/** A node that worked, ended, and left its files. */
export interface Remains {
  readonly folder: string;
  readonly kept: Kept;
  remove(): void;
}

export interface Tried {
  readonly flip: Flip;
  /** What the node said of the file. */
  readonly said: readonly string[];
  /** What was accepted and is not there; empty when nothing is missing. */
  readonly missing: string;
  /** What must not be. */
  readonly wrong?: string;
}

const KEPT = 20;

/** Runs a node for a while under load and stops it. */
export async function workAndStop(port: number, workMs: number): Promise<Remains> {
  const house = makeHouse(port);
  const node = await startChaosNode(house.folder, () => undefined);
  const load = new Load(port, Math.random);
  await load.connect(false);
  const retained = new Map(Array.from({ length: KEPT }, (_, index) => [`jobs/kept/${index}`, `kept ${index}`]));
  await load.retain(retained);
  load.start();
  await sleep(workMs);
  load.rest();
  await sleep(500);
  load.endLife();
  await load.stop();
  await node.stop();
  const { sent, jobs } = load.story(house.folder);
  const acted = new Set(readActs(house.folder).map(({ value }) => value));
  const once = sent.filter(({ mode, value }) => mode === 'once' && acted.has(value)).slice(-KEPT);
  const records = readRecords(house.folder).accepted.map(({ id }) => id);
  const kept = { retained, once, records, jobs: jobs.map(({ payload }) => payload) };
  return { folder: house.folder, kept, remove: () => house.remove() };
}

/** A cut and a flip at every `step` bytes of every file. */
export function flipsOf({ folder }: Remains, step: number): readonly Flip[] {
  return filesIn(join(folder, 'data')).flatMap((file) => {
    const { size } = statSync(join(folder, 'data', file));
    const places = Array.from({ length: Math.ceil(size / step) }, (_, index) => index * step);
    return places.flatMap((at): Flip[] => [
      { file, at, how: 'flip' },
      { file, at, how: 'cut' },
    ]);
  });
}

/** Starts a node on a copy with this one fault, and looks at what it does. */
export async function tryFlip(remains: Pick<Remains, 'folder' | 'kept'>, flip: Flip, port: number): Promise<Tried> {
  const { folder, kept } = remains;
  const house = makeHouse(port);
  const said: string[] = [];
  const where = `${flip.how} ${flip.file} at ${flip.at}`;
  try {
    cpSync(join(folder, 'data'), join(house.folder, 'data'), { recursive: true });
    spoil(join(house.folder, 'data', flip.file), flip);
    const node = await startChaosNode(house.folder, ({ text, fields }) => {
      const line = `${text} ${JSON.stringify(fields)}`;
      if (line.includes(join(house.folder, 'data', flip.file.replace(/\.old$/, '')))) said.push(text);
    });
    try {
      const missing = await whatIsMissing(house.folder, port, kept);
      const wrong = missing !== '' && said.length === 0 ? `${where}: ${missing}, and nothing was said` : undefined;
      return { flip, said, missing, ...(wrong !== undefined && { wrong }) };
    } finally {
      await node.stop();
    }
  } catch (error) {
    const wrong = `${where}: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`;
    return { flip, said, missing: 'all', wrong };
  } finally {
    house.remove();
  }
}

function spoil(path: string, { at, how }: Flip): void {
  if (how === 'cut') {
    truncateSync(path, at);
    return;
  }
  const bytes = readFileSync(path);
  bytes[at] = (bytes[at] ?? 0) ^ 0x41;
  writeFileSync(path, bytes);
}

function filesIn(folder: string, below = ''): readonly string[] {
  return readdirSync(join(folder, below), { withFileTypes: true }).flatMap((entry) => {
    const path = join(below, entry.name);
    if (entry.isDirectory()) return filesIn(folder, path);
    return entry.isFile() ? [path] : [];
  });
}
