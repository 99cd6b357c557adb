import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, dirname, join, normalize } from 'node:path';
import { expect, test } from 'vitest';
import exceptions from './exceptions.json' with { type: 'json' };

const LONGEST = 200;
/** Shorter files without a test of their own are covered by those that use them. */
const WORTH_A_TEST = 40;
const FORBIDDEN = new Set(['manager', 'helper', 'helpers', 'util', 'utils', 'common', 'misc']);

const typescript = (folder: string): string[] =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.(ts|mjs)$/.test(name) && !name.includes('node_modules'))
    .map((name) => join(folder, name))
    .sort();

const read = (path: string): string => readFileSync(path, 'utf8');
const lines = (path: string): number => read(path).trimEnd().split('\n').length;

const sources = typescript('src');
const tests = typescript('test');
const everything = [...sources, ...tests, ...['tools', 'bench', 'bin'].filter(existsSync).flatMap(typescript)];
const longFiles: Readonly<Record<string, string>> = exceptions.longFiles;
const testedThrough: Readonly<Record<string, string>> = exceptions.testedThrough;

test('there are files to look at', () => {
  expect(sources.length).toBeGreaterThan(50);
  expect(tests.length).toBeGreaterThan(5);
});

test(`no source file is longer than ${LONGEST} lines, unless it is listed with a reason`, () => {
  const long = sources.filter((path) => lines(path) > LONGEST && !(path in longFiles));
  expect(long.map((path) => `${path}: ${lines(path)} lines`)).toEqual([]);
});

test('the list of exceptions is true', () => {
  const stale = Object.keys(longFiles).filter((path) => !existsSync(path) || lines(path) <= LONGEST);
  expect(stale, 'listed as long, but gone or short').toEqual([]);
  const gone = Object.keys(testedThrough).filter((path) => !existsSync(path));
  expect(gone, 'listed as tested through others, but gone').toEqual([]);
  const reasons = [...Object.values(longFiles), ...Object.values(testedThrough)];
  expect(reasons.filter((reason) => reason.length < 20)).toEqual([]);
});

test('file names say what is in the file', () => {
  const vague = everything.filter((path) =>
    basename(path)
      .split(/[-.]/)
      .some((word) => FORBIDDEN.has(word)),
  );
  expect(vague).toEqual([]);
});

test('there are no barrels', () => {
  const barrels = sources.filter((path) => basename(path) === 'index.ts' || /^export \* /m.test(read(path)));
  expect(barrels).toEqual([]);
});

test('nothing is left for later in a comment', () => {
  const later = new RegExp(
    `\\b(${['TO', 'FIX'].map((start) => `${start}${start === 'TO' ? 'DO' : 'ME'}`).join('|')})\\b`,
  );
  expect(everything.filter((path) => later.test(read(path)))).toEqual([]);
});

/** Files that this file imports by path, types only or not. */
function importsOf(path: string): string[] {
  const found = read(path).matchAll(/(?:from|import|import\()\s*'(\.[^']+)'/g);
  return [...found].map(([, to = '']) => normalize(join(dirname(path), to)));
}

const folderOf = (path: string): string => path.split('/').slice(0, 2).join('/');

/** Files of src that a test imports, or that such a file uses inside its own folder. */
function reachedByTests(): Set<string> {
  const reached = new Set<string>();
  const visit = (path: string): void => {
    if (reached.has(path) || !existsSync(path)) return;
    reached.add(path);
    for (const next of importsOf(path)) if (folderOf(next) === folderOf(path)) visit(next);
  };
  for (const path of tests.flatMap(importsOf)) if (path.startsWith('src/')) visit(path);
  return reached;
}

/** Lines of code, and whether any of them does something. */
function hasLogic(path: string): boolean {
  const code = read(path)
    .replace(/\/\*[\s\S]*?\*\//g, '')
    .split('\n')
    .filter((line) => line.trim() !== '' && !line.trim().startsWith('//'));
  return code.length > WORTH_A_TEST && code.some((line) => /\bfunction\b|\bclass\b|=> /.test(line));
}

test('every source file with logic has a test of its name, or a test of its folder uses it', () => {
  const reached = reachedByTests();
  const names = new Set(tests.map((path) => basename(path)));
  const isTested = (path: string): boolean =>
    reached.has(path) ||
    names.has(basename(path).replace(/\.ts$/, '.test.ts')) ||
    Object.keys(testedThrough).some((folder) => path.startsWith(folder));
  expect(sources.filter((path) => hasLogic(path) && !isTested(path))).toEqual([]);
});
