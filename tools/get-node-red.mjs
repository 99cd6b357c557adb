// Installs the Node-RED that the journey tests start, once, into .cache/node-red. Does nothing when it is there.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const VERSION = '5.0.7';
const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const prefix = join(root, '.cache', 'node-red');
const described = join(prefix, 'node_modules', 'node-red', 'package.json');

function installedVersion() {
  if (!existsSync(described)) return undefined;
  return JSON.parse(readFileSync(described, 'utf8')).version;
}

if (installedVersion() !== VERSION) {
  mkdirSync(prefix, { recursive: true });
  const flags = ['--no-audit', '--no-fund', '--no-save', '--omit=optional'];
  const done = spawnSync('npm', ['install', '--prefix', prefix, `node-red@${VERSION}`, ...flags], {
    cwd: prefix,
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  if (done.status !== 0) {
    process.stderr.write(`Node-RED ${VERSION} could not be installed into .cache/node-red.\n`);
    process.exitCode = done.status ?? 1;
  }
}
