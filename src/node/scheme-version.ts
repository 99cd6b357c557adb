import { createHash } from 'node:crypto';
import { dirname, join, relative, resolve } from 'node:path';
import { hasEnvironmentKeys } from '../schemes/environment.ts';
import { type KindFacts, loadScheme } from '../schemes/load.ts';
import type { KnownRules } from '../schemes/rules/read-rules.ts';
import type { LoadedScheme } from '../schemes/scheme.ts';
import { environmentWithSecrets, type SchemeFiles } from './scheme-files.ts';

/** The texts of the files of a scheme, by absolute path. */
export type Texts = Readonly<Record<string, string>>;

/** New texts of files by absolute path; null: no such file. */
export type TextChanges = Readonly<Record<string, string | null>>;

export type Environment = Readonly<Record<string, string | undefined>>;

/** All that reading a scheme needs. */
export interface SchemeSource {
  /** Path of the main file; it need not exist. */
  readonly main: string;
  readonly secrets: string;
  readonly environment: Environment;
  /** Facts of the driver kinds; asked for only when there is a scheme to check. */
  kinds(): Promise<ReadonlyMap<string, KindFacts>>;
  /** Rules that were read before. */
  readonly knownRules?: KnownRules;
}

/** The files as they were read at one moment. */
export interface Version {
  readonly loaded: LoadedScheme;
  readonly environment: Environment;
  readonly texts: Texts;
  /** Paths that its includes name, with their stars: a file may still appear there. */
  readonly patterns: readonly string[];
  /** Of the texts alone: what two editors compare. */
  readonly etag: string;
  /** Of the texts, the environment and the secrets; never leaves the process. */
  readonly fingerprint: string;
}

export async function readVersion(source: SchemeSource, files: SchemeFiles): Promise<Version> {
  const environment = await environmentWithSecrets(source.environment, source.secrets);
  const texts: Record<string, string> = {};
  const patterns: string[] = [];
  const readText = async (path: string) => {
    const text = await files.readText(path);
    if (text !== undefined) texts[path] = text;
    return text;
  };
  // One that cannot be read is told by loadScheme.
  const main = await readText(source.main).catch(() => '');
  const isEmpty = main === undefined && !hasEnvironmentKeys(environment);
  const kinds = isEmpty ? new Map<string, KindFacts>() : await source.kinds();
  const loaded = await loadScheme({
    main: source.main,
    readText,
    expand: (pattern, from) => {
      patterns.push(resolve(dirname(from), pattern));
      return files.expand(pattern, from);
    },
    kinds,
    environment,
    rest: nextTurn,
    ...(source.knownRules === undefined ? {} : { knownRules: source.knownRules }),
  });
  await nextTurn();
  return {
    loaded,
    environment,
    texts,
    patterns,
    etag: etagOf(source.main, texts),
    fingerprint: hashOf([texts, environment]),
  };
}

/** Sockets and timers of this process have their turn. */
const nextTurn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** Says whether two scheme texts are the same, also when their folder was moved. */
export function etagOf(main: string, texts: Texts): string {
  return hashOf(Object.entries(relativeTexts(main, texts)).toSorted(([a], [b]) => (a < b ? -1 : 1))).slice(0, 16);
}

/** By path from the folder of the main file. */
export function relativeTexts(main: string, texts: Texts): Texts {
  const folder = dirname(main);
  return Object.fromEntries(Object.entries(texts).map(([path, text]) => [relative(folder, path), text]));
}

export function absoluteTexts(main: string, texts: Texts): Texts {
  const folder = dirname(main);
  return Object.fromEntries(Object.entries(texts).map(([path, text]) => [join(folder, path), text]));
}

/** What must be written so that files with the texts `from` have the texts `to`. */
export function changesBetween(from: Texts, to: Texts): TextChanges {
  const gone = Object.keys(from).filter((path) => !Object.hasOwn(to, path));
  const fresh = Object.entries(to).filter(([path, text]) => from[path] !== text);
  return Object.fromEntries([...fresh, ...gone.map((path): [string, null] => [path, null])]);
}

function hashOf(value: unknown): string {
  return createHash('sha256').update(JSON.stringify(value)).digest('hex');
}
