import { createHash } from 'node:crypto';
import type { Cancel, Clock } from '../kit/clock.ts';
import type { Log } from '../kit/log.ts';
import { hasEnvironmentKeys } from '../schemes/environment.ts';
import { type KindFacts, loadScheme } from '../schemes/load.ts';
import type { Problem } from '../schemes/problem.ts';
import type { LoadedScheme, Scheme } from '../schemes/scheme.ts';
import type { Document } from '../state/document.ts';
import {
  diskFiles,
  environmentWithSecrets,
  isPrivate,
  rememberedFiles,
  type SchemeFiles,
  watchFiles,
} from './scheme-files.ts';

/** The texts of the last scheme that was free of errors, by path. */
export type LastGood = Readonly<Record<string, string>>;

export type Environment = Readonly<Record<string, string | undefined>>;

export interface SchemeWorld {
  /** Path of the main file; it need not exist. */
  readonly main: string;
  readonly secrets: string;
  readonly environment: Environment;
  /** Facts of the driver kinds; asked for only when there is a scheme to check. */
  kinds(): Promise<ReadonlyMap<string, KindFacts>>;
  readonly lastGood: Document<LastGood>;
  readonly clock: Clock;
  readonly log: Log;
}

/** What runs, and what is wrong with the files as they are now. */
export interface CurrentScheme {
  readonly scheme: Scheme;
  readonly loaded: LoadedScheme;
  readonly environment: Environment;
  /** Of the newest files, even when an older version runs. */
  readonly problems: readonly Problem[];
  /** When the running version was taken, ms since 1970. */
  readonly appliedAt: number;
  /** True when the newest files are broken and the last good version runs. */
  readonly isOlder: boolean;
}

export interface SchemeLoop {
  readonly current: CurrentScheme;
  /** Begins to watch the files; `onChange` hears of each newly read version. */
  watch(onChange: () => void): void;
  stop(): void;
}

interface Version {
  readonly loaded: LoadedScheme;
  readonly environment: Environment;
  readonly texts: LastGood;
  readonly fingerprint: string;
}

/**
 * Reads the scheme and watches its files. A broken scheme never replaces a good one: the last good texts, kept in the
 * data directory, run on, and with none at all the empty scheme.
 */
export async function startSchemeLoop(world: SchemeWorld): Promise<SchemeLoop> {
  let newest = await readVersion(world, diskFiles);
  let current = (await taken(world, newest)) ?? (await lastGoodOf(world, newest));
  let stopWatching: Cancel = () => undefined;
  let onChange: () => void = () => undefined;

  const changed = async (): Promise<void> => {
    const version = await readVersion(world, diskFiles);
    if (version.fingerprint === newest.fingerprint) return;
    newest = version;
    const isBroken = version.loaded.scheme === undefined;
    current = (await taken(world, version)) ?? { ...current, problems: version.loaded.problems, isOlder: isBroken };
    watchAgain();
    onChange();
  };
  const watchAgain = (): void => {
    stopWatching();
    const files = [world.main, world.secrets, ...newest.loaded.files];
    stopWatching = watchFiles(files, world.clock, () => {
      changed().catch((error: unknown) => world.log.error('the scheme cannot be read', { error }));
    });
  };

  return {
    get current() {
      return current;
    },
    watch(listener) {
      onChange = listener;
      watchAgain();
    },
    stop: () => stopWatching(),
  };
}

async function readVersion(world: SchemeWorld, files: SchemeFiles): Promise<Version> {
  const environment = await environmentWithSecrets(world.environment, world.secrets);
  const texts: Record<string, string> = {};
  const readText = async (path: string) => {
    const text = await files.readText(path);
    if (text !== undefined) texts[path] = text;
    return text;
  };
  const isEmpty = (await readText(world.main)) === undefined && !hasEnvironmentKeys(environment);
  const kinds = isEmpty ? new Map<string, KindFacts>() : await world.kinds();
  const loaded = await loadScheme({
    main: world.main,
    readText,
    expand: (pattern, from) => files.expand(pattern, from),
    kinds,
    environment,
  });
  const fingerprint = createHash('sha256')
    .update(JSON.stringify([texts, environment]))
    .digest('hex');
  return { loaded, environment, texts, fingerprint };
}

/** The version as the running one; undefined when it has errors. */
async function taken({ clock, lastGood, secrets }: SchemeWorld, version: Version): Promise<CurrentScheme | undefined> {
  const { loaded, environment, texts } = version;
  if (loaded.scheme === undefined) return undefined;
  lastGood.set(texts);
  const problems = [...loaded.problems, ...(await secretsProblems(secrets))];
  return { scheme: loaded.scheme, loaded, environment, problems, appliedAt: clock.now(), isOlder: false };
}

async function lastGoodOf(world: SchemeWorld, broken: Version): Promise<CurrentScheme> {
  const candidates = [world.lastGood.value ?? {}, {}];
  for (const texts of candidates) {
    const { loaded, environment } = await readVersion(world, rememberedFiles(texts));
    if (loaded.scheme === undefined) continue;
    const { problems } = broken.loaded;
    return { scheme: loaded.scheme, loaded, environment, problems, appliedAt: world.clock.now(), isOlder: true };
  }
  throw new Error('the empty scheme must be valid');
}

async function secretsProblems(path: string): Promise<Problem[]> {
  if (await isPrivate(path)) return [];
  const message = `other users of this machine can read ${path}`;
  return [{ code: 'HB270', severity: 'warning', message, fix: `chmod 600 ${path}` }];
}
