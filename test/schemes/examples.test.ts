import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { testScheme } from '../../src/cli/rule-tests.ts';
import { CATALOG } from '../../src/drivers/catalog.ts';
import { formatScheme } from '../../src/schemes/format.ts';
import { loadScheme } from '../../src/schemes/load.ts';
import { problemsText } from '../../src/schemes/problem-text.ts';
import { caseWorld } from './case-world.ts';

const kinds = async () => {
  const loaded = await Promise.all(Object.values(CATALOG).map((load) => load()));
  return new Map(loaded.map(({ driver }) => [driver.kind, driver]));
};
const files = readdirSync('examples', { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.yaml'));

test('there are examples', () => {
  expect(files.length).toBeGreaterThan(5);
});

test.each(files)('examples/%s is right for the drivers of today and laid out as fmt does', async (name) => {
  const secrets = { MAIL_PASSWORD: 'x', THINGSPEAK_KEY: 'x' };
  const world = { ...caseWorld('examples', name), kinds: await kinds(), environment: secrets };
  const { scheme, problems } = await loadScheme(world);
  const notes = problems.filter(({ severity }) => severity === 'note');
  expect(
    problemsText(
      problems.filter((problem) => !notes.includes(problem)),
      { colour: false },
    ),
  ).toBe('');
  // Parts that this version does not run yet, and points of other nodes.
  expect(notes.filter(({ code }) => code !== 'HB290' && code !== 'HB303')).toEqual([]);
  expect(scheme).toBeDefined();
  const text = readFileSync(`examples/${name}`, 'utf8');
  expect(formatScheme(text)).toBe(text);
});

test.each(files)('the tests in examples/%s pass', async (name) => {
  const facts = await kinds();
  const loaded = await loadScheme({ ...caseWorld('examples', name), kinds: facts, environment: {} });
  const { results, skipped } = testScheme(loaded, facts, 'Europe/Amsterdam');
  expect(results.filter(({ ok }) => !ok)).toEqual([]);
  // Rules about other nodes can only be tried where those are known.
  expect(skipped.flatMap(({ missing }) => missing).filter((point) => !point.startsWith('garden.'))).toEqual([]);
});

test('each driver takes its own example in a scheme', async () => {
  const facts = await kinds();
  for (const { kind, example } of facts.values()) {
    const text = `devices: {it: ${JSON.stringify({ kind, ...example })}}`;
    const world = { ...caseWorld('.'), kinds: facts, readText: async () => text, environment: {} };
    const { problems } = await loadScheme(world);
    expect(
      problems.filter(({ severity }) => severity === 'error').map(({ message }) => message),
      kind,
    ).toEqual([]);
  }
});
