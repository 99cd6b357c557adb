import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { catalogText, driverFiles } from '../../tools/catalog.ts';
import { differences, update } from '../../tools/generated.ts';
import { isAccepted } from '../../tools/licences.mjs';

let root = '';
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'hanbus-generated-'));
  mkdirSync(join(root, 'docs'));
  writeFileSync(join(root, 'docs', 'old.md'), 'old');
  writeFileSync(join(root, 'docs', 'same.md'), 'same');
});
afterEach(() => rmSync(root, { recursive: true }));

const FILES = [
  { path: 'docs/same.md', text: 'same' },
  { path: 'docs/new/page.md', text: 'new' },
];

test('missing, changed and stale files are differences', () => {
  writeFileSync(join(root, 'docs', 'same.md'), 'edited by hand');
  expect(differences(FILES, ['docs'], root)).toEqual([
    { path: 'docs/same.md', why: 'out of date' },
    { path: 'docs/new/page.md', why: 'missing' },
    { path: 'docs/old.md', why: 'no longer generated' },
  ]);
});

test('an update leaves nothing to do', () => {
  expect(update(FILES, ['docs'], root)).toHaveLength(2);
  expect(differences(FILES, ['docs'], root)).toEqual([]);
  expect(existsSync(join(root, 'docs', 'old.md'))).toBe(false);
});

test('the catalogue is what the folder of drivers asks for', () => {
  expect(readFileSync('src/drivers/catalog.ts', 'utf8')).toBe(catalogText(driverFiles()));
});

test('the catalogue is sorted, and quotes what is no name', () => {
  const files = [
    { kind: 'memory', folder: 'inputs' },
    { kind: 'loop-rate', folder: 'outputs' },
    { kind: 'cpu', folder: 'inputs' },
  ] as const;
  expect(catalogText(files)).toContain(
    "  cpu: () => import('./inputs/cpu.ts'),\n  'loop-rate': () => import('./outputs/loop-rate.ts'),\n  memory:",
  );
});

test.each([
  ['MIT', true],
  ['(MIT OR GPL-3.0-only)', true],
  ['Apache-2.0 AND MIT', true],
  ['GPL-3.0-only', false],
  ['MIT AND GPL-2.0-only', false],
  ['none', false],
])('licence %s: accepted is %s', (licence, accepted) => {
  expect(isAccepted(licence)).toBe(accepted);
});
