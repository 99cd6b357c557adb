#!/usr/bin/env node
// `hanbus`: runs the build with a Node that can. Plain JavaScript, so that an old Node can say what is missing.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const LEAST = [22, 13];
const bundle = new URL('../dist/hanbus.mjs', import.meta.url);
const pinned = fileURLToPath(
  new URL(`../node_modules/node-${process.platform}-${process.arch}/bin/node`, import.meta.url),
);

function isNewEnough() {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  return major > LEAST[0] || (major === LEAST[0] && minor >= LEAST[1]);
}

function fail(sentence) {
  process.stderr.write(`hanbus: ${sentence}\n`);
  process.exitCode = 1;
}

/** The same command line under the pinned Node of the checkout. */
function runWith(node) {
  const child = spawn(node, [fileURLToPath(bundle), ...process.argv.slice(2)], { stdio: 'inherit' });
  // A terminal sends Ctrl-C to both of us; what only we get is passed on.
  for (const signal of ['SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
  process.on('SIGINT', () => undefined);
  child.on('exit', (code) => {
    process.exitCode = code ?? 130;
  });
}

if (!existsSync(bundle)) fail('this checkout is not built yet. Run: npm run build');
else if (isNewEnough()) await import(bundle.href);
else if (existsSync(pinned)) runWith(pinned);
else
  fail(`Node ${LEAST.join('.')} or newer is needed, this is ${process.versions.node}: https://nodejs.org/en/download`);
