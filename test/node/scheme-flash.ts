import { dirname } from 'node:path';
import type { FileFacts, SchemeDisk } from '../../src/node/scheme-disk.ts';
import type { DocumentFiles } from '../../src/state/files.ts';

/** What every step after a power cut throws. */
export class PowerCut extends Error {}

type Files = ReadonlyMap<string, string>;

/**
 * A disk in memory that loses power before a given step. Texts are on it when they are synced, names when their folder
 * is: `certain` has only those, `lucky` all that was ever done.
 */
export interface Flash {
  readonly disk: SchemeDisk;
  readonly documents: DocumentFiles;
  /** Steps done so far. */
  readonly steps: number;
  readonly certain: Files;
  readonly lucky: Files;
}

const FACTS: FileFacts = { mode: 0o644, uid: 0, gid: 0, isWritable: true };

export function makeFlash(files: Files, cutAt = Number.POSITIVE_INFINITY): Flash {
  const live = new Map(files);
  const certain = new Map(files);
  let steps = 0;
  const step = (): void => {
    if (steps >= cutAt) throw new PowerCut();
    steps += 1;
  };
  const alive = (): void => {
    if (steps >= cutAt) throw new PowerCut();
  };
  const disk: SchemeDisk = {
    async text(path) {
      alive();
      return live.get(path);
    },
    async names(folder) {
      alive();
      return [...live.keys()].filter((path) => dirname(path) === folder).map((path) => path.slice(folder.length + 1));
    },
    target: async (path) => path,
    facts: async (path) => (live.has(path) ? FACTS : undefined),
    async create(path, text) {
      step();
      live.set(path, text);
    },
    own: async () => step(),
    overwrite: async () => {
      throw new Error('never needed here');
    },
    async rename(from, to) {
      step();
      const text = live.get(from);
      if (text === undefined) throw Object.assign(new Error(`no ${from}`), { code: 'ENOENT' });
      live.delete(from);
      live.set(to, text);
    },
    async remove(path) {
      step();
      live.delete(path);
    },
    makeFolder: async () => undefined,
    async syncFolder(folder) {
      step();
      for (const path of certain.keys()) if (dirname(path) === folder && !live.has(path)) certain.delete(path);
      for (const [path, text] of live) if (dirname(path) === folder) certain.set(path, text);
    },
  };
  return {
    disk,
    documents: documentsOn(disk, live),
    get steps() {
      return steps;
    },
    certain,
    lucky: live,
  };
}

/** As `systemFiles` does it. */
function documentsOn(disk: SchemeDisk, live: Files): DocumentFiles {
  return {
    prepare: async () => undefined,
    read: (path) => disk.text(path),
    async replace(path, text) {
      await disk.create(`${path}.new`, text, 0o600);
      if (live.has(path)) await disk.rename(path, `${path}.old`);
      await disk.rename(`${path}.new`, path);
      await disk.syncFolder(dirname(path));
    },
    move: (from, to) => disk.rename(from, to),
  };
}
