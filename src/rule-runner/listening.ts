import type { EventCounters } from './counters.ts';
import type { EngineHost } from './engine-host.ts';
import { PointEars, type PointEarsOptions } from './point-ears.ts';
import type { RuleRunnerOptions } from './runner-options.ts';
import { Warmth } from './warmth.ts';

/** Hears what the rules of an engine and the counters want to hear, each point after its past. */
export class Listening {
  readonly #ears: PointEars;
  readonly #warmth: Warmth;
  readonly #counters: EventCounters;

  constructor(options: RuleRunnerOptions, ears: PointEarsOptions, counters: EventCounters) {
    this.#ears = new PointEars(ears);
    this.#warmth = new Warmth(options);
    this.#counters = counters;
  }

  get size(): number {
    return this.#ears.size;
  }

  /** The engine has other rules now. */
  follow(host: EngineHost): void {
    const isHeard = (point: string) => this.#ears.hears(point);
    this.#warmth.warm(host, isHeard, () => this.#listen(host));
    this.#listen(host);
  }

  /** Idempotent. */
  stop(): void {
    this.#ears.stop();
  }

  #listen({ engine }: EngineHost): void {
    const wanted = [...engine.points, ...this.#counters.points].filter((point) => !this.#warmth.isCold(point));
    this.#ears.listen(new Set(wanted), new Set(engine.filters));
  }
}
