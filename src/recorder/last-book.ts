import type { Bus } from '../bus/bus.ts';
import type { Cancel, Clock } from '../kit/clock.ts';
import type { Reading } from '../schemes/reading.ts';
import { topics } from '../schemes/topics.ts';
import type { Document } from '../state/document.ts';
import { type LastValue, type LastValues, lastValueOf } from './last-values.ts';
import type { PointCatalog } from './point-catalog.ts';

export interface LastBookOptions {
  readonly bus: Bus;
  readonly node: string;
  readonly clock: Clock;
  readonly last: Document<LastValues>;
  /** What `restoreLast` put on the bus. */
  readonly restored: readonly LastValue[];
  readonly catalog: PointCatalog;
}

/** Written so often when something changed: flash wears. ms. */
const SAVE_MS = 900_000;
/** A restored value that no device has claimed by then is of one that is no more; ms. */
const CLAIM_MS = 300_000;
const ORIGIN = 'recorder';

/** Keeps the last value of each point for the next start. */
export class LastBook {
  readonly #options: LastBookOptions;
  readonly #values = new Map<string, LastValue>();
  readonly #timers: Cancel[] = [];
  #isChanged = false;

  constructor(options: LastBookOptions) {
    const { clock, restored } = options;
    this.#options = options;
    for (const value of restored) this.#values.set(keyOf(value), value);
    this.#timers.push(clock.after(CLAIM_MS, () => this.#dropUnclaimed()));
    this.#saveLater();
  }

  take(device: string, point: string, reading: Reading): void {
    const value = lastValueOf(device, point, reading);
    if (value === undefined) return;
    this.#values.set(keyOf(value), value);
    this.#isChanged = true;
  }

  /** Saves what changed. */
  async stop(): Promise<void> {
    for (const cancel of this.#timers.splice(0)) cancel();
    this.#save();
    await this.#options.last.flush();
  }

  #saveLater(): void {
    this.#timers[1] = this.#options.clock.after(SAVE_MS, () => {
      this.#save();
      this.#saveLater();
    });
  }

  #save(): void {
    if (!this.#isChanged) return;
    this.#isChanged = false;
    this.#options.last.set({ points: [...this.#values.values()] });
  }

  /** Their topics are nobody's: they would stay on the bus for ever. */
  #dropUnclaimed(): void {
    const { bus, node, catalog, restored } = this.#options;
    for (const value of restored) {
      if (catalog.find(value.device, value.point) !== undefined) continue;
      this.#values.delete(keyOf(value));
      this.#isChanged = true;
      bus.publish({ topic: topics.point(node, value.device, value.point), payload: '', retain: true, origin: ORIGIN });
    }
  }
}

const keyOf = ({ device, point }: Pick<LastValue, 'device' | 'point'>) => `${device}/${point}`;
