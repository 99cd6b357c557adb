import { join } from 'node:path';
import { reasonOf, systemCode } from '../kit/errors.ts';
import { InTurn } from '../kit/in-turn.ts';
import type { Log } from '../kit/log.ts';
import { decodeGeneration, encodeGeneration } from '../state/generation.ts';
import type { SchemeDisk } from './scheme-disk.ts';
import { parseStored, type StoredVersion, type VersionFacts } from './scheme-stored.ts';
import type { Texts } from './scheme-version.ts';
import { ensureFolder, writeText } from './scheme-write.ts';

export interface HistoryWorld {
  readonly disk: SchemeDisk;
  /** One file per version. */
  readonly folder: string;
  readonly log: Log;
}

/** Versions that are kept, the newest two however large they are. */
const MOST_VERSIONS = 20;
const MOST_BYTES = 1_048_576;
const ALWAYS_KEPT = 2;

/** The versions of the scheme that ran, oldest first, each in a file of its own with a checksum. */
export class SchemeHistory {
  readonly #world: HistoryWorld;
  readonly #turns = new InTurn();
  #facts: readonly VersionFacts[] = [];
  #last = 0;
  /** Texts that the disk refused; kept until the next start. */
  readonly #unwritten = new Map<number, StoredVersion>();
  #bytes = 0;
  #times = 0;

  private constructor(world: HistoryWorld) {
    this.#world = world;
  }

  /** Reads what is there. A damaged version is put aside (HB127); the others are used. */
  static async open(world: HistoryWorld): Promise<SchemeHistory> {
    const history = new SchemeHistory(world);
    const all = (await history.#names()).filter((name) => /^\d+\.json(\.bad)?$/.test(name)).sort();
    const names = all.filter((name) => name.endsWith('.json'));
    history.#last = all.reduce((most, name) => Math.max(most, Number.parseInt(name, 10)), 0);
    const stored = await Promise.all(names.map((name) => history.#load(join(world.folder, name))));
    history.#facts = stored
      .flatMap((one) => (one === undefined ? [] : [one.facts]))
      .sort((a, b) => a.number - b.number);
    return history;
  }

  get versions(): readonly VersionFacts[] {
    return this.#facts;
  }

  /** False while the disk refuses. */
  get isKept(): boolean {
    return this.#unwritten.size === 0;
  }

  /** What went to the disk since the start, for the flash budget. */
  get written(): { readonly times: number; readonly bytes: number } {
    return { times: this.#times, bytes: this.#bytes };
  }

  /** The versions that ran and were kept; the last one is the one that runs. */
  get kept(): readonly VersionFacts[] {
    return this.#facts.filter(({ takenBack, broken }) => takenBack !== true && broken !== true);
  }

  find(number: number): VersionFacts | undefined {
    return this.#facts.find((one) => one.number === number);
  }

  /** Undefined when its file was damaged since the start, or there is no such version. */
  async texts(number: number): Promise<Texts | undefined> {
    const waiting = this.#unwritten.get(number);
    if (waiting !== undefined) return waiting.texts;
    if (this.find(number) === undefined) return undefined;
    const stored = await this.#load(this.#pathOf(number));
    if (stored === undefined) this.#facts = this.#facts.filter((one) => one.number !== number);
    return stored?.texts;
  }

  /** Adds a version; on the disk when it resolves, or in memory alone when the disk refuses. `number` is given here. */
  add(facts: Omit<VersionFacts, 'bytes' | 'files' | 'number'>, texts: Texts): Promise<VersionFacts> {
    return this.#turns.run(async () => {
      this.#last += 1;
      const number = this.#last;
      const bytes = Object.values(texts).reduce((sum, text) => sum + Buffer.byteLength(text), 0);
      const whole: VersionFacts = { ...facts, number, bytes, files: Object.keys(texts).sort() };
      this.#facts = [...this.#facts, whole];
      await this.#store({ facts: whole, texts });
      await this.#prune();
      return whole;
    });
  }

  /** Nobody wanted to keep it, or it could not be started: going back passes over it. */
  takeBack(number: number): Promise<void> {
    return this.#turns.run(async () => {
      const known = this.find(number);
      const texts = await this.texts(number);
      if (known === undefined || texts === undefined) return;
      const marked: VersionFacts = { ...known, takenBack: true };
      this.#facts = this.#facts.map((one) => (one === known ? marked : one));
      await this.#store({ facts: marked, texts });
    });
  }

  async #names(): Promise<readonly string[]> {
    const { disk, folder, log } = this.#world;
    try {
      return await disk.names(folder);
    } catch (error) {
      log.warn('the versions of the scheme cannot be read', { code: 'HB122', reason: reasonOf(error) });
      return [];
    }
  }

  async #store(stored: StoredVersion): Promise<void> {
    const { disk, log, folder } = this.#world;
    const { number } = stored.facts;
    try {
      const text = encodeGeneration({ generation: number, value: stored });
      await ensureFolder(disk, folder, 0o700);
      await writeText(disk, this.#pathOf(number), text, 0o600);
      this.#unwritten.delete(number);
      this.#times += 1;
      this.#bytes += Buffer.byteLength(text);
    } catch (error) {
      if (this.isKept) log.warn('a version of the scheme cannot be kept', { code: 'HB122', reason: reasonOf(error) });
      this.#unwritten.set(number, stored);
    }
  }

  async #prune(): Promise<void> {
    let bytes = 0;
    const kept = this.#facts.toReversed().filter((one, index) => {
      bytes += one.bytes;
      return index < ALWAYS_KEPT || (index < MOST_VERSIONS && bytes <= MOST_BYTES);
    });
    const gone = this.#facts.filter((one) => !kept.includes(one));
    this.#facts = kept.toReversed();
    for (const { number } of gone) {
      this.#unwritten.delete(number);
      await this.#remove(number);
    }
  }

  async #remove(number: number): Promise<void> {
    try {
      await this.#world.disk.remove(this.#pathOf(number));
    } catch (error) {
      const reason = systemCode(error) ?? reasonOf(error);
      this.#world.log.warn('an old version of the scheme cannot be removed', { code: 'HB122', reason });
    }
  }

  async #load(path: string): Promise<StoredVersion | undefined> {
    const { disk, log } = this.#world;
    try {
      const text = await disk.text(path);
      return text === undefined ? undefined : parseStored(decodeGeneration(text).value);
    } catch (error) {
      const fix = 'nothing to do; the other versions are there, the damaged file is kept for a look';
      log.warn('a version of the scheme is damaged', { code: 'HB127', path, reason: reasonOf(error), fix });
      await disk.rename(path, `${path}.bad`).catch(() => undefined); // told already; it is read again at the next start
      return undefined;
    }
  }

  #pathOf(number: number): string {
    return join(this.#world.folder, `${String(number).padStart(6, '0')}.json`);
  }
}
