import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { Picture } from './tree-format.ts';

export interface TreeFolder {
  readonly root: string;
  remove(): void;
}

/** Writes a picture into a temporary folder, for the real files port. Entries that only fail or hang are left out. */
export function writeTreeFolder({ entries }: Picture): TreeFolder {
  const root = mkdtempSync(join(tmpdir(), 'hanbus-tree-'));
  for (const [path, entry] of entries) {
    const place = join(root, path);
    mkdirSync(entry.kind === 'directory' ? place : dirname(place), { recursive: true });
    if (entry.kind === 'file') writeFileSync(place, entry.bytes);
    if (entry.kind === 'link') symlinkSync(entry.target, place);
  }
  return { root, remove: () => rmSync(root, { recursive: true, force: true }) };
}
