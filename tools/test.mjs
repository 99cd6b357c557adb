// `npm test`: sets up what is missing, then runs the tests. Arguments go to vitest: `npm test -- test/bus`.
import { existsSync } from 'node:fs';
import { installDebianPackages } from './setup/debian.mjs';
import { environmentFor } from './setup/pinned-node.mjs';
import { inRoot, ROOT } from './setup/root.mjs';
import { run } from './setup/run.mjs';
import { endWith, say } from './setup/say.mjs';
import { setUp } from './setup.mjs';

/** A real Node-RED for the journeys. Without it (no network) those tests skip themselves. */
async function getNodeRed(node, options) {
  const script = inRoot('tools', 'get-node-red.mjs');
  if (!existsSync(script)) return;
  const { code } = await run(node, [script], options);
  if (code !== 0) say('no Node-RED; the tests that need it are skipped');
}

try {
  const node = await setUp();
  const options = { cwd: ROOT, env: environmentFor(node) };
  await installDebianPackages();
  await getNodeRed(node, options);
  const vitest = inRoot('node_modules', 'vitest', 'vitest.mjs');
  process.exitCode = (await run(node, [vitest, 'run', ...process.argv.slice(2)], options)).code;
} catch (error) {
  endWith(error);
}
