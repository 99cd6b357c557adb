import type { InputDriver } from '../drivers/driver.ts';
import { OptionsError } from '../kit/errors.ts';
import { parseDuration } from '../schemes/quantity.ts';
import { Cadence } from './cadence.ts';
import { carryOut } from './carry-out.ts';
import type { Opened } from './open-driver.ts';
import type { ReadRequests } from './read-requests.ts';
import type { RunnerHost, RunnerWorld } from './runner-world.ts';
import type { Sleeper } from './sleeper.ts';
import type { Work } from './work.ts';
import type { WriteOrders } from './write-orders.ts';

export interface SessionTools {
  readonly host: RunnerHost;
  readonly world: RunnerWorld;
  readonly work: Work;
  readonly sleeper: Sleeper;
  readonly requests: ReadRequests;
  readonly orders: WriteOrders;
  readonly stop: AbortSignal;
}

const LISTEN_MS = 10_000;
const DEADLINE_MS = 5_000;
/** Failures of reads in a row after which the device is closed and opened again. */
const REOPEN_AFTER = 3;
/** Listening so long without a failure clears the earlier ones. */
const STEADY_MS = 60_000;
/** A rate needs two reads: when the first one leaves points out, the second comes so soon. */
const SECOND_MS = 1_000;

/** How a piece of work went: well, or the wait before another try; undefined: never again. */
type Went = 'well' | number | undefined;

/** One open device: it listens, is read on its beat, or both, until something breaks. */
export class Session {
  readonly #opened: Opened;
  readonly #tools: SessionTools;
  readonly cadence: Cadence | undefined;
  #isOpen = true;
  #isFirst = true;
  /** When it is read again beside the beat; monotonic. */
  #secondAt = Number.POSITIVE_INFINITY;
  #broken: { readonly error: unknown } | undefined;

  constructor(opened: Opened, tools: SessionTools) {
    this.#opened = opened;
    this.#tools = tools;
    const { driver, input } = opened;
    if (input.read === undefined && input.listen === undefined && input.write === undefined)
      throw new OptionsError(`the driver ${driver.kind} can neither read, listen nor write`);
    this.cadence = input.read === undefined ? undefined : new Cadence(tools.host.periodMs(driver));
  }

  /** The wait before the next session, undefined when there must be none. */
  async run(): Promise<number | undefined> {
    const { host, world } = this.#tools;
    const { input, driver } = this.#opened;
    const begun = input.listen === undefined ? this.#begin() : await this.#listen();
    if (begun !== 'well') return begun;
    const since = world.clock.mono();
    const waitMs = this.cadence === undefined ? await this.#wait() : await this.#reads(this.cadence, driver);
    if (this.#broken === undefined) return waitMs;
    if (world.clock.mono() - since >= STEADY_MS) host.health.forgive();
    return host.health.failed(this.#broken.error);
  }

  /** What the driver emits from now on is not heard. */
  end(): void {
    this.#isOpen = false;
  }

  /** True when the beat changed. */
  reschedule(): boolean {
    return this.cadence?.setPeriod(this.#tools.host.periodMs(this.#opened.driver)) ?? false;
  }

  get #goesOn(): boolean {
    return this.#isOpen && this.#broken === undefined && !this.#tools.stop.aborted;
  }

  /** A device that only takes commands is ready when it is open. */
  #begin(): Went {
    if (this.cadence !== undefined) return 'well';
    const { host } = this.#tools;
    host.health.begun();
    host.onTried();
    return 'well';
  }

  async #listen(): Promise<Went> {
    const { host, work, sleeper } = this.#tools;
    const emit = (samples: unknown) => {
      if (this.#goesOn) host.onEmit(samples);
    };
    const fail = (error: unknown) => {
      if (!this.#goesOn) return;
      this.#broken = { error };
      sleeper.rouse();
    };
    const begun = await work.do('listening', LISTEN_MS, async () => await this.#opened.input.listen?.(emit, fail));
    if ('waitMs' in begun) return begun.waitMs;
    host.health.begun();
    host.onTried();
    return 'well';
  }

  async #wait(): Promise<number | undefined> {
    const { requests, sleeper } = this.#tools;
    while (this.#goesOn) {
      requests.served();
      const went = await this.#write();
      if (went !== 'well') return went;
      await sleeper.until(() => (this.#goesOn ? Number.POSITIVE_INFINITY : 0));
    }
    return undefined;
  }

  /** Carries out what waits to be written, between the other pieces of work. */
  async #write(): Promise<Went> {
    const { host, work, world, orders } = this.#tools;
    for (let next = orders.take(); next !== undefined; next = this.#goesOn ? orders.take() : undefined) {
      const went = await carryOut(next, this.#opened.input, { host, work, now: () => world.clock.mono() });
      if (went !== 'well') return went;
    }
    return 'well';
  }

  /** Sleeps until the next read is due or asked for, and writes meanwhile what is to be written. */
  async #restUntil(due: () => number): Promise<Went> {
    const { sleeper, world, orders, requests } = this.#tools;
    for (;;) {
      const went = orders.isEmpty ? 'well' : await this.#write();
      if (went !== 'well' || !this.#goesOn || requests.isAsked) return went;
      const at = due();
      if (at <= world.clock.mono()) return 'well';
      await sleeper.until(due);
      if (orders.isEmpty) return 'well';
    }
  }

  async #reads(cadence: Cadence, driver: InputDriver): Promise<number | undefined> {
    const { sleeper, world } = this.#tools;
    const { clock } = world;
    const deadlineMs = parseDuration(driver.deadline ?? '') ?? DEADLINE_MS;
    cadence.begin(clock.mono(), world.random);
    let failures = 0;
    while (this.#goesOn) {
      cadence.started(clock.mono());
      const went = await this.#read(deadlineMs);
      if (went === 'well') {
        failures = 0;
        const written = await this.#restUntil(() => Math.min(this.#secondAt, cadence.next(clock.mono())));
        if (written !== 'well') return written;
        this.#secondAt = Number.POSITIVE_INFINITY;
        continue;
      }
      failures += 1;
      if (went === undefined || failures >= REOPEN_AFTER) return went;
      const until = clock.mono() + went;
      await sleeper.until(() => until);
    }
    return undefined;
  }

  async #read(deadlineMs: number): Promise<Went> {
    const { host, requests, work, world } = this.#tools;
    const { input } = this.#opened;
    requests.isReading = true;
    const read = await work.do('the read', deadlineMs, async (signal) => await input.read?.(signal));
    requests.isReading = false;
    if ('waitMs' in read) return read.waitMs;
    try {
      host.onRead(read.value);
      if (this.#isFirst && host.leavesOut(read.value)) this.#secondAt = world.clock.mono() + SECOND_MS;
      this.#isFirst = false;
    } catch (error) {
      requests.refused(error);
      return host.health.failed(error);
    }
    requests.served();
    host.onTried();
    return 'well';
  }
}
