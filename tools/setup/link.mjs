import { existsSync, mkdirSync, readlinkSync, rmSync, symlinkSync } from 'node:fs';
import { inRoot } from './root.mjs';

/**
 * Makes `node` and `hanbus` in node_modules/.bin point at the pinned Node and at this checkout, so that npm scripts
 * and npx find them first in PATH. npm 9 and 10 do not link a bin that two platform packages share.
 */
export function linkNode(platform = `${process.platform}-${process.arch}`) {
  mkdirSync(inRoot('node_modules', '.bin'), { recursive: true });
  const node = `../node-${platform}/bin/node`;
  if (existsSync(inRoot('node_modules', '.bin', node))) link('node', node);
  link('hanbus', '../../bin/hanbus.mjs');
}

function link(name, target) {
  const path = inRoot('node_modules', '.bin', name);
  if (pointsAt(path) === target) return;
  rmSync(path, { force: true });
  symlinkSync(target, path);
}

function pointsAt(path) {
  try {
    return readlinkSync(path);
  } catch {
    return undefined;
  }
}
