import { backoff } from '../kit/backoff.ts';
import { Ended, HanbusError, OptionsError, reasonOf, Unavailable } from '../kit/errors.ts';
import type { Log } from '../kit/log.ts';
import type { DeviceAnswer } from '../schemes/contracts.ts';

export type DeviceState = DeviceAnswer['state'];

export const QUARANTINE_AFTER = 10;
export const QUARANTINE_MS = 300_000;
const LONGEST_RETRY_MS = 3_600_000;
/** Different bugs of one driver that are logged with their stacks. */
const STACKS = 10;

export interface Advice {
  readonly code?: string;
  readonly fix?: string;
}

export interface HealthWorld {
  readonly random: () => number;
  /** Knows the device. */
  readonly log: Log;
  onChange(state: DeviceState, why: string | undefined): void;
}

/** How a device is doing, and how long to wait after a failure. Logs once per change of state. */
export class Health {
  readonly #world: HealthWorld;
  readonly #bugs = new Set<string>();
  #state: DeviceState = 'init';
  #why: string | undefined;
  #oddity: string | undefined;
  #failures = 0;
  #advice: Advice = {};

  constructor(world: HealthWorld) {
    this.#world = world;
  }

  get state(): DeviceState {
    return this.#state;
  }

  /** Why it is not ready, or what is odd although it is. */
  get why(): string | undefined {
    return this.#why ?? this.#oddity;
  }

  /** The code and the fix of what keeps it from being ready. */
  get advice(): Advice {
    return this.#advice;
  }

  get failures(): number {
    return this.#failures;
  }

  succeeded(): void {
    this.#failures = 0;
    if (this.#state === 'ready') return;
    const isBack = this.#state === 'failing' || this.#state === 'quarantined';
    this.#become('ready', undefined);
    if (isBack) this.#world.log.info('device is back');
    else this.#world.log.debug('device is ready');
  }

  /** It listens; only time tells whether it is well, so the failures stay counted. */
  begun(): void {
    const { failures } = this;
    this.succeeded();
    this.#failures = failures;
  }

  forgive(): void {
    this.#failures = 0;
  }

  /** The wait before the next try in ms; undefined when there must be none. */
  failed(error: unknown): number | undefined {
    if (error instanceof OptionsError) return this.#refused(error);
    if (error instanceof Ended) return this.#ended(error);
    if (!(error instanceof Unavailable)) this.#bug(error);
    this.#failures += 1;
    const isQuarantined = this.#failures >= QUARANTINE_AFTER;
    this.#fail(isQuarantined ? 'quarantined' : 'failing', error);
    return this.#waitAfter(error);
  }

  /** Work that never came back. */
  hung(what: string): void {
    this.#fail('quarantined', new Unavailable(`${what} has hung for 5 min`, { code: 'HB147' }));
  }

  lost(): void {
    if (this.#state === 'lost') return;
    this.#become('lost', 'it is not attached any more');
    this.#world.log.warn('device is lost');
  }

  /** The node has no more use for it. What is lost stays lost. */
  stopped(): void {
    if (this.#state === 'stopped' || this.#state === 'lost') return;
    this.#become('stopped', undefined);
    this.#world.log.debug('device stopped');
  }

  /** Something is odd although it works; shown until taken back with undefined. */
  note(why: string | undefined): void {
    this.#oddity = why;
  }

  /** As it should be: nobody needs to act. */
  #ended({ message }: Ended): undefined {
    this.#become('stopped', undefined);
    this.#world.log.info('device ended', { reason: message });
  }

  #refused(error: OptionsError): undefined {
    const { code, message, fix } = error;
    this.#become('stopped', message);
    this.#advice = { code, ...(fix === undefined ? {} : { fix }) };
    this.#world.log.error('device cannot run', { code, reason: message, fix });
  }

  #fail(state: 'failing' | 'quarantined', error: unknown): void {
    const why = reasonOf(error);
    const { code, fix } = error instanceof HanbusError ? error : { code: 'HB145', fix: undefined };
    const before = this.#state;
    if (before === state || (before === 'quarantined' && state === 'failing')) this.#why = why;
    else this.#become(state, why);
    this.#advice = { code, ...(fix === undefined ? {} : { fix }) };
    if (this.#state === before) return;
    if (state === 'failing') this.#world.log.warn('device fails', { code, reason: why });
    else this.#world.log.error('device is quarantined', { code: 'HB147', reason: why, failures: this.#failures });
  }

  #waitAfter(error: unknown): number {
    const { random } = this.#world;
    if (this.#failures >= QUARANTINE_AFTER) return QUARANTINE_MS * (1 + 0.02 * random());
    const asked = error instanceof Unavailable ? error.retryAfterMs : undefined;
    if (asked !== undefined && Number.isFinite(asked)) return Math.min(Math.max(asked, 0), LONGEST_RETRY_MS);
    return backoff(this.#failures, random);
  }

  #bug(error: unknown): void {
    const reason = reasonOf(error);
    if (this.#bugs.has(reason) || this.#bugs.size >= STACKS) return;
    this.#bugs.add(reason);
    const stack = error instanceof Error ? error.stack : undefined;
    this.#world.log.error('a driver has a bug', { code: 'HB145', reason, stack });
  }

  #become(state: DeviceState, why: string | undefined): void {
    this.#state = state;
    this.#why = why;
    this.#advice = {};
    this.#world.onChange(state, why);
  }
}
