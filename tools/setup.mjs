import { buildIfChanged } from './setup/build.mjs';
import { installPackages } from './setup/packages.mjs';
import { pinnedNode } from './setup/pinned-node.mjs';

/**
 * Everything that a fresh clone needs, done only when it is not done yet: packages, the pinned Node, the build.
 * Returns the Node to go on with.
 */
export async function setUp({ build = true } = {}) {
  await installPackages();
  const node = pinnedNode();
  if (build) await buildIfChanged(node);
  return node;
}
