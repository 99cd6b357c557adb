import { existsSync } from 'node:fs';
import { delimiter, dirname } from 'node:path';
import { inRoot } from './root.mjs';

const LEAST = [22, 13];

/**
 * How hanbus is started: V8 may keep 1 MB of young objects, not 16. A node with 100 points at rest then takes 80 MB and
 * not 86. A busy broker collects more often for it; the issue of the broker measures that again.
 */
export const NODE_FLAGS = ['--min-semi-space-size=2', '--max-semi-space-size=2'];

function isNewEnough(version) {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  return major > LEAST[0] || (major === LEAST[0] && minor >= LEAST[1]);
}

/**
 * The Node that runs hanbus: the pinned one of this checkout, or on platforms without that package the one
 * running now. Throws a sentence when neither will do.
 */
export function pinnedNode(platform = `${process.platform}-${process.arch}`) {
  const pinned = inRoot('node_modules', `node-${platform}`, 'bin', 'node');
  if (existsSync(pinned)) return pinned;
  if (isNewEnough(process.versions.node)) return process.execPath;
  throw new Error(
    `hanbus needs Node ${LEAST.join('.')} or newer, this is ${process.versions.node}, and there is no pinned Node ` +
      `for ${platform}. Install a newer Node: https://nodejs.org/en/download`,
  );
}

/** The environment for tools: the pinned Node and the tools of this checkout come first in PATH. */
export function environmentFor(node) {
  const path = [inRoot('node_modules', '.bin'), dirname(node), process.env.PATH ?? ''];
  return { ...process.env, PATH: path.join(delimiter) };
}

/** The PATH without the tools of checkouts: npm must not run on a Node that it is about to replace. */
export function systemPath(path = process.env.PATH ?? '') {
  const own = /(?:^|\/)node_modules\/(?:\.bin|node-[a-z0-9-]+\/bin)\/?$|node-gyp-bin$/;
  return path
    .split(delimiter)
    .filter((folder) => !own.test(folder))
    .join(delimiter);
}
