import { Ended, Unavailable } from '../kit/errors.ts';
import type { WriteOrder, WriteResult } from '../schemes/command.ts';
import type { Cadence } from './cadence.ts';
import { openDriver } from './open-driver.ts';
import { ReadRequests } from './read-requests.ts';
import type { RunnerHost, RunnerWorld } from './runner-world.ts';
import { Session } from './session.ts';
import { Sleeper } from './sleeper.ts';
import { Work } from './work.ts';
import { late, WriteOrders } from './write-orders.ts';

const OPEN_MS = 10_000;
/** Starts are spread over this time. */
const SPREAD_MS = 100;

/** Lives the life of one device: open, read or listen, fail, wait, again. One piece of its work at a time, ever. */
export class Runner {
  readonly #world: RunnerWorld;
  readonly #host: RunnerHost;
  readonly #stop = new AbortController();
  readonly #sleeper: Sleeper;
  readonly #requests: ReadRequests;
  readonly #orders: WriteOrders;
  readonly #work: Work;
  #session: Session | undefined;
  #done: Promise<void> = Promise.resolve();

  constructor(host: RunnerHost, world: RunnerWorld) {
    const { clock, log } = world;
    this.#host = host;
    this.#world = world;
    this.#sleeper = new Sleeper(clock);
    this.#requests = new ReadRequests(clock, () => this.#sleeper.rouse());
    this.#orders = new WriteOrders(clock, () => this.#sleeper.rouse());
    const onFailure = (error: unknown) => {
      this.#requests.refused(error);
      host.onTried();
    };
    this.#work = new Work({ clock, log, health: host.health, stop: this.#stop.signal, onFailure });
  }

  /** The beat of the reads; undefined for a device that only listens. */
  get cadence(): Cadence | undefined {
    return this.#session?.cadence;
  }

  /** Begins once `after`, the end of what used the same hardware before, has settled. */
  start(after: Promise<void>): void {
    this.#done = this.#live(after);
  }

  /** Ends within a second, whatever the driver does. */
  async stop(): Promise<void> {
    this.#stop.abort(new Ended('hanbus stops'));
    this.#work.giveUp();
    this.#requests.refused(new Unavailable('the device was stopped', { code: 'HB159' }));
    this.#orders.refuse('the device was stopped');
    this.#sleeper.rouse();
    await this.#done;
  }

  /** Settles when nothing of the driver runs any more; may take for ever. */
  async settled(): Promise<void> {
    await this.#done;
    await this.#work.settled();
  }

  /** Resolves after a fresh read, shared with a running one; rejects when the device cannot be read. */
  readNow(): Promise<void> {
    const { health } = this.#host;
    const isOver = this.#stop.signal.aborted || health.state === 'stopped';
    if (!isOver && (this.cadence !== undefined || health.state !== 'ready')) return this.#requests.ask();
    if (!isOver) return Promise.resolve();
    const why = health.why ?? 'it was stopped';
    return Promise.reject(
      new Unavailable(`the device cannot be read: ${why}`, { code: 'HB159', fix: 'hanbus ls --long' }),
    );
  }

  /** Writes a value as soon as the device is free; a device that is away is tried again now. Never rejects. */
  write(key: string, order: WriteOrder): Promise<WriteResult> {
    const { health } = this.#host;
    const isOver = this.#stop.signal.aborted || health.state === 'stopped' || health.state === 'lost';
    if (isOver) return Promise.resolve(late(health.why ?? `the device is ${health.state}`));
    return this.#orders.ask(key, order);
  }

  /** The wishes of the points have changed. */
  reschedule(): void {
    if (this.#session?.reschedule() === true) this.#sleeper.nudge();
  }

  async #live(after: Promise<void>): Promise<void> {
    const { clock, random } = this.#world;
    const beginAt = clock.mono() + random() * SPREAD_MS;
    await this.#sleeper.until(() => beginAt);
    await Promise.race([after, aborted(this.#stop.signal)]);
    while (!this.#stop.signal.aborted) {
      const waitMs = await this.#once().catch((error: unknown) => this.#host.health.failed(error));
      this.#host.onTried();
      if (waitMs === undefined) return this.#orders.refuse(this.#host.health.why ?? 'the device does not run');
      const until = clock.mono() + waitMs;
      await this.#sleeper.until(() => until);
    }
  }

  /** From open to close; gives the wait before the next one, undefined when there must be none. */
  async #once(): Promise<number | undefined> {
    const closed = new AbortController();
    const { plan } = this.#host;
    const opened = await this.#work.do('opening', OPEN_MS, (signal) =>
      openDriver(plan, this.#world, { signal, closed: closed.signal, initial: this.#host.initial }),
    );
    if ('waitMs' in opened) return opened.waitMs;
    const { input, driver } = opened.value;
    try {
      this.#host.onOpen(input, driver);
      const tools = { work: this.#work, sleeper: this.#sleeper, requests: this.#requests, stop: this.#stop.signal };
      const orders = this.#orders;
      this.#session = new Session(opened.value, { host: this.#host, world: this.#world, ...tools, orders });
      return await this.#session.run();
    } catch (error) {
      return this.#host.health.failed(error);
    } finally {
      this.#session?.end();
      closed.abort(new Ended('the device is closed'));
      await this.#work.close(input);
    }
  }
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
}
