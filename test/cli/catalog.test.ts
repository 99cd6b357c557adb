import { readdir } from 'node:fs/promises';
import { expect, it } from 'vitest';
import { loadVerbs, VERBS } from '../../src/cli/catalog.ts';
import { EXIT_CODES } from '../../src/cli/exit-codes.ts';
import { parseCall } from '../../src/cli/parse.ts';
import { verbFacts } from '../../src/cli/verb-facts.ts';
import { CODES, exitOf } from '../../src/schemes/codes.ts';
import { CONTRACTS } from '../../src/schemes/contracts.ts';
import { hanbus } from './world.ts';

const verbs = await loadVerbs();

it('has a file for each verb and a verb for each file, sorted', async () => {
  const files = await readdir(new URL('../../src/cli/verbs/', import.meta.url));
  expect(Object.keys(VERBS)).toEqual(files.map((file) => file.replace('.ts', '')).sort());
  expect(verbs.map(({ name }) => name)).toEqual(Object.keys(VERBS));
});

it.each(verbs)('$name is described well', ({ summary, examples, contract, options = [] }) => {
  expect(summary).toMatch(/^[a-zA-Z].*[^.]$/);
  expect(examples.length).toBeGreaterThan(0);
  expect(contract === undefined || Object.hasOwn(CONTRACTS, contract)).toBe(true);
  for (const { flags } of options) expect(flags).toMatch(/^--[a-z-]+( <[a-z]+>)?$/);
});

it.each(verbs.flatMap((verb) => verb.examples.map(({ line }) => ({ line, verb }))))(
  '$line can be typed',
  ({ line, verb }) => {
    const words = /hanbus ([^>|)]*)/.exec(line)?.[1]?.trim().split(/\s+/) ?? [];
    expect(words[0]).toBe(verb.name);
    expect(() =>
      parseCall(
        verb,
        words.map((word) => word.replaceAll("'", '')),
      ),
    ).not.toThrow();
  },
);

it.each(verbs)('help $name shows all of it', async ({ name, options = [], examples }) => {
  const { code, out } = await hanbus(['help', name]);
  expect(code).toBe(0);
  for (const { flags, about } of options) {
    expect(out).toContain(flags);
    // A long one goes on in the next line.
    expect(out.replaceAll(/\s+/g, ' ')).toContain(about);
  }
  for (const { line } of examples) expect(out).toContain(line);
});

it('shows the eight verbs of a newcomer in their order', () => {
  const first = verbs.flatMap(({ first: place }) => (place === undefined ? [] : [place]));
  expect(new Set(first)).toEqual(new Set([1, 2, 3, 4, 5, 6, 7, 8]));
  expect(first).toHaveLength(8);
});

it('lists every exit code that a code can end with', () => {
  const known = EXIT_CODES.map(({ code }) => code);
  for (const { code } of CODES) expect(known).toContain(exitOf(code));
});

it('gives the reference page everything', async () => {
  const { verbs: facts, globals, exitCodes } = await verbFacts();
  expect(facts.find(({ name }) => name === 'read')).toMatchObject({ usage: 'read <point...>', group: 'Look at it' });
  expect(globals.map(({ flags }) => flags)).toContain('--timeout <time>');
  expect(exitCodes).toBe(EXIT_CODES);
});
