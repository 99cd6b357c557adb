import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { CODES } from '../../src/schemes/codes.ts';
import { errorsPage } from '../../tools/reference/errors.ts';

const { text } = errorsPage();
const known = CODES.map(({ code }) => code);

/** Every code written in the source outside the catalogue, with the first file that has it. */
function raised(): Map<string, string> {
  const files = readdirSync('src', { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts') && !/codes(-\d+)?\.ts$/.test(name))
    .sort();
  const found = new Map<string, string>();
  for (const name of files) {
    for (const [code] of readFileSync(join('src', name), 'utf8').matchAll(/(?<=['"`])HB\d{3}(?=['"`])/g)) {
      if (!found.has(code)) found.set(code, name);
    }
  }
  return found;
}

test('every code that the source raises is in the catalogue', () => {
  const codes = raised();
  expect(codes.size).toBeGreaterThan(20);
  expect([...codes].filter(([code]) => !known.includes(code)).map(([code, file]) => `${code} in ${file}`)).toEqual([]);
});

test('codes are unique, in order and of the right form', () => {
  expect(known).toEqual([...new Set(known)].sort());
  expect(known.filter((code) => !/^HB[1-3]\d\d$/.test(code))).toEqual([]);
});

test.each(CODES)('$code is on the page of errors, with its reason and its fix', ({ code, title, why, fix }) => {
  expect(text).toContain(`### ${code}\n\n**${title}.** ${why}\n\nFix: ${fix}`);
  expect(text).toContain(`(#${code.toLowerCase()})`);
});

test('the page has no code that the catalogue does not have', () => {
  const headings = [...text.matchAll(/^### (HB\d+)$/gm)].map(([, code = '']) => code);
  expect(headings).toEqual(known);
});
