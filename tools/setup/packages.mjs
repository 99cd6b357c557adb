import { existsSync } from 'node:fs';
import { fingerprint, isStamped, writeStamp } from './fingerprint.mjs';
import { linkNode } from './link.mjs';
import { systemPath } from './pinned-node.mjs';
import { inRoot, ROOT } from './root.mjs';
import { run } from './run.mjs';
import { say } from './say.mjs';

const STAMP = inRoot('node_modules', '.hanbus-packages');
const ARGUMENTS = ['ci', '--no-audit', '--no-fund', '--loglevel=error'];

const mark = () => fingerprint([inRoot('package-lock.json')]);

/** Remembers that node_modules holds what package-lock.json asks for. */
export function stampPackages() {
  writeStamp(STAMP, mark());
}

/** Installs the packages when they are missing or package-lock.json has changed. */
export async function installPackages() {
  if (existsSync(inRoot('node_modules')) && isStamped(STAMP, mark())) return;
  say('installing packages (once, about 20 s)');
  if (!(await npmCi()).ok) {
    say('npm ci failed, trying once more');
    const second = await npmCi();
    if (!second.ok) throw new Error(`npm ci failed:\n${second.output.trim()}`);
  }
  linkNode();
  stampPackages();
}

async function npmCi() {
  const env = { ...process.env, PATH: systemPath() };
  const { code, output } = await run('npm', ARGUMENTS, { quiet: true, cwd: ROOT, env });
  return { ok: code === 0, output };
}
