// `npm run check`: everything that must be green before a push. One line per step; the output of a step only when it
// fails. `--no-tests` leaves the tests out.
import { environmentFor } from './setup/pinned-node.mjs';
import { ROOT } from './setup/root.mjs';
import { run } from './setup/run.mjs';
import { endWith } from './setup/say.mjs';
import { setUp } from './setup.mjs';

/** Each is a script of package.json. */
const STEPS = ['types', 'lint', 'layers', 'unused', 'docs:check', 'licences', 'test'];

async function runStep(step, options) {
  const start = performance.now();
  const { code, output } = await run('npm', ['run', '--silent', step], { quiet: true, ...options });
  const seconds = ((performance.now() - start) / 1000).toFixed(1);
  process.stdout.write(`${step.padEnd(12)}${seconds.padStart(6)} s  ${code === 0 ? 'ok' : 'FAILED'}\n`);
  if (code !== 0) process.stdout.write(`\n${output.trim()}\n\n`);
  return code === 0;
}

try {
  const node = await setUp();
  const options = { cwd: ROOT, env: environmentFor(node) };
  const steps = STEPS.filter((step) => step !== 'test' || !process.argv.includes('--no-tests'));
  const failed = [];
  for (const step of steps) if (!(await runStep(step, options))) failed.push(step);
  process.stdout.write(failed.length === 0 ? 'all ok\n' : `failed: ${failed.join(', ')}\n`);
  process.exitCode = failed.length === 0 ? 0 : 1;
} catch (error) {
  endWith(error);
}
