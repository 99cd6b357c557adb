import { dirname } from 'node:path';
import type { Cancel, Clock } from '../kit/clock.ts';
import { reasonOf } from '../kit/errors.ts';
import type { Log } from '../kit/log.ts';
import type { SchemeDisk } from './scheme-disk.ts';
import { watchFiles } from './scheme-files.ts';
import type { SchemeKeeper } from './scheme-keeper.ts';
import type { SchemeSource } from './scheme-version.ts';

export interface WatchWorld {
  readonly source: SchemeSource;
  readonly keeper: SchemeKeeper;
  readonly disk: SchemeDisk;
  readonly clock: Clock;
  readonly log: Log;
  /** Reads the files. */
  readonly look: () => Promise<unknown>;
}

/** Watches the folders of the scheme's files; other folders when it has other files. */
export class SchemeWatch {
  readonly #world: WatchWorld;
  #cancel: Cancel = () => undefined;
  #files: readonly string[] = [];
  #isOn = false;

  constructor(world: WatchWorld) {
    this.#world = world;
  }

  start(): void {
    this.#isOn = true;
    this.renew();
  }

  stop(): void {
    this.#isOn = false;
    this.#cancel();
  }

  /** There may be other files. */
  renew(): void {
    this.#renew().catch((error: unknown) =>
      this.#world.log.error('the scheme cannot be watched', { reason: reasonOf(error) }),
    );
  }

  async #renew(): Promise<void> {
    for (;;) {
      const files = await this.#wanted();
      if (!this.#isOn || files.join('\n') === this.#files.join('\n')) return;
      this.#files = files;
      this.#cancel();
      this.#cancel = watchFiles(files, this.#world.clock, () => void this.#changed());
      // What was saved while no watcher stood there is seen now.
      await this.#look();
    }
  }

  async #changed(): Promise<void> {
    await this.#look();
    this.renew();
  }

  async #look(): Promise<void> {
    try {
      await this.#world.look();
    } catch (error) {
      this.#world.log.error('the scheme cannot be read', { reason: reasonOf(error) });
    }
  }

  /** Links and what they lead to, where there is a folder to watch. */
  async #wanted(): Promise<readonly string[]> {
    const { source, keeper, disk } = this.#world;
    const { texts, patterns } = keeper.newest;
    const named = [...new Set([source.main, source.secrets, ...Object.keys(texts), ...patterns])];
    const ends = await Promise.all(named.map((path) => disk.target(path)));
    const all = [...new Set([...named, ...ends])].sort();
    const folders = await Promise.all(all.map((path) => disk.facts(dirname(path))));
    return all.filter((_path, index) => folders[index] !== undefined);
  }
}
