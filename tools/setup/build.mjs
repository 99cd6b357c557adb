import { isBuilt, sourceMark, stampBuild } from './bundle-state.mjs';
import { environmentFor } from './pinned-node.mjs';
import { inRoot, ROOT } from './root.mjs';
import { run } from './run.mjs';
import { say } from './say.mjs';

/** Builds dist/hanbus.mjs when a source has changed since the last build. */
export async function buildIfChanged(node) {
  if (isBuilt()) return;
  say('building');
  const mark = sourceMark();
  const options = { quiet: true, cwd: ROOT, env: environmentFor(node) };
  const { code, output } = await run(node, [inRoot('tools', 'bundle.mjs')], options);
  if (code !== 0) throw new Error(`the build failed:\n${output.trim()}`);
  stampBuild(mark);
}
