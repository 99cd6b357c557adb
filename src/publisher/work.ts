import type { OpenInput } from '../drivers/driver.ts';
import type { Clock } from '../kit/clock.ts';
import { Ended, OptionsError, reasonOf, Unavailable } from '../kit/errors.ts';
import type { Log } from '../kit/log.ts';
import { durationText } from '../schemes/quantity.ts';
import { attempt } from './attempt.ts';
import type { Health } from './health.ts';

/** The result of a piece of work, or how long to wait before another try; undefined: never again. */
export type Step<T> = { readonly value: T } | { readonly waitMs: number | undefined };

export interface WorkWorld {
  readonly clock: Clock;
  readonly log: Log;
  readonly health: Health;
  /** Ends every wait. */
  readonly stop: AbortSignal;
  /** Each failure, before the next try is planned; late work fails at its deadline. */
  readonly onFailure: (error: unknown) => void;
}

const CLOSE_MS = 800;

/** The pieces of work that a driver does for its runner, one after the other; what hangs is waited for. */
export class Work {
  readonly #world: WorkWorld;
  readonly #unsettled = new Set<Promise<void>>();
  #giveUp: () => void = () => undefined;

  constructor(world: WorkWorld) {
    this.#world = world;
  }

  /** Settles when nothing of the driver runs any more; may take for ever. */
  async settled(): Promise<void> {
    await Promise.all(this.#unsettled);
  }

  async do<T>(what: string, deadlineMs: number, work: (signal: AbortSignal) => Promise<T>): Promise<Step<T>> {
    const { clock, health, stop, onFailure } = this.#world;
    let lateWaitMs: number | undefined;
    const onLate = () => {
      const error = new Unavailable(`${what} took longer than ${durationText(deadlineMs)}`, { code: 'HB143' });
      lateWaitMs = health.failed(error);
      onFailure(error);
    };
    const running = attempt(work, { clock, deadlineMs, stop, onLate, onHung: () => health.hung(what) });
    this.#track(running.settled);
    const outcome = await running.outcome;
    if (outcome.kind === 'stopped') return { waitMs: undefined };
    if (outcome.kind === 'done') return outcome.late ? { waitMs: lateWaitMs } : { value: outcome.value };
    const isFinal = outcome.error instanceof OptionsError || outcome.error instanceof Ended;
    if (outcome.late && !isFinal) return { waitMs: lateWaitMs };
    const waitMs = health.failed(outcome.error);
    onFailure(outcome.error);
    return { waitMs };
  }

  /** Closes a device. Waits for a close that hangs, but not once `stop` is wanted. */
  async close(input: OpenInput<string>): Promise<void> {
    const { clock, log, health, stop } = this.#world;
    const enough = new AbortController();
    let isLate = false;
    this.#giveUp = () => {
      if (isLate) enough.abort();
    };
    const onLate = () => {
      isLate = true;
      if (stop.aborted) enough.abort();
      else health.failed(new Unavailable('closing the device does not end', { code: 'HB143' }));
    };
    const options = { clock, deadlineMs: CLOSE_MS, stop: enough.signal, onLate, onHung: () => health.hung('closing') };
    const running = attempt(() => input.close(), options);
    this.#track(running.settled);
    const outcome = await running.outcome;
    if (outcome.kind === 'failed')
      log.warn('device did not close well', { code: 'HB145', reason: reasonOf(outcome.error) });
  }

  /** The stop is wanted now: a close that is late is not waited for any longer. */
  giveUp(): void {
    this.#giveUp();
  }

  #track(settled: Promise<void>): void {
    this.#unsettled.add(settled);
    void settled.then(() => this.#unsettled.delete(settled));
  }
}
