import type { Cancel, Clock } from '../kit/clock.ts';
import type { Engine, Moment, News, Outcome } from '../rules/engine-world.ts';

export interface EngineHostOptions {
  readonly engine: Engine;
  readonly clock: Clock;
  readonly isTimeTrusted: () => boolean;
  /** The engine threw when its time had come: nobody else would hear of it. It goes on. */
  readonly onBug: (error: unknown) => void;
}

/** After a bug the engine is left alone so long. */
const BUG_MS = 1_000;
/** The engine looks at the wall clock at least so often: it may have been set. */
const LOOK_MS = 15_000;

/**
 * Gives the engine the time and wakes it when something is due. What the engine asks for inside a call is answered when
 * the call is over, so it is never entered twice.
 */
export class EngineHost {
  readonly engine: Engine;
  readonly #clock: Clock;
  readonly #isTimeTrusted: () => boolean;
  readonly #outcomes: Outcome[] = [];
  readonly #onBug: (error: unknown) => void;
  #isInside = false;
  #hasFailed = false;
  #armedFor: number | undefined;
  #cancel: Cancel | undefined;
  #isStopped = false;

  constructor({ engine, clock, isTimeTrusted, onBug }: EngineHostOptions) {
    this.#onBug = onBug;
    this.engine = engine;
    this.#clock = clock;
    this.#isTimeTrusted = isTimeTrusted;
  }

  moment(): Moment {
    return { mono: this.#clock.mono(), wall: this.#clock.now(), isTrusted: this.#isTimeTrusted() };
  }

  tell(news: News): void {
    if (this.#isStopped) return;
    this.#isInside = true;
    try {
      this.engine.tell(news, this.moment());
      this.#settle();
    } finally {
      this.#isInside = false;
      this.#arm();
    }
  }

  /** At once, or when the present call of the engine is over. */
  outcome(outcome: Outcome): void {
    if (this.#isStopped) return;
    this.#outcomes.push(outcome);
    if (!this.#isInside) this.enter(() => undefined);
  }

  /** Does something with the engine, then what came of it. Do not call it from within. */
  enter<T>(task: (engine: Engine, moment: Moment) => T): T {
    this.#isInside = true;
    try {
      const result = task(this.engine, this.moment());
      this.#settle();
      return result;
    } finally {
      this.#isInside = false;
      this.#arm();
    }
  }

  #settle(): void {
    while (this.#outcomes.length > 0) {
      const next = this.#outcomes.shift();
      if (next !== undefined) this.engine.outcome(next, this.moment());
    }
  }

  /** Idempotent. */
  stop(): void {
    this.#isStopped = true;
    this.#cancel?.();
    this.#cancel = undefined;
  }

  #arm(): void {
    // While nobody has set the clock, schedules have no time: the engine is asked again later.
    const nextAt = this.engine.nextAt ?? (this.#isTimeTrusted() ? undefined : Number.POSITIVE_INFINITY);
    if (this.#isStopped || (nextAt === this.#armedFor && (nextAt === undefined || this.#cancel !== undefined))) return;
    this.#cancel?.();
    this.#cancel = undefined;
    this.#armedFor = nextAt;
    if (nextAt === undefined) return;
    const wait = Math.min(Math.max(nextAt - this.#clock.mono(), this.#hasFailed ? BUG_MS : 0), LOOK_MS);
    this.#cancel = this.#clock.after(wait, () => {
      this.#cancel = undefined;
      this.#tick();
    });
  }

  /** What is thrown in a timer would end the whole node: a bug in the rules must not stop the house. */
  #tick(): void {
    try {
      this.enter((engine, moment) => engine.tick(moment));
      this.#hasFailed = false;
    } catch (error) {
      this.#hasFailed = true;
      this.#onBug(error);
      this.#armedFor = undefined;
      this.#arm();
    }
  }
}
