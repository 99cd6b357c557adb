import type { Cancel, Clock } from '../kit/clock.ts';
import type { Log } from '../kit/log.ts';
import type { Points } from '../schemes/point.ts';
import { isRecord } from '../schemes/yaml-value.ts';
import type { Document } from '../state/document.ts';
import { pointsIn } from './meta-page.ts';
import { urgentPart } from './urgent-part.ts';

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
  readonly log: Log;
  readonly gather: () => Remembered;
}

/** Changes within this time are written together; with the write itself a timer is on the disk within 2 s. */
const GATHER_MS = 1_000;
/** What a restart may lose waits so long. */
const DULL_MS = 60_000;
/** So much may be written at once, and so much more per day; above that even deadlines wait `SLOW_MS`. For the flash. */
const BURST_BYTES = 8_388_608;
const DAY_BYTES = 26_214_400;
const DAY_MS = 86_400_000;
const SLOW_MS = 30_000;
const MOST_DEVICES = 2_000;

/** Writes what rules must not forget, soon after it changed. */
export class RunnerStore {
  readonly #options: RunnerStoreOptions;
  #soon: Cancel | undefined;
  /** For what may wait. */
  #later: Cancel | undefined;
  #urgent = '';
  #writtenAt = Number.NEGATIVE_INFINITY;
  #bytes = BURST_BYTES;
  #seen = 0;
  #isSlow = false;

  constructor(options: RunnerStoreOptions) {
    this.#options = options;
    this.#seen = options.document.written.bytes;
  }

  /** What was there at the start; what is not right of it is left out. */
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
    this.#soon ??= this.#options.clock.after(this.#isSlow ? SLOW_MS : GATHER_MS, () => {
      this.#soon = undefined;
      void this.#look();
    });
  }

  /** Writes now. Resolves when it is on the disk, or could not be written. */
  async stop(): Promise<void> {
    this.#soon?.();
    this.#later?.();
    await this.#write(this.#options.gather());
  }

  async #look(): Promise<void> {
    const { clock, gather } = this.#options;
    const remembered = gather();
    const urgent = urgentPart(remembered, clock.now());
    const waited = clock.mono() - this.#writtenAt;
    if (urgent === this.#urgent && waited < DULL_MS) {
      this.#later ??= clock.after(DULL_MS - waited, () => void this.#look());
      return;
    }
    this.#later?.();
    this.#later = undefined;
    this.#urgent = urgent;
    await this.#write(remembered);
  }

  async #write({ engine, variables, devices }: Remembered): Promise<void> {
    const { document, clock } = this.#options;
    const before = this.#writtenAt;
    this.#writtenAt = clock.mono();
    document.set({ engine, variables, devices: Object.fromEntries(devices) });
    await document.flush();
    this.#pay(Number.isFinite(before) ? this.#writtenAt - before : 0);
  }

  #pay(sinceMs: number): void {
    const { document, log } = this.#options;
    const { bytes } = document.written;
    this.#bytes = Math.min(this.#bytes + (sinceMs * DAY_BYTES) / DAY_MS, BURST_BYTES) - (bytes - this.#seen);
    this.#seen = bytes;
    const isSlow = this.#bytes < 0;
    if (isSlow && !this.#isSlow) {
      const fix = 'hanbus rule ls; a rule that runs all day long keeps the disk busy';
      log.warn('rules change so often that their state is written less often', { everyMs: SLOW_MS, fix });
    }
    this.#isSlow = isSlow;
  }
}
