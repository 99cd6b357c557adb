import type { InputDriver, OpenInput } from '../drivers/driver.ts';
import type { WriteOrder, WriteResult } from '../schemes/command.ts';
import type { DevicePlan } from '../schemes/plan.ts';
import { parseDuration } from '../schemes/quantity.ts';
import type { Value } from '../schemes/reading.ts';
import { notWritable } from './carry-out.ts';
import { Chores } from './chores.ts';
import { DevicePages } from './device-pages.ts';
import { DevicePoints, type RunningPoint } from './device-points.ts';
import type { DeviceWorld } from './device-world.ts';
import { type DeviceState, Health } from './health.ts';
import { entriesOf, Intake } from './intake.ts';
import type { PointHost } from './news.ts';
import { Written } from './outputs.ts';
import { namedSpecs, pointsOf } from './point-specs.ts';
import { recall } from './recall.ts';
import { Runner } from './runner.ts';
import type { RunnerHost } from './runner-world.ts';

/** How often a device is read whose driver does not say. */
const PERIOD_MS = 60_000;
/** In these states no more good news is expected. */
const OVER: readonly DeviceState[] = ['quarantined', 'lost', 'stopped'];

/** One device: its runner, its health and its points. */
export class Device implements RunnerHost {
  /** Only its guards may change while the device runs. */
  plan: DevicePlan;
  readonly health: Health;
  readonly written: Written;
  readonly #world: DeviceWorld;
  readonly #runner: Runner;
  readonly #pages: DevicePages;
  readonly #points: DevicePoints;
  readonly #chores: Chores;
  readonly #intake: Intake;
  #isRead = false;
  /** Topics that an earlier device of this name left on the bus. */
  #leftovers: readonly string[] = [];

  /** `written`: what another device on the same hardware was told last. */
  constructor(plan: DevicePlan, world: DeviceWorld, written: Readonly<Record<string, Value>> = {}) {
    const { clock, outlet } = world;
    const log = world.log.child({ device: plan.name, kind: plan.kind });
    this.plan = plan;
    this.written = new Written(written);
    this.#world = world;
    this.#pages = new DevicePages(outlet, plan);
    this.#points = new DevicePoints(plan, world.policies);
    this.health = new Health({ random: world.random, log, onChange: (state, why) => this.#onState(state, why) });
    this.#chores = new Chores(clock, () => this.#points.points);
    this.#intake = new Intake({ clock, log, health: this.health, pointOf: (key) => this.#points.of(key) });
    this.#runner = new Runner(this, { ...world, log });
  }

  get initial(): Readonly<Record<string, Value>> {
    return this.written.over(this.#world.initialOf(this.plan.name), this.plan);
  }

  get points(): readonly RunningPoint[] {
    return this.#points.all;
  }

  point(name: string): RunningPoint | undefined {
    return this.#points.named(name);
  }

  get counts(): { readonly merged: number; readonly refused: number } {
    return { merged: this.#intake.merged, refused: this.#intake.refused };
  }

  /** Every retained topic that it may have put on the bus. */
  get topics(): readonly string[] {
    return [...this.#leftovers, ...this.#pages.topics(this.points.map(({ name }) => name))];
  }

  /** Runs it. `after`: the end of what used the same hardware; `leftovers`: its topics, cleared unless used again. */
  start(after: Promise<void>, leftovers: readonly string[] = []): void {
    this.#leftovers = leftovers;
    this.#pages.state(this.health.state);
    if (this.plan.lost !== true) {
      this.#runner.start(after);
      return;
    }
    this.health.lost();
    recall(this.plan, this.#world.descriptors, this.health, (specs) => this.#points.become(specs, this.#host()));
    this.#pages.meta(this.points);
    for (const running of this.points) this.#pages.policy(running);
    this.#world.onTried();
  }

  /** It is not attached any more: ends like `stop`, but keeps its values, as stale. */
  async lose(): Promise<void> {
    this.health.lost();
    await this.stop();
  }

  /** Ends within a second, whatever its driver does; the last values stay where they are. */
  async stop(): Promise<void> {
    this.#intake.close();
    this.#chores.stop();
    this.#points.close();
    await this.#runner.stop();
    this.health.stopped();
  }

  /** Settles when its driver has really ended. */
  settled(): Promise<void> {
    return this.#runner.settled();
  }

  /** Takes all its topics off the bus. */
  clear(): void {
    this.#pages.clear(this.topics);
  }

  /** `point` is the published name. Never rejects. */
  async write(order: WriteOrder): Promise<WriteResult> {
    const running = this.point(order.point);
    const what = `${this.plan.name}.${order.point}`;
    if (running?.spec.settable !== true) return notWritable(what);
    const result = await this.#runner.write(running.key, { ...order, value: running.point.toDriver(order.value) });
    return result.done ? { done: true, value: order.value } : result;
  }

  readNow(): Promise<void> {
    return this.#runner.readNow();
  }

  /** Something that policies are made of has changed. */
  applyPolicies(): void {
    const changed = this.#points.applyPolicies();
    for (const running of changed) this.#pages.policy(running);
    if (changed.length === 0) return;
    this.#runner.reschedule();
    this.#pages.meta(this.points, this.#runner.cadence?.periodMs);
    this.#chores.arm();
  }

  onOpen(input: OpenInput<string>, driver: InputDriver): void {
    this.#isRead = input.read !== undefined;
    const before = this.topics;
    const points = pointsOf(input, driver);
    if (!this.#points.become(namedSpecs(points, this.plan), this.#host())) return;
    this.#world.descriptors.keep(this.plan, points);
    this.#leftovers = [];
    const now = new Set(this.topics);
    this.#pages.clear(before.filter((topic) => !now.has(topic)));
    this.#pages.meta(this.points, this.#isRead ? this.periodMs(driver) : undefined);
    for (const running of this.points) this.#pages.policy(running);
  }

  onRead(samples: unknown): void {
    const entries = entriesOf(samples);
    this.health.succeeded();
    this.#intake.take(entries);
    this.#chores.arm();
  }

  leavesOut(samples: unknown): boolean {
    const told = new Set(entriesOf(samples).flatMap(([key, sample]) => (sample === undefined ? [] : [key])));
    return this.points.some(({ key }) => !told.has(key));
  }

  onEmit(samples: unknown): void {
    this.#intake.takeSome(samples);
    this.#chores.arm();
  }

  onWritten(key: string, value: Value, samples: unknown): void {
    this.written.keep(key, value);
    this.onRead(samples);
  }

  onTried(): void {
    this.#world.onTried();
  }

  periodMs(driver: InputDriver): number {
    return this.#points.shortestEvery(parseDuration(driver.every ?? '') ?? PERIOD_MS);
  }

  #host(): PointHost {
    return {
      outlet: this.#world.outlet,
      device: this.plan.name,
      periodMs: () => this.#runner.cadence?.periodMs ?? Number.POSITIVE_INFINITY,
      horizon: () => this.#runner.cadence?.horizon ?? this.#world.clock.mono(),
      needsHeartbeats: () => !this.#isRead && this.health.state === 'ready',
      onDue: () => this.#chores.arm(),
    };
  }

  #onState(state: DeviceState, why: string | undefined): void {
    this.#pages.state(state);
    if (state === 'failing' || state === 'quarantined') this.written.forget();
    if (OVER.includes(state)) this.#points.spoil(why ?? `the device is ${state}`);
  }
}
