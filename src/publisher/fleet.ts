import { InTurn } from '../kit/in-turn.ts';
import type { DevicePlan, NodePlan } from '../schemes/plan.ts';
import type { PolicyText } from '../schemes/policy.ts';
import type { Value } from '../schemes/reading.ts';
import type { DescriptorBook } from './descriptor-book.ts';
import { Device } from './device.ts';
import { hardwareText } from './outputs.ts';
import type { OverrideBook } from './override-book.ts';
import { ownRandom } from './own-random.ts';
import type { Outlet } from './point-output.ts';
import type { RunnerWorld } from './runner-world.ts';

export interface FleetWorld extends RunnerWorld {
  readonly outlet: Outlet;
  readonly book: OverrideBook;
  readonly descriptors: DescriptorBook;
}

interface Member {
  readonly device: Device;
  /** The plan it runs by, as text, without guards. */
  readonly plan: string;
}

/** All devices of a node: brought from one plan to the next, each on its own. */
export class Fleet {
  readonly #world: FleetWorld;
  readonly #seed: number;
  readonly #members = new Map<string, Member>();
  /** Ends of drivers whose devices were removed: the same name must wait for them. */
  readonly #leaving = new Map<string, Promise<void>>();
  #nodePolicy: PolicyText = {};
  readonly #turns = new InTurn();
  #isStopped = false;
  #stopping: Promise<void> | undefined;
  #waiting: Set<string> | undefined;
  #onFirst: () => void = () => undefined;
  readonly firstReadings: Promise<void>;

  constructor(world: FleetWorld) {
    this.#world = world;
    this.#seed = world.random();
    this.firstReadings = new Promise((resolve) => {
      this.#onFirst = resolve;
    });
  }

  get devices(): readonly Device[] {
    return [...this.#members.values()].map(({ device }) => device);
  }

  get counts(): { devices: number; points: number; merged: number; refused: number } {
    const counts = { devices: this.#members.size, points: 0, merged: 0, refused: 0 };
    for (const { points, counts: own } of this.devices) {
      counts.points += points.length;
      counts.merged += own.merged;
      counts.refused += own.refused;
    }
    return counts;
  }

  device(name: string): Device | undefined {
    return this.#members.get(name)?.device;
  }

  apply(plan: NodePlan): Promise<void> {
    return this.#turns.run(() => this.#apply(plan));
  }

  stop(): Promise<void> {
    this.#stopping ??= this.#stop();
    return this.#stopping;
  }

  async #stop(): Promise<void> {
    this.#isStopped = true;
    this.#onFirst();
    await Promise.all(this.devices.map((device) => device.stop()));
    this.#world.log.info('devices stopped', { devices: this.#members.size });
  }

  async #apply({ publish, devices }: NodePlan): Promise<void> {
    if (this.#isStopped) return;
    const wanted = new Map(devices.map((device) => [device.name, device]));
    if (wanted.size < devices.length) this.#world.log.error('two devices of the plan have one name', { code: 'HB100' });
    this.#expect(wanted.keys());
    if (JSON.stringify(publish) !== JSON.stringify(this.#nodePolicy)) {
      this.#nodePolicy = publish;
      for (const device of this.devices) device.applyPolicies();
    }
    const gone = [...this.#members.keys()].filter((name) => !wanted.has(name));
    await Promise.all([
      ...gone.map((name) => this.#remove(name)),
      ...[...wanted.values()].map((device) => this.#bring(device)),
    ]);
  }

  async #remove(name: string): Promise<void> {
    const member = this.#members.get(name);
    this.#members.delete(name);
    if (member === undefined) return;
    await member.device.stop();
    member.device.clear();
    this.#world.log.info('device removed', { device: name });
    this.#leaving.set(
      name,
      member.device.settled().then(() => void this.#leaving.delete(name)),
    );
  }

  /** Starts a device, or starts it anew when its plan is another one. */
  async #bring(plan: DevicePlan): Promise<void> {
    const text = hardwareText(plan);
    const old = this.#members.get(plan.name);
    if (old?.plan === text) {
      old.device.plan = plan;
      return;
    }
    if (old !== undefined && plan.lost === true) {
      this.#members.set(plan.name, { device: old.device, plan: text });
      await old.device.lose();
      return;
    }
    await old?.device.stop();
    if (this.#isStopped) return;
    const device = this.#make(plan, old?.device.written.values);
    this.#members.set(plan.name, { device, plan: text });
    device.start(old?.device.settled() ?? this.#leaving.get(plan.name) ?? Promise.resolve(), old?.device.topics);
  }

  #make(plan: DevicePlan, written?: Readonly<Record<string, Value>>): Device {
    const { book } = this.#world;
    const world = {
      ...this.#world,
      random: ownRandom(this.#seed, plan.name),
      policies: { nodePolicy: () => this.#nodePolicy, changedPolicy: (key: string) => book.of(key) },
      onTried: () => this.#tried(plan.name),
    };
    return new Device(plan, world, written);
  }

  /** The devices of the first plan are those whose first readings are waited for. */
  #expect(names: Iterable<string>): void {
    if (this.#waiting !== undefined) return;
    this.#waiting = new Set(names);
    if (this.#waiting.size === 0) this.#onFirst();
  }

  #tried(name: string): void {
    if (this.#waiting?.delete(name) === true && this.#waiting.size === 0) this.#onFirst();
  }
}
