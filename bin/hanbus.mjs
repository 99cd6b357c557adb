#!/usr/bin/env node
// The command `hanbus`. Plain JavaScript that any Node can start: it looks for a Node that is new enough and for the
// built program, then hands over.
import { spawn } from 'node:child_process';
import { existsSync, readdirSync, statSync } from 'node:fs';
import * as nodeModule from 'node:module';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const LEAST = [22, 13];
/** As tools/setup/pinned-node.mjs, which a published package does not have. */
const FLAGS = ['--min-semi-space-size=2', '--max-semi-space-size=2'];
const here = fileURLToPath(import.meta.url);
const root = dirname(dirname(here));
const built = join(root, 'dist', 'hanbus.mjs');
const source = join(root, 'src', 'cli', 'hanbus.ts');
const pinned = join(root, 'node_modules', `node-${process.platform}-${process.arch}`, 'bin', 'node');

const isNewEnough = () => {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  return major > LEAST[0] || (major === LEAST[0] && minor >= LEAST[1]);
};

/** The built program, unless a source is newer; a published package has no sources. */
const isFresh = () =>
  existsSync(built) && (!existsSync(source) || newest(join(root, 'src')) <= statSync(built).mtimeMs);

const newest = (folder) => {
  let latest = 0;
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    latest = Math.max(latest, entry.isDirectory() ? newest(path) : statSync(path).mtimeMs);
  }
  return latest;
};

const end = (sentence) => {
  process.stderr.write(`hanbus: ${sentence}\n`);
  process.exitCode = 1;
};

/** Starts the same command under another Node; its signals and its exit code are ours. */
const handOver = (node) => {
  const child = spawn(node, [...FLAGS, here, ...process.argv.slice(2)], { stdio: 'inherit' });
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'];
  // A terminal sends Ctrl-C to both; what is sent to this process alone is passed on. hanbus ignores the double.
  for (const signal of signals) process.on(signal, () => child.kill(signal));
  child.once('error', (error) => end(`cannot start ${node}: ${error.message}`));
  child.once('exit', (code, signal) => {
    for (const name of signals) process.removeAllListeners(name);
    if (signal === null) process.exitCode = code ?? 1;
    else process.kill(process.pid, signal);
  });
};

/** Compiled code of the last start, in a folder of this user alone. */
const useCompileCache = () => {
  const cache = process.env.XDG_CACHE_HOME || join(homedir(), '.cache');
  if (cache.startsWith('/')) nodeModule.enableCompileCache?.(join(cache, 'hanbus', 'compile'));
};

const run = async () => {
  const program = isFresh() ? built : source;
  const canRun = isNewEnough() && (program === built || Boolean(process.features.typescript));
  if (!canRun && process.execPath !== pinned && existsSync(pinned)) return handOver(pinned);
  if (!canRun) {
    const needs = isNewEnough() ? 'Node 22.18, or to be built first (npm run build)' : `Node ${LEAST.join('.')}`;
    return end(`needs ${needs} or newer; this is Node ${process.versions.node}. In a checkout run: npm start`);
  }
  if (!existsSync(program)) return end(`the program is missing at ${program}. In a checkout run: npm start`);
  useCompileCache();
  await import(pathToFileURL(program).href);
};

await run();
