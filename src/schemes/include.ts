import { parseDocument, type SchemeDocument } from './document.ts';
import type { Path, PathProblem } from './path-problem.ts';
import type { Problem } from './problem.ts';
import { placeProblem } from './source-text.ts';
import { isRecord, sortOf, yamlValue } from './yaml-value.ts';

export interface SchemeFilesWorld {
  /** Path of the main file; empty for none. */
  readonly main: string;
  /** The text of a file with bad bytes as U+FFFD; undefined when it is not there. */
  readText(path: string): Promise<string | undefined>;
  /** The files that an include pattern names, as paths for `readText`; `from` is the path of the including file. */
  expand(pattern: string, from: string): Promise<readonly string[]>;
  /** Lets a node do other things between two pieces of work; none of them takes long for an ordinary file. */
  rest?(): Promise<void>;
}

const MAX_FILES = 64;
const MAX_LEVELS = 8;

export interface ReadFiles {
  /** The main file first, then the others in the order of the includes. */
  readonly documents: readonly SchemeDocument[];
  readonly problems: readonly Problem[];
}

interface Reading {
  readonly world: SchemeFilesWorld;
  readonly documents: SchemeDocument[];
  readonly problems: Problem[];
}

/** Reads the main file and all that it includes. */
export async function readFiles(world: SchemeFilesWorld): Promise<ReadFiles> {
  const reading: Reading = { world, documents: [], problems: [] };
  if (world.main !== '') {
    const text = await readText(reading, world.main);
    if (typeof text === 'string') await readDocument(reading, world.main, text, [world.main]);
    else if (text !== undefined) reading.problems.push(unreadable(world.main, text));
  }
  return reading;
}

function unreadable(file: string, { reason }: Unreadable): Problem {
  return { code: 'HB157', severity: 'error', message: `${file} cannot be read: ${reason}` };
}

interface Unreadable {
  readonly reason: string;
}

async function readText({ world }: Reading, path: string): Promise<string | Unreadable | undefined> {
  try {
    return await world.readText(path);
  } catch (error) {
    return { reason: error instanceof Error ? error.message : String(error) };
  }
}

async function readDocument(reading: Reading, file: string, text: string, chain: readonly string[]): Promise<void> {
  await reading.world.rest?.();
  const document = parseDocument(file, text);
  reading.documents.push(document);
  if (!isRecord(document.root)) return;
  for (const [pattern, path] of patternsOf(reading, document)) {
    const problem = await include(reading, document, pattern, chain);
    if (problem !== undefined) report(reading, document, { path, ...problem });
  }
}

type Told = Omit<PathProblem, 'path'>;

async function include(
  reading: Reading,
  { file }: SchemeDocument,
  pattern: string,
  chain: readonly string[],
): Promise<Told | undefined> {
  if (leaves(pattern, file, reading.world.main)) return outside(pattern);
  const found = (await reading.world.expand(pattern, file)).toSorted();
  const isPattern = /[*?]/.test(pattern);
  // A pattern may name the very file that holds it; a plain name that does is a loop.
  const wanted = isPattern ? found.filter((path) => path !== file) : found;
  if (wanted.length === 0) return notThere(pattern, isPattern);
  for (const path of wanted) {
    if (chain.includes(path)) return loop(path, chain);
    const problem = await includeFile(reading, path, chain);
    if (problem !== undefined) return problem;
  }
  return undefined;
}

async function includeFile(reading: Reading, path: string, chain: readonly string[]): Promise<Told | undefined> {
  if (reading.documents.some(({ file }) => file === path)) return undefined;
  if (reading.documents.length >= MAX_FILES || chain.length > MAX_LEVELS) return tooMany();
  const text = await readText(reading, path);
  if (text === undefined) return notThere(path, false);
  if (typeof text !== 'string') return { ...notThere(path, false), message: `${path} cannot be read: ${text.reason}` };
  await readDocument(reading, path, text, [...chain, path]);
  return undefined;
}

function patternsOf(reading: Reading, document: SchemeDocument): readonly (readonly [string, Path])[] {
  const raw = isRecord(document.root) ? document.root.include : undefined;
  if (raw === undefined || raw === null) return [];
  if (!Array.isArray(raw)) {
    const fix = typeof raw === 'string' ? { fix: `include: [${yamlValue(raw)}]` } : {};
    const message = `include needs a list, not ${sortOf(raw)}`;
    report(reading, document, { path: ['include'], code: 'HB205', message, suggestion: 'write it as a list', ...fix });
    return typeof raw === 'string' ? [[raw, ['include']]] : [];
  }
  return raw.flatMap((item: unknown, index) => {
    const path: Path = ['include', index];
    if (typeof item === 'string' && item !== '') return [[item, path] as const];
    const message = `an include is the name of a file, not ${sortOf(item)}`;
    report(reading, document, { path, code: 'HB205', message, suggestion: 'write a path such as rules/day.yaml' });
    return [];
  });
}

function report(reading: Reading, document: SchemeDocument, { path, onKey, ...told }: PathProblem): void {
  const place = document.placeOf(path, onKey);
  reading.problems.push(placeProblem(document.source, place, { severity: 'error', ...told }));
}

/** True when a pattern would leave the directory of the main file. Works on text: the file system is not asked. */
function leaves(pattern: string, from: string, main: string): boolean {
  const isAbsolute = pattern.startsWith('/');
  if (pattern.startsWith('~') || (isAbsolute && !main.startsWith('/'))) return true;
  const home = resolved(folderOf(main));
  const target = resolved(isAbsolute ? parts(pattern) : [...folderOf(from), ...parts(pattern)]);
  return home.some((part, index) => target[index] !== part) || target[home.length] === '..';
}

/** Without the steps that go back; those at the start stay. */
function resolved(path: readonly string[]): readonly string[] {
  const real: string[] = [];
  for (const part of path) {
    if (part === '..' && real.length > 0 && real.at(-1) !== '..') real.pop();
    else real.push(part);
  }
  return real;
}

function folderOf(path: string): readonly string[] {
  return parts(path).slice(0, -1);
}

function parts(path: string): readonly string[] {
  return path.split('/').filter((part) => part !== '' && part !== '.');
}

function outside(pattern: string): Told {
  const name = pattern.split('/').at(-1) ?? pattern;
  const message = `${pattern} is outside the directory of the scheme`;
  return { code: 'HB262', message, suggestion: 'copy the file next to the scheme', fix: `include: [${name}]` };
}

function notThere(pattern: string, isPattern: boolean): Told {
  if (!isPattern) return { code: 'HB260', message: `there is no file ${pattern}`, suggestion: 'check the name' };
  const message = `no file fits ${pattern}`;
  return { code: 'HB260', severity: 'warning', message, suggestion: 'paths start at the directory of this file' };
}

function loop(path: string, chain: readonly string[]): Told {
  const names = [...chain.slice(chain.indexOf(path)), path].map((file) => file.split('/').at(-1));
  return {
    code: 'HB261',
    message: `files include each other: ${names.join(' > ')}`,
    suggestion: 'delete this include',
  };
}

function tooMany(): Told {
  const message = `more than ${MAX_FILES} files or ${MAX_LEVELS} levels of includes`;
  return { code: 'HB263', message, suggestion: 'put several files into one' };
}
