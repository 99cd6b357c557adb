import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { ROOT } from './root.mjs';

/**
 * A hash of the names and contents of files and whole folders, in a fixed order. A missing path counts as such.
 * Names count from the root of the checkout: a checkout that was moved has not changed.
 */
export function fingerprint(paths) {
  const hash = createHash('sha256');
  for (const path of paths) add(hash, path);
  return hash.digest('hex');
}

function add(hash, path) {
  hash.update(`\0${relative(ROOT, path)}\0`);
  if (!existsSync(path)) return;
  if (!statSync(path).isDirectory()) return void hash.update(readFileSync(path));
  for (const name of readdirSync(path).sort()) add(hash, join(path, name));
}

/** Whether the stamp file says that the work was done for this very fingerprint. */
export function isStamped(stamp, mark) {
  return existsSync(stamp) && readFileSync(stamp, 'utf8') === mark;
}

export function writeStamp(stamp, mark) {
  mkdirSync(dirname(stamp), { recursive: true });
  writeFileSync(stamp, mark);
}
