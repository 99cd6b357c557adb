import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { isInstalled } from '../../tools/setup/debian.mjs';
import { cutAfter } from './disk-image.ts';
import { type DiskAct, readTrace, STRACE } from './disk-trace.ts';

const SCRIPT = `
const fs = require('node:fs');
const folder = process.argv[1];
fs.mkdirSync(folder + '/sub');
const file = fs.openSync(folder + '/sub/a', 'w');
fs.writeSync(file, 'hello');
fs.fdatasyncSync(file);
fs.writevSync(file, [Buffer.from(' w"x'), Buffer.from('orld')]);
fs.writeSync(file, 'J', 0, 'utf8');
fs.ftruncateSync(file, 8);
fs.renameSync(folder + '/sub/a', folder + '/sub/b');
const place = fs.openSync(folder + '/sub', 'r');
fs.fsyncSync(place);
fs.appendFileSync(folder + '/c', 'one');
fs.appendFileSync(folder + '/c', 'two');
`;

const random = () => 0.999;

test.skipIf(!isInstalled('strace'))('what a program did to its files is read from its system calls', () => {
  const folder = mkdtempSync(join(tmpdir(), 'hanbus-trace-'));
  try {
    const [program = '', ...options] = STRACE;
    execFileSync(program, [...options, '-o', `${folder}.txt`, process.execPath, '-e', SCRIPT, folder]);
    const acts = readTrace(readFileSync(`${folder}.txt`, 'utf8'), folder);
    expect(acts.map(({ act, path }) => `${act} ${path}`)).toEqual([
      'folder sub',
      'make sub/a',
      'write sub/a',
      'sync sub/a',
      'write sub/a',
      'write sub/a',
      'cut sub/a',
      'move sub/a',
      'sync sub',
      'make c',
      'write c',
      'make c',
      'write c',
    ]);
    // All of it: as if everything had reached the disk.
    const whole = [...cutAfter(acts, acts.length, random)].map(([path, content]) => [path, content.toString()]);
    expect(whole).toEqual([
      ['sub/b', readFileSync(join(folder, 'sub/b'), 'utf8')],
      ['c', 'onetwo'],
    ]);
  } finally {
    rmSync(folder, { recursive: true, force: true });
    rmSync(`${folder}.txt`, { force: true });
  }
});

const bytes = Buffer.from('x'.repeat(1_000));
const at = 0;
const ACTS: readonly DiskAct[] = [
  { act: 'make', path: 'log', isEmptied: true, at },
  { act: 'write', path: 'log', bytes, offset: 0, at },
  { act: 'sync', path: 'log', since: 2, at },
  { act: 'sync', path: '', since: 3, at },
  { act: 'write', path: 'log', bytes, offset: 1_000, at },
  { act: 'move', path: 'log', to: 'old', at },
];

function imagesOf(count: number): readonly ReadonlyMap<string, Buffer>[] {
  let seed = 1;
  const next = () => {
    seed = (seed * 16_807) % 2_147_483_647;
    return seed / 2_147_483_647;
  };
  return Array.from({ length: 300 }, () => cutAfter(ACTS, count, next));
}

test('what was synced is there in every image; what was not may be there, torn or gone', () => {
  const images = imagesOf(ACTS.length);
  const bodies = images.map((image) => image.get('log') ?? image.get('old'));
  expect(bodies.every((body) => body?.subarray(0, 1_000).equals(bytes))).toBe(true);
  expect(new Set(bodies.map((body) => body?.length))).toEqual(new Set([1_000, 1_512, 2_000]));
  expect(new Set(images.map((image) => [...image.keys()].join()))).toEqual(new Set(['log', 'old']));
});

test('a file whose folder was not synced may be missing', () => {
  expect(new Set(imagesOf(3).map((image) => image.size))).toEqual(new Set([0, 1]));
});
