import type { Clock } from '../kit/clock.ts';
import { HanbusError, reasonOf } from '../kit/errors.ts';
import type { Log } from '../kit/log.ts';
import type { Problem } from '../schemes/problem.ts';
import type { LoadedScheme, Scheme } from '../schemes/scheme.ts';
import type { Document } from '../state/document.ts';
import type { SchemeDisk } from './scheme-disk.ts';
import { filesOn, overlaidFiles, rememberedFiles, type SchemeFiles, secretsProblems } from './scheme-files.ts';
import type { SchemeHistory } from './scheme-history.ts';
import { problemOf } from './scheme-problem.ts';
import type { VersionFacts } from './scheme-stored.ts';
import {
  type Environment,
  readVersion,
  relativeTexts,
  type SchemeSource,
  type TextChanges,
  type Texts,
  type Version,
} from './scheme-version.ts';

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

/** Where a version comes from. */
export type By = Pick<VersionFacts, 'of' | 'source' | 'who'>;

export interface KeeperWorld {
  readonly source: SchemeSource;
  readonly disk: SchemeDisk;
  readonly lastGood: Document<Texts>;
  readonly history: SchemeHistory;
  readonly clock: Clock;
  readonly log: Log;
}

/** A person saved a file; the node cannot know who. */
const BY_HAND: By = { source: 'file', who: '' };

/** Holds the version that runs and the files as they are. Its callers let one change finish before the next. */
export class SchemeKeeper {
  readonly #world: KeeperWorld;
  readonly #files: SchemeFiles;
  #newest: Version;
  #running: Version;
  #current: CurrentScheme;
  /** Makes the node run what is current now. When it throws, the version before runs on. */
  onChange: () => Promise<void> | void = () => undefined;

  private constructor(world: KeeperWorld, newest: Version, running: Version) {
    this.#world = world;
    this.#files = filesOn(world.disk);
    this.#newest = newest;
    this.#running = running;
    const isOlder = running !== newest;
    this.#current = { ...currentOf(running, newest.loaded.problems, world.clock.now()), isOlder };
  }

  /** Takes the files, or the last good version when they are broken, or the empty scheme. */
  static async open(world: KeeperWorld): Promise<SchemeKeeper> {
    const newest = await readVersion(world.source, filesOn(world.disk));
    if (newest.loaded.scheme === undefined) {
      const running = await lastGoodOf(world);
      return new SchemeKeeper(world, newest, running);
    }
    const keeper = new SchemeKeeper(world, newest, newest);
    await keeper.take(newest, BY_HAND);
    return keeper;
  }

  get current(): CurrentScheme {
    return this.#current;
  }

  /** As it was last read; it may be broken. */
  get newest(): Version {
    return this.#newest;
  }

  get running(): Version {
    return this.#running;
  }

  /** The files now, or as they would be with other texts. Nothing is taken. */
  read(changes: TextChanges = {}): Promise<Version> {
    return readVersion(this.#world.source, overlaidFiles(this.#files, changes));
  }

  /** Reads the files and takes them when they changed and can be used. False when they are as before. */
  async look(): Promise<boolean> {
    const version = await this.read();
    if (version.fingerprint === this.#newest.fingerprint) return false;
    if (version.loaded.scheme !== undefined) {
      await this.take(version, BY_HAND).catch((error: unknown) => this.#refuse(version, error));
      return true;
    }
    this.#newest = version;
    this.#current = { ...this.#current, problems: version.loaded.problems, isOlder: true };
    await this.onChange();
    return true;
  }

  /** Makes a version without errors the one that runs. Throws HB392 when it cannot be started: the one before runs on. */
  async take(version: Version, by: By): Promise<VersionFacts> {
    const { clock, lastGood, source } = this.#world;
    const problems = [...version.loaded.problems, ...(await secretsProblems(source.secrets))];
    const before = [this.#running, this.#current] as const;
    this.#running = version;
    this.#current = currentOf(version, problems, clock.now());
    try {
      await this.onChange();
    } catch (error) {
      [this.#running, this.#current] = before;
      await this.#runAgain();
      throw notStarted(error);
    }
    this.#newest = version;
    lastGood.set(version.texts);
    return await this.#remember(version, by);
  }

  /** Runs a remembered version, with the files as they are: they cannot be used, or not be written. */
  async fallBack(texts: Texts, problem?: Problem): Promise<void> {
    const { source, clock, lastGood } = this.#world;
    const version = await readVersion(source, rememberedFiles(texts));
    this.#newest = await this.read();
    const problems = [...this.#newest.loaded.problems, ...(problem === undefined ? [] : [problem])];
    if (version.loaded.scheme !== undefined) {
      this.#running = version;
      this.#current = currentOf(version, problems, clock.now());
      lastGood.set(texts);
    }
    await this.#runAgain();
    this.#current = { ...this.#current, problems, isOlder: true };
  }

  /** Errors of a broken file, kept for a look before it is replaced. */
  async keepBroken(version: Version): Promise<void> {
    const { history, source, clock } = this.#world;
    const facts = { ...BY_HAND, etag: version.etag, at: clock.now(), broken: true } as const;
    await history.add(facts, relativeTexts(source.main, version.texts));
  }

  async #remember({ etag, texts }: Version, by: By): Promise<VersionFacts> {
    const { history, source, clock } = this.#world;
    const latest = history.kept.at(-1);
    if (latest?.etag === etag) return latest;
    return await history.add({ ...by, etag, at: clock.now() }, relativeTexts(source.main, texts));
  }

  #refuse(version: Version, error: unknown): void {
    const problem = problemOf(error);
    this.#world.log.error(problem.message, { code: problem.code });
    this.#newest = version;
    this.#current = { ...this.#current, problems: [...version.loaded.problems, problem], isOlder: true };
  }

  /** Also what runs on beside broken files: a node leaves those alone otherwise. */
  async #runAgain(): Promise<void> {
    const shown = this.#current;
    this.#current = { ...shown, isOlder: false };
    try {
      await this.onChange();
    } catch (error) {
      const fix = 'hanbus status; hanbus down && hanbus up';
      this.#world.log.error('the scheme before could not be started again', { reason: reasonOf(error), fix });
    } finally {
      this.#current = shown;
    }
  }
}

function currentOf({ loaded, environment }: Version, problems: readonly Problem[], appliedAt: number): CurrentScheme {
  const { scheme } = loaded;
  if (scheme === undefined) throw new Error('only a scheme without errors can run');
  return { scheme, loaded, environment, problems, appliedAt, isOlder: false };
}

async function lastGoodOf({ source, lastGood }: KeeperWorld): Promise<Version> {
  for (const texts of [lastGood.value ?? {}, {}]) {
    const version = await readVersion(source, rememberedFiles(texts));
    if (version.loaded.scheme !== undefined) return version;
  }
  throw new Error('the empty scheme must be valid');
}

function notStarted(error: unknown): HanbusError {
  const message = `the new scheme could not be started: ${reasonOf(error)}; the one before runs on`;
  return new HanbusError('HB392', message, { fix: 'hanbus logs --level error', cause: error });
}
