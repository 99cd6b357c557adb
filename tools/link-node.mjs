// Runs after `npm ci`, under whatever Node ran npm: makes `node` and `hanbus` in node_modules/.bin
// point at the pinned Node and at this checkout, so that npm scripts and npx find them first in PATH.
import { existsSync, mkdirSync, rmSync, symlinkSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const bin = fileURLToPath(new URL('../node_modules/.bin/', import.meta.url));
const platform = `node-${process.platform}-${process.arch}`;

function link(name, target) {
  rmSync(`${bin}${name}`, { force: true });
  symlinkSync(target, `${bin}${name}`);
}

mkdirSync(bin, { recursive: true });
if (existsSync(`${bin}../${platform}/bin/node`)) link('node', `../${platform}/bin/node`);
link('hanbus', '../../bin/hanbus.mjs');
