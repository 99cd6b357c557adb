import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { CATALOG } from '../../src/drivers/catalog.ts';
import { CODES, exitOf, explain } from '../../src/schemes/codes.ts';
import { loadScheme } from '../../src/schemes/load.ts';
import { parseYaml } from '../../src/schemes/yaml-parse.ts';
import { textWorld } from './case-world.ts';

/** Codes of problems in a scheme; those from HB330 on are of what happens while it runs. */
const ofSchemes = (code: string) => /^HB(?:2|3[0-2])/.test(code);

const source = readdirSync('src', { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.ts') && !/codes-\d+\.ts$/.test(name))
  .map((name) => readFileSync(join('src', name), 'utf8'))
  .join('\n');

test('every code of schemes is raised somewhere: nothing is explained that cannot happen', () => {
  const idle = CODES.filter(({ code }) => /^HB[23]/.test(code) && !source.includes(`'${code}'`));
  expect(idle.map(({ code }) => code)).toEqual([]);
});

test('every code of schemes has a broken scheme in the corpus that shows it', () => {
  const root = 'test/cases/errors';
  const shown = readdirSync(root)
    .map((name) => readFileSync(join(root, name, 'expected.txt'), 'utf8'))
    .join('\n');
  const missing = CODES.filter(({ code }) => ofSchemes(code) && !shown.includes(code)).map(({ code }) => code);
  // Tested elsewhere: too many files (include.test.ts).
  expect(missing).toEqual(['HB263']);
});

test('titles differ, sentences end, examples of schemes are YAML', () => {
  expect(new Set(CODES.map(({ title }) => title)).size).toBe(CODES.length);
  for (const { code, title, why, fix, example } of CODES) {
    expect(title, code).not.toMatch(/\.$/);
    expect(why, code).toMatch(/[.?]$/);
    expect(fix, code).toMatch(/[.]$/);
    if (ofSchemes(code) && example !== undefined && !example.startsWith('hanbus') && !example.startsWith('iconv')) {
      for (const line of example.includes(':\n') ? [example] : example.split('\n')) {
        expect(parseYaml(line).error, `${code}: ${line}`).toBeUndefined();
      }
    }
  }
});

const TOP = /^(?:broker|devices|include|node|publish):/m;
const wholeExamples = CODES.flatMap(({ code, example = '' }) =>
  (example.includes('\nbroker:') && example.startsWith('broker:') ? example.split('\n') : [example])
    .filter((text) => TOP.test(text))
    .map((text) => [code, text] as const),
);

test.each(wholeExamples)('the example of %s is a scheme that this version takes as it stands', async (_code, text) => {
  const loaded = await Promise.all(Object.values(CATALOG).map((load) => load()));
  const kinds = new Map(loaded.map(({ driver }) => [driver.kind, driver]));
  const { problems } = await loadScheme({ ...textWorld(text, { ENGINE_PASSWORD: 'x' }), kinds });
  // A file of the example that is included is not there.
  expect(problems.filter(({ code }) => code !== 'HB260').map(({ message }) => message)).toEqual([]);
});

test('exit codes are those of the conventions', () => {
  for (const { code } of CODES) expect([1, 2, 66, 69, 75, 77, 78], code).toContain(exitOf(code));
  expect([exitOf('HB204'), exitOf('HB152'), exitOf('HB101'), exitOf('HB999')]).toEqual([78, 66, 77, 1]);
});

test.each([
  ['HB204', 'HB204'],
  ['hb204', 'HB204'],
  [' 204 ', 'HB204'],
  ['HB999', undefined],
  ['204x', undefined],
  ['', undefined],
])('%j is %s', (written, code) => {
  expect(explain(written)?.code).toBe(code);
});
