// `npm start`: sets up what is missing, then runs this checkout as a node in the foreground.
import { BUNDLE } from './setup/bundle-state.mjs';
import { NODE_FLAGS } from './setup/pinned-node.mjs';
import { runForeground } from './setup/run.mjs';
import { endWith } from './setup/say.mjs';
import { setUp } from './setup.mjs';

try {
  const node = await setUp();
  process.exitCode = await runForeground(node, [...NODE_FLAGS, BUNDLE, 'up', ...process.argv.slice(2)]);
} catch (error) {
  endWith(error);
}
