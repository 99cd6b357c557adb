import type { Guards, WriteResult } from '../schemes/command.ts';
import type { NodePlan } from '../schemes/plan.ts';
import type { PointSpec } from '../schemes/point.ts';
import type { Value } from '../schemes/reading.ts';
import { mayHaveHappened, wasDone, wasSeen } from './guard-moves.ts';
import { GuardRecord, type GuardRecordWorld } from './guard-record.ts';
import { type GuardedPoint, isSame, restOf } from './guard-state.ts';
import { GuardTimers } from './guard-timers.ts';
import { guardsOf } from './guards-of.ts';
import { type JudgeWorld, judge, type Verdict } from './judge.ts';
import { type Pending, RESTORE } from './pending.ts';
import { wantedBefore, wantedOf } from './restore.ts';

export interface GuardBookWorld extends GuardRecordWorld {
  readonly evaluate: ((condition: string) => boolean | undefined) | undefined;
  /** Whether a device takes writes now. */
  readonly isReady: (device: string) => boolean;
  /** Gives a command in the name of a guard: `by` is `guard:max_on`. */
  readonly order: (guarded: GuardedPoint, order: GuardOrder) => void;
  /** Something changed that a waiting command may have waited for. */
  readonly onChange: () => void;
}

export interface GuardOrder {
  readonly kind: Pending['kind'];
  readonly value: Value;
  readonly by: string;
  readonly ttlMs: number;
}

/** A guard's own command has this long; then it is given anew. */
const GUARD_TTL_MS = 10_000;

/** What the points that take commands are, and their limits. */
export class GuardBook {
  readonly #world: GuardBookWorld;
  readonly #judgeWorld: JudgeWorld;
  readonly #timers: GuardTimers;
  readonly #record: GuardRecord;
  readonly #points = new Map<string, GuardedPoint>();
  readonly #specs = new Map<string, ReadonlyMap<string, PointSpec>>();
  #guards: ReadonlyMap<string, ReadonlyMap<string, Guards>> = new Map();

  constructor(world: GuardBookWorld) {
    this.#world = world;
    this.#record = new GuardRecord(world);
    this.#judgeWorld = {
      evaluate: world.evaluate,
      others: (guarded) =>
        [...this.#points.values()].filter(
          (other) => other !== guarded && other.guards.interlock === guarded.guards.interlock,
        ),
    };
    this.#timers = new GuardTimers({
      ...{ clock: world.clock, isReady: world.isReady, points: () => this.#points.values() },
      onDue: (guarded, because) => {
        const by = `guard:${because}`;
        world.order(guarded, { kind: 'safety', value: guarded.rest, by, ttlMs: GUARD_TTL_MS });
      },
      onDrift: () => {
        for (const guarded of this.#points.values()) this.#record.store(guarded);
      },
    });
  }

  stop(): void {
    this.#timers.stop();
  }

  get(name: string): GuardedPoint | undefined {
    return this.#points.get(name);
  }

  /** What a point of this node is now, by its full name. */
  valueNow(fullName: string): Value | undefined {
    return this.#points.get(fullName.slice(this.#world.node.length + 1))?.state.value;
  }

  /** Takes the limits of a plan; the states of points go on. */
  apply(plan: NodePlan): void {
    this.#guards = guardsOf(plan);
    for (const [device, specs] of this.#specs) this.setPoints(device, specs);
  }

  /** The points of a device that take commands; when there are none any more, their states are kept. */
  setPoints(device: string, specs: ReadonlyMap<string, PointSpec>): void {
    if (specs.size === 0) this.#specs.delete(device);
    else this.#specs.set(device, specs);
    for (const guarded of this.#points.values()) {
      if (guarded.device === device && !specs.has(guarded.point)) this.#record.untell(guarded);
    }
    for (const [point, spec] of specs) this.#setPoint(device, point, spec);
    this.#timers.arm();
    this.#world.onChange();
  }

  judge(pending: Pending): Verdict {
    const guarded = this.#of(pending);
    return guarded === undefined ? { do: 'go' } : judge(guarded, pending, this.#world.clock.mono(), this.#judgeWorld);
  }

  /** Switches points off for another member of their interlock, by ordinary commands. */
  turnOff(list: readonly GuardedPoint[], deadline: number): void {
    const now = this.#world.clock.mono();
    for (const guarded of list) {
      if (guarded.retryAt > now || guarded.writing !== undefined) continue;
      guarded.retryAt = deadline;
      const ttlMs = deadline - now;
      this.#world.order(guarded, { kind: 'command', value: guarded.rest, by: 'guard:interlock', ttlMs });
    }
  }

  /** Before a write. Resolves when the timer that ends it is on the disk, where it has one. Never rejects. */
  async begin(pending: Pending): Promise<void> {
    const guarded = this.#of(pending);
    if (guarded === undefined) return;
    guarded.writing = isSame(pending.command.value, guarded.rest) ? 'rest' : 'away';
    await this.#record.prepare(guarded, pending.command);
  }

  /** After a write; undefined: it was never answered. */
  end(pending: Pending, result: WriteResult | undefined): void {
    const guarded = this.#of(pending);
    if (guarded === undefined) return;
    guarded.writing = undefined;
    const now = this.#world.clock.mono();
    if (result?.done === true) wasDone(guarded, pending, result.value, now);
    else if (result === undefined || result.how === 'failed') mayHaveHappened(guarded, pending, now);
    this.#changed(guarded);
  }

  /** A reading of the point: it may have been switched by hand. */
  observe(name: string, value: Value): void {
    const guarded = this.#points.get(name);
    if (guarded === undefined || guarded.writing !== undefined) return;
    if (!wasSeen(guarded, value, this.#world.clock.mono())) return;
    this.#changed(guarded);
  }

  /** The device is open (again): its points are made what they must be now. */
  ready(device: string): void {
    const now = this.#world.clock.mono();
    for (const guarded of this.#points.values()) {
      if (guarded.device !== device) continue;
      guarded.retryAt = 0;
      guarded.isSeen = false;
      const value = wantedOf(guarded, now);
      if (value === undefined) continue;
      const kind = isSame(value, guarded.rest) ? 'safety' : 'restore';
      this.#world.order(guarded, { kind, value, by: RESTORE, ttlMs: GUARD_TTL_MS });
    }
    this.#timers.arm();
  }

  /** What the settable points of a device must be from the first moment on; those left out stay as they are. */
  initialOf(device: string): Readonly<Record<string, Value>> {
    const guards = this.#guards.get(device) ?? new Map<string, Guards>();
    const names = new Set([
      ...guards.keys(),
      ...this.#record.foundOf(device),
      ...(this.#specs.get(device)?.keys() ?? []),
    ]);
    const now = this.#world.clock.mono();
    const values = [...names].flatMap((point): [string, Value][] => {
      const name = `${device}.${point}`;
      const guarded = this.#points.get(name);
      const own = guards.get(point) ?? guards.get('*') ?? {};
      const value = guarded === undefined ? wantedBefore(own, this.#record.found(name), now) : wantedOf(guarded, now);
      return value === undefined ? [] : [[point, value]];
    });
    return Object.fromEntries(values);
  }

  #of({ command: { device, point } }: Pending): GuardedPoint | undefined {
    return this.#points.get(`${device}.${point}`);
  }

  #setPoint(device: string, point: string, spec: PointSpec): void {
    const name = `${device}.${point}`;
    const own = this.#guards.get(device);
    const guards = own?.get(point) ?? own?.get('*') ?? {};
    const before = this.#points.get(name) ?? {
      state: this.#record.found(name),
      writing: undefined,
      retryAt: 0,
      isSeen: false,
    };
    const guarded = { ...before, name, device, point, spec, guards, rest: restOf(spec, guards) };
    this.#points.set(name, guarded);
    this.#record.tell(guarded);
  }

  #changed(guarded: GuardedPoint): void {
    this.#record.store(guarded);
    this.#record.tell(guarded);
    this.#timers.arm();
    this.#world.onChange();
  }
}
