import { cpSync, mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { fingerprint, isStamped, writeStamp } from '../../tools/setup/fingerprint.mjs';

let folder = '';
const mark = (): string => fingerprint([join(folder, 'src'), join(folder, 'absent.json')]);

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'hanbus-mark-'));
  mkdirSync(join(folder, 'src', 'deep'), { recursive: true });
  writeFileSync(join(folder, 'src', 'deep', 'a.ts'), 'one');
});
afterEach(() => rmSync(folder, { recursive: true }));

test('the same files have the same fingerprint', () => {
  expect(mark()).toBe(mark());
});

test.each([
  ['a changed file', () => writeFileSync(join(folder, 'src', 'deep', 'a.ts'), 'two')],
  ['a new file', () => writeFileSync(join(folder, 'src', 'b.ts'), '')],
  ['a renamed file', () => renameSync(join(folder, 'src', 'deep', 'a.ts'), join(folder, 'src', 'deep', 'b.ts'))],
  ['a removed file', () => rmSync(join(folder, 'src', 'deep', 'a.ts'))],
  ['a file that appears', () => writeFileSync(join(folder, 'absent.json'), '{}')],
])('%s changes the fingerprint', (_, change) => {
  const before = mark();
  change();
  expect(mark()).not.toBe(before);
});

test('a stamp holds for its own fingerprint only', () => {
  const stamp = join(folder, 'dist', '.stamp');
  expect(isStamped(stamp, 'a')).toBe(false);
  writeStamp(stamp, 'a');
  expect(isStamped(stamp, 'a')).toBe(true);
  expect(isStamped(stamp, 'b')).toBe(false);
});

test('a checkout that was moved has not changed', async () => {
  const marks: unknown[] = [];
  for (const name of ['here', 'there']) {
    cpSync('tools/setup', join(folder, name, 'tools', 'setup'), { recursive: true });
    const copy = await import(pathToFileURL(join(folder, name, 'tools', 'setup', 'fingerprint.mjs')).href);
    marks.push(copy.fingerprint([join(folder, name, 'tools')]));
  }
  expect(marks[0]).toBe(marks[1]);
});
