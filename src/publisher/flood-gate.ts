import type { Cancel, Clock } from '../kit/clock.ts';

export interface FloodLimits {
  /** Readings per second that pass in the long run. */
  readonly perSecond: number;
  /** Readings that may come at once. */
  readonly burst: number;
}

export const FLOOD: FloodLimits = { perSecond: 200, burst: 200 };
/** How long without a merged reading until a flood counts as over. */
const CALM_MS = 10_000;
/** How often what waits is let through, as far as tokens go. */
const DRAIN_MS = 50;

export interface FloodWorld {
  readonly clock: Clock;
  readonly limits?: FloodLimits;
  pass(name: string, sample: unknown): void;
  /** A flood began or, with undefined, ended. */
  onFlood(why: string | undefined): void;
}

/** Bounds what a listening device may tell: a token bucket; what does not pass waits, the newest of each point. */
export class FloodGate {
  readonly #world: FloodWorld;
  readonly #limits: FloodLimits;
  readonly #waiting = new Map<string, unknown>();
  #tokens: number;
  #filledAt: number;
  #cancel: Cancel | undefined;
  #lastMergeAt = Number.NEGATIVE_INFINITY;
  #isFlooding = false;
  /** Readings that a newer one of the same point replaced before they passed. */
  merged = 0;

  constructor(world: FloodWorld) {
    this.#world = world;
    this.#limits = world.limits ?? FLOOD;
    this.#tokens = this.#limits.burst;
    this.#filledAt = world.clock.mono();
  }

  take(name: string, sample: unknown): void {
    if (this.#waiting.size === 0 && this.#spend()) {
      this.#world.pass(name, sample);
      return;
    }
    if (this.#waiting.has(name)) this.#mergedOne();
    this.#waiting.set(name, sample);
    this.#arm();
  }

  close(): void {
    this.#cancel?.();
    this.#cancel = undefined;
    this.#waiting.clear();
  }

  #spend(): boolean {
    const now = this.#world.clock.mono();
    const { perSecond, burst } = this.#limits;
    this.#tokens = Math.min(burst, this.#tokens + ((now - this.#filledAt) * perSecond) / 1000);
    this.#filledAt = now;
    if (this.#tokens < 1) return false;
    this.#tokens -= 1;
    return true;
  }

  #mergedOne(): void {
    this.merged += 1;
    this.#lastMergeAt = this.#world.clock.mono();
    if (this.#isFlooding) return;
    this.#isFlooding = true;
    this.#world.onFlood(`it floods: more than ${this.#limits.perSecond} readings a second, only the newest are told`);
  }

  #arm(): void {
    if (this.#cancel !== undefined) return;
    const waitMs = this.#waiting.size > 0 ? DRAIN_MS : CALM_MS;
    this.#cancel = this.#world.clock.after(waitMs, () => {
      this.#cancel = undefined;
      this.#drain();
    });
  }

  #drain(): void {
    for (const [name, sample] of this.#waiting) {
      if (!this.#spend()) break;
      this.#waiting.delete(name);
      this.#world.pass(name, sample);
    }
    if (this.#isFlooding && this.#world.clock.mono() - this.#lastMergeAt >= CALM_MS) {
      this.#isFlooding = false;
      this.#world.onFlood(undefined);
    }
    if (this.#waiting.size > 0 || this.#isFlooding) this.#arm();
  }
}
