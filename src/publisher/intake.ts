import { reasonOf } from '../kit/errors.ts';
import type { Log } from '../kit/log.ts';
import { FloodGate } from './flood-gate.ts';
import type { Health } from './health.ts';
import type { Point } from './point.ts';
import type { SharedClock } from './shared-clock.ts';

export interface IntakeWorld {
  readonly clock: SharedClock;
  /** Knows the device. */
  readonly log: Log;
  readonly health: Health;
  /** By the driver's name. */
  pointOf(key: string): Point | undefined;
}

/** Different faults of one driver that are reported. */
const REPORTS = 50;

/** What a driver says, brought to its points; what it should not say is refused and reported once. */
export class Intake {
  readonly #world: IntakeWorld;
  readonly #gate: FloodGate;
  readonly #reported = new Set<string>();
  /** Samples that broke the driver's contract. */
  refused = 0;

  constructor(world: IntakeWorld) {
    this.#world = world;
    const pass = (key: string, sample: unknown) => this.#accept(key, sample);
    this.#gate = new FloodGate({ clock: world.clock, pass, onFlood: (why) => this.#onFlood(why) });
  }

  /** Readings of a flood that newer ones replaced. */
  get merged(): number {
    return this.#gate.merged;
  }

  take(samples: readonly [string, unknown][]): void {
    for (const [key, sample] of samples) {
      if (sample !== undefined) this.#accept(key, sample);
    }
  }

  /** The same for a driver that speaks by itself: bounded, and it never hears of an error. */
  takeSome(samples: unknown): void {
    try {
      for (const [key, sample] of entriesOf(samples)) {
        if (sample === undefined) continue;
        if (this.#world.pointOf(key) === undefined) this.#accept(key, sample);
        else this.#gate.take(key, sample);
      }
    } catch (error) {
      this.#report('', reasonOf(error));
    }
  }

  close(): void {
    this.#gate.close();
  }

  #accept(key: string, sample: unknown): void {
    const point = this.#world.pointOf(key);
    if (point === undefined) {
      this.#report(key, `the driver tells "${key.slice(0, 40)}", which is none of its points`);
      return;
    }
    try {
      const fault = point.accept(sample);
      if (fault !== undefined) this.#report(key, `${point.name}: ${fault}`);
    } catch (error) {
      const stack = error instanceof Error ? error.stack : undefined;
      this.#report(key, `${point.name}: ${reasonOf(error)}`, stack);
    }
  }

  #report(key: string, reason: string, stack?: string): void {
    this.refused += 1;
    if (this.#reported.has(key) || this.#reported.size >= REPORTS) return;
    this.#reported.add(key);
    this.#world.health.note(reason);
    this.#world.log.warn('a driver breaks its contract', { code: 'HB145', reason, ...(stack && { stack }) });
  }

  #onFlood(why: string | undefined): void {
    const { health, log } = this.#world;
    health.note(why);
    if (why === undefined) log.info('the flood is over', { merged: this.merged });
    else log.warn('device floods', { code: 'HB147', reason: why });
  }
}

/** Samples by the driver's names. Throws TypeError when these are no samples at all. */
export function entriesOf(samples: unknown): [string, unknown][] {
  if (typeof samples === 'object' && samples !== null && !Array.isArray(samples)) return Object.entries(samples);
  const got = Array.isArray(samples) ? 'a list' : samples === null ? 'null' : typeof samples;
  throw new TypeError(`the driver gave ${got} instead of readings`);
}
