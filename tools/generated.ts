import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';

/** One generated file: its path in this checkout, and its whole text. */
export interface GeneratedFile {
  readonly path: string;
  readonly text: string;
}

export interface Difference {
  readonly path: string;
  readonly why: 'missing' | 'out of date' | 'no longer generated';
}

/** What differs between the disk and what the code says now. `owned` are folders that hold nothing but these files. */
export function differences(files: readonly GeneratedFile[], owned: readonly string[] = [], root = '.'): Difference[] {
  const wanted = new Set(files.map(({ path }) => path));
  const changed = files.flatMap(({ path, text }): Difference[] => {
    const place = join(root, path);
    if (!existsSync(place)) return [{ path, why: 'missing' }];
    return readFileSync(place, 'utf8') === text ? [] : [{ path, why: 'out of date' }];
  });
  const stale = owned
    .flatMap((folder) => filesBelow(root, folder))
    .filter((path) => !wanted.has(path))
    .map((path): Difference => ({ path, why: 'no longer generated' }));
  return [...changed, ...stale];
}

function filesBelow(root: string, folder: string): string[] {
  if (!existsSync(join(root, folder))) return [];
  return readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(root, join(entry.parentPath, entry.name)))
    .sort();
}

/** Writes what differs; touches nothing else. */
export function update(files: readonly GeneratedFile[], owned: readonly string[] = [], root = '.'): Difference[] {
  const found = differences(files, owned, root);
  const texts = new Map(files.map(({ path, text }) => [path, text]));
  for (const { path } of found) {
    const text = texts.get(path);
    const place = join(root, path);
    if (text === undefined) {
      rmSync(place);
      continue;
    }
    mkdirSync(dirname(place), { recursive: true });
    writeFileSync(place, text);
  }
  return found;
}

/** The command line of a generator: `--check` only compares, and fails when something differs. */
export function generate(files: readonly GeneratedFile[], owned: readonly string[], fix: string): void {
  const check = process.argv.includes('--check');
  const found = (check ? differences : update)(files, owned);
  for (const { path, why } of found) console.log(`${path}: ${check ? why : 'written'}`);
  if (check && found.length > 0) {
    console.error(`Generated files differ from the code. Run: ${fix}`);
    process.exitCode = 1;
  }
}
