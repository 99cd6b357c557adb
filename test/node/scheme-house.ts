import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Clock } from '../../src/kit/clock.ts';
import type { SchemeDisk } from '../../src/node/scheme-disk.ts';
import { type SchemeLoop, startSchemeLoop } from '../../src/node/scheme-loop.ts';
import { textsOf } from '../../src/node/scheme-stored.ts';
import type { Environment } from '../../src/node/scheme-version.ts';
import type { Changed, ChangeWish } from '../../src/node/scheme-wish.ts';
import { type Document, openDocument } from '../../src/state/document.ts';
import { type DocumentFiles, systemFiles } from '../../src/state/files.ts';
import { type FakeClock, makeFakeClock } from '../fakes/clock.ts';
import { TEST_KINDS } from '../fakes/kinds.ts';
import { makeFakeLog } from '../fakes/log.ts';

export interface HouseOptions {
  readonly disk?: SchemeDisk;
  readonly documents?: DocumentFiles;
  readonly environment?: Environment;
}

/** One node's scheme in a folder of its own, with lives that begin and end. */
export interface House {
  readonly folder: string;
  readonly main: string;
  readonly clock: FakeClock;
  readonly lines: ReturnType<typeof makeFakeLog>['lines'];
  /** What the node was told to run, in order: the texts of the main file. */
  readonly runs: (string | undefined)[];
  /** The loop of this life. */
  readonly loop: SchemeLoop;
  /** Makes the node refuse the next schemes whose main text fits. */
  refuses: RegExp | undefined;
  put(name: string, text: string): Promise<void>;
  text(name?: string): Promise<string | undefined>;
  apply(text: string, more?: Partial<ChangeWish>): Promise<Changed>;
  /** A life begins, after `stop` or as after a crash. */
  start(options?: HouseOptions): Promise<SchemeLoop>;
  /** Looks at the folders, as the node does. */
  watch(): void;
  stop(): Promise<void>;
  remove(): Promise<void>;
}

export async function makeHouse(main: string | undefined, options: HouseOptions = {}): Promise<House> {
  const folder = await mkdtemp(join(tmpdir(), 'hanbus-scheme-'));
  const path = join(folder, 'hanbus.yaml');
  if (main !== undefined) await writeFile(path, main);
  const house = new TestHouse(folder, options);
  await house.start();
  return house;
}

class TestHouse implements House {
  readonly folder: string;
  readonly main: string;
  readonly clock = makeFakeClock();
  readonly runs: (string | undefined)[] = [];
  #options: HouseOptions;
  #life = 0;
  readonly #log = makeFakeLog();
  readonly lines = this.#log.lines;
  refuses: RegExp | undefined;
  #loop: SchemeLoop | undefined;
  #lastGood: Document<Readonly<Record<string, string>>> | undefined;

  constructor(folder: string, options: HouseOptions) {
    this.folder = folder;
    this.main = join(folder, 'hanbus.yaml');
    this.#options = options;
  }

  get loop(): SchemeLoop {
    if (this.#loop === undefined) throw new Error('no life has begun');
    return this.#loop;
  }

  put(name: string, text: string): Promise<void> {
    return writeFile(join(this.folder, name), text);
  }

  async text(name = 'hanbus.yaml'): Promise<string | undefined> {
    try {
      return await readFile(join(this.folder, name), 'utf8');
    } catch {
      return undefined; // a test asks whether it is there
    }
  }

  apply(text: string, more: Partial<ChangeWish> = {}): Promise<Changed> {
    const by = { source: 'apply', who: 'ann' } as const;
    return this.loop.change(async () => ({
      ...{ texts: { [this.main]: text }, by, waitMs: 60_000, isDry: false },
      etag: (await this.loop.keeper.read()).etag,
      ...more,
    }));
  }

  async start(options = this.#options): Promise<SchemeLoop> {
    this.#options = options;
    const { folder } = this;
    this.#life += 1;
    const clock = this.#clockOf(this.#life);
    const { disk, documents = systemFiles, environment = {} } = this.#options;
    const { log } = this.#log;
    const path = join(folder, 'data', 'last-good.json');
    this.#lastGood = await openDocument({ path, parse: textsOf, clock, log, files: documents });
    this.#loop = await startSchemeLoop({
      ...{ main: this.main, secrets: join(folder, 'secrets.env'), environment, kinds: async () => TEST_KINDS },
      ...{ lastGood: this.#lastGood, data: join(folder, 'data'), clock, log, documents },
      ...(disk === undefined ? {} : { disk }),
    });
    // As the node does, without watching: a test says when to look.
    this.#loop.keeper.onChange = () => this.#run();
    return this.#loop;
  }

  watch(): void {
    this.loop.watch(() => this.#run());
  }

  /** The timers of a life end with it. */
  #clockOf(life: number): Clock {
    const { clock } = this;
    return { ...clock, after: (ms, task) => clock.after(ms, () => life === this.#life && task()) };
  }

  async stop(): Promise<void> {
    await this.#loop?.stop();
    await this.#lastGood?.close();
  }

  async remove(): Promise<void> {
    await this.stop();
    await rm(this.folder, { recursive: true, force: true });
  }

  #run(): void {
    if (this.loop.current.isOlder) return;
    const text = this.loop.keeper.running.texts[this.main];
    if (this.refuses?.test(text ?? '') === true) throw new Error('a part of the node refuses it');
    this.runs.push(text);
  }
}
