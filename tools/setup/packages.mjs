import { accessSync, constants, existsSync } from 'node:fs';
import { fingerprint, isStamped, writeStamp } from './fingerprint.mjs';
import { linkNode } from './link.mjs';
import { systemPath } from './pinned-node.mjs';
import { inRoot, ROOT } from './root.mjs';
import { run } from './run.mjs';
import { say } from './say.mjs';

const STAMP = inRoot('node_modules', '.hanbus-packages');
/** Without a network npm would try for minutes by default. What its cache holds is good: the lock file has its hash. */
const PATIENCE = [
  '--prefer-offline',
  '--fetch-retries=3',
  '--fetch-retry-mintimeout=1000',
  '--fetch-retry-maxtimeout=8000',
];
const ARGUMENTS = ['ci', '--no-audit', '--no-fund', '--no-progress', '--loglevel=error', ...PATIENCE];
const OFFLINE = /\b(EAI_AGAIN|ENOTFOUND|ENETUNREACH|ECONNREFUSED|ETIMEDOUT)\b/;

const mark = () => fingerprint([inRoot('package-lock.json')]);

/** Remembers that node_modules holds what package-lock.json asks for. */
export function stampPackages() {
  writeStamp(STAMP, mark());
}

/** Installs the packages when they are missing or package-lock.json has changed. */
export async function installPackages() {
  if (existsSync(inRoot('node_modules')) && isStamped(STAMP, mark())) return;
  refuseReadOnly();
  say('installing packages (once, about 20 s)');
  if (!(await npmCi()).ok) {
    say('npm ci failed, trying once more');
    const second = await npmCi();
    if (!second.ok) throw new Error(reasonOf(second.output));
  }
  linkNode();
  stampPackages();
}

function refuseReadOnly() {
  try {
    accessSync(ROOT, constants.W_OK);
  } catch {
    throw new Error(`${ROOT} cannot be written, and its packages are not installed. Clone into a folder of your own.`);
  }
}

function reasonOf(output) {
  const advice = OFFLINE.test(output) ? 'the npm registry cannot be reached; is there a network?' : 'npm ci failed';
  return `${advice}\n${output.trim()}`;
}

async function npmCi() {
  const env = { ...process.env, PATH: systemPath() };
  const { code, output } = await run('npm', ARGUMENTS, { quiet: true, cwd: ROOT, env });
  return { ok: code === 0, output };
}
