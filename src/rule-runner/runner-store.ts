import type { Cancel, Clock } from '../kit/clock.ts';
import type { Points } from '../schemes/point.ts';
import { isRecord } from '../schemes/yaml-value.ts';
import type { Document } from '../state/document.ts';
import { pointsIn } from './meta-page.ts';

/** What the rules of a node remember over a restart. */
export interface Remembered {
  readonly engine: unknown;
  readonly variables: unknown;
  /** Devices that rules use, so that a rule runs before its device is open again. By `node.device`. */
  readonly devices: ReadonlyMap<string, Points>;
}

export interface RunnerStoreOptions {
  readonly document: Document<unknown>;
  readonly clock: Clock;
  readonly gather: () => Remembered;
}

/** Changes within this time are written together; with the write itself a timer is on the disk within 2 s. */
const GATHER_MS = 1_000;
const MOST_DEVICES = 2_000;

/** Writes what rules must not forget, soon after it changed. */
export class RunnerStore {
  readonly #document: Document<unknown>;
  readonly #clock: Clock;
  readonly #gather: () => Remembered;
  #cancel: Cancel | undefined;

  constructor({ document, clock, gather }: RunnerStoreOptions) {
    this.#document = document;
    this.#clock = clock;
    this.#gather = gather;
  }

  static read(document: Document<unknown>): Remembered {
    const stored = isRecord(document.value) ? document.value : {};
    const devices = isRecord(stored.devices) ? Object.entries(stored.devices).slice(0, MOST_DEVICES) : [];
    return {
      engine: stored.engine,
      variables: stored.variables,
      devices: new Map(
        devices.flatMap(([name, raw]): [string, Points][] => {
          const points = pointsIn(raw);
          return points === undefined ? [] : [[name, points]];
        }),
      ),
    };
  }

  changed(): void {
    this.#cancel ??= this.#clock.after(GATHER_MS, () => void this.flush());
  }

  /** Resolves when it is on the disk, or could not be written. */
  async flush(): Promise<void> {
    this.#cancel?.();
    this.#cancel = undefined;
    const { engine, variables, devices } = this.#gather();
    this.#document.set({ engine, variables, devices: Object.fromEntries(devices) });
    await this.#document.flush();
  }

  /** Writes what waits, and no more. */
  async stop(): Promise<void> {
    await this.flush();
  }
}
