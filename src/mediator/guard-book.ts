import type { Bus } from '../bus/bus.ts';
import type { Clock } from '../kit/clock.ts';
import { reasonOf } from '../kit/errors.ts';
import type { Log } from '../kit/log.ts';
import type { Guards, WriteResult } from '../schemes/command.ts';
import type { NodePlan } from '../schemes/plan.ts';
import type { PointSpec } from '../schemes/point.ts';
import type { Value } from '../schemes/reading.ts';
import { topics } from '../schemes/topics.ts';
import { guardPage } from './guard-page.ts';
import { becomes, becomesUnsure, type GuardedPoint, isAway, isSame, restOf } from './guard-state.ts';
import { decodeState, encodeState } from './guard-store.ts';
import { GuardTimers } from './guard-timers.ts';
import { guardsOf } from './guards-of.ts';
import type { Journal } from './journal.ts';
import { type JudgeWorld, judge, type Verdict } from './judge.ts';
import { isByGuard, isByRule, type Pending } from './pending.ts';

export interface GuardBookWorld {
  readonly bus: Bus;
  readonly node: string;
  readonly origin: string;
  readonly clock: Clock;
  readonly log: Log;
  readonly journal: Journal;
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

/** What the points that take commands are, and their limits. */
export class GuardBook {
  readonly #world: GuardBookWorld;
  readonly #judgeWorld: JudgeWorld;
  readonly #timers: GuardTimers;
  readonly #points = new Map<string, GuardedPoint>();
  readonly #specs = new Map<string, ReadonlyMap<string, PointSpec>>();
  #guards: ReadonlyMap<string, ReadonlyMap<string, Guards>> = new Map();

  constructor(world: GuardBookWorld) {
    this.#world = world;
    this.#judgeWorld = {
      evaluate: world.evaluate,
      others: (guarded) =>
        [...this.#points.values()].filter(
          (other) => other !== guarded && other.guards.interlock === guarded.guards.interlock,
        ),
    };
    this.#timers = new GuardTimers({
      ...{ clock: world.clock, isReady: world.isReady, points: () => this.#points.values() },
      onDue: (guarded, because) =>
        world.order(guarded, { kind: 'safety', value: guarded.rest, by: `guard:${because}`, ttlMs: 10_000 }),
      onDrift: () => this.#storeAll(),
    });
  }

  stop(): void {
    this.#timers.stop();
  }

  get(name: string): GuardedPoint | undefined {
    return this.#points.get(name);
  }

  /** What a point of this node is now, by its full name. */
  valueOf(fullName: string): Value | undefined {
    return this.#points.get(fullName.slice(this.#world.node.length + 1))?.state.value;
  }

  /** Takes the limits of a plan; the states of points go on. */
  apply(plan: NodePlan): void {
    this.#guards = guardsOf(plan);
    for (const [device, specs] of this.#specs) this.setPoints(device, specs);
  }

  /** The points of a device that take commands; none any more: its states are kept. */
  setPoints(device: string, specs: ReadonlyMap<string, PointSpec>): void {
    if (specs.size === 0) this.#specs.delete(device);
    else this.#specs.set(device, specs);
    for (const [point, spec] of specs) this.#setPoint(device, point, spec);
    this.#timers.arm();
    this.#world.onChange();
  }

  judge(pending: Pending): Verdict {
    const { device, point } = pending.command;
    const guarded = this.#points.get(`${device}.${point}`);
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
    const { command } = pending;
    const isLeaving = !isSame(command.value, guarded.rest);
    guarded.writing = isLeaving ? 'away' : 'rest';
    const { maxOnMs, deadManMs, interlock } = guarded.guards;
    const needsDisk = command.forMs !== undefined || (maxOnMs ?? deadManMs ?? interlock) !== undefined;
    if (!isLeaving || !needsDisk || (isAway(guarded) && guarded.state.onAt !== undefined)) return;
    const { clock, journal, log } = this.#world;
    const now = clock.mono();
    const restAt = command.forMs === undefined ? undefined : now + command.forMs;
    const state = { ...guarded.state, value: command.value, onAt: now, offAt: undefined, restAt, heardAt: now };
    try {
      await journal.keepGuard(guarded.name, encodeState(state, clock), true);
    } catch (error) {
      log.warn('the timer of a command could not be stored', { point: guarded.name, reason: reasonOf(error) });
    }
  }

  /** After a write; undefined: it was never answered. */
  end(pending: Pending, result: WriteResult | undefined): void {
    const guarded = this.#of(pending);
    if (guarded === undefined) return;
    const { clock } = this.#world;
    const now = clock.mono();
    const { command, kind } = pending;
    const { state } = guarded;
    guarded.writing = undefined;
    if (result?.done === true) {
      becomes(guarded, result.value, now);
      guarded.retryAt = 0;
      if (isAway(guarded)) state.heardAt = now;
      if (kind === 'command') {
        state.restAt = command.forMs === undefined || !isAway(guarded) ? undefined : now + command.forMs;
        this.#markManual(guarded, pending, now);
      }
    } else if ((result === undefined || result.how === 'failed') && !isSame(command.value, guarded.rest)) {
      becomesUnsure(guarded, now);
      if (command.forMs !== undefined) state.restAt = now + command.forMs;
    }
    this.#changed(guarded);
  }

  /** A reading of the point: it may have been switched by hand. */
  observe(name: string, value: Value): void {
    const guarded = this.#points.get(name);
    if (guarded === undefined || guarded.writing !== undefined) return;
    const { state } = guarded;
    const isFirst = state.value === undefined;
    if (!state.isUnsure && isSame(state.value, value)) return;
    const now = this.#world.clock.mono();
    becomes(guarded, value, now);
    if (!isFirst && guarded.guards.manualMs !== undefined) state.manualUntil = now + guarded.guards.manualMs;
    this.#changed(guarded);
  }

  /** The device is open (again): what its points must be now. */
  ready(device: string): void {
    for (const guarded of this.#points.values()) {
      if (guarded.device !== device) continue;
      guarded.retryAt = 0;
      const value = this.#wanted(guarded);
      if (value === undefined) continue;
      const kind = isSame(value, guarded.rest) ? 'safety' : 'restore';
      this.#world.order(guarded, { kind, value, by: 'guard:restore', ttlMs: 10_000 });
    }
    this.#timers.arm();
  }

  /** What the settable points of a device must be from the first moment on; those left out stay as they are. */
  initialOf(device: string): Readonly<Record<string, Value>> {
    const all = [...this.#points.values()].filter((guarded) => guarded.device === device);
    return Object.fromEntries(
      all.flatMap((guarded): [string, Value][] => {
        const value = this.#wanted(guarded);
        return value === undefined ? [] : [[guarded.point, value]];
      }),
    );
  }

  #wanted(guarded: GuardedPoint): Value | undefined {
    const { guards, rest, state } = guarded;
    const restore = guards.restore ?? (guards.safe === undefined ? 'leave' : 'safe');
    if (restore === 'safe') return rest;
    if (restore === 'leave') return undefined;
    const isOver = this.#timers.isDue(guarded) || state.isUnsure || state.value === undefined;
    return isOver ? rest : state.value;
  }

  #markManual({ state, guards }: GuardedPoint, { command }: Pending, now: number): void {
    if (guards.manualMs === undefined || isByRule(command) || isByGuard(command)) return;
    state.manualUntil = now + guards.manualMs;
  }

  #of({ command: { device, point } }: Pending): GuardedPoint | undefined {
    return this.#points.get(`${device}.${point}`);
  }

  #setPoint(device: string, point: string, spec: PointSpec): void {
    const { journal, clock } = this.#world;
    const name = `${device}.${point}`;
    const before = this.#points.get(name);
    const guards = this.#guards.get(device)?.get(point) ?? this.#guards.get(device)?.get('*') ?? {};
    const state = before?.state ?? decodeState(journal.found.guards.get(name), clock);
    const { writing, retryAt = 0 } = before ?? {};
    const guarded = { name, device, point, spec, guards, rest: restOf(spec, guards), state, writing, retryAt };
    this.#points.set(name, guarded);
    this.#tell(guarded);
  }

  #changed(guarded: GuardedPoint): void {
    this.#store(guarded);
    this.#tell(guarded);
    this.#timers.arm();
    this.#world.onChange();
  }

  #store({ name, state, guards }: GuardedPoint): void {
    const { journal, clock } = this.#world;
    const hasLimits = Object.keys(guards).length > 0;
    if (!hasLimits && state.restAt === undefined && state.onAt === undefined) journal.dropGuard(name);
    else if (hasLimits || state.restAt !== undefined) void journal.keepGuard(name, encodeState(state, clock));
  }

  #storeAll(): void {
    for (const guarded of this.#points.values()) this.#store(guarded);
  }

  #tell(guarded: GuardedPoint): void {
    const { bus, node, origin, clock } = this.#world;
    const topic = topics.guard(node, guarded.device, guarded.point);
    const hasLimits = Object.keys(guarded.guards).length > 0 || guarded.state.restAt !== undefined;
    const known = bus.retainedAt(topic);
    if (!hasLimits && known === undefined) return;
    const payload = hasLimits ? JSON.stringify(guardPage(guarded, clock)) : '';
    if (known?.payload === payload) return;
    bus.publish({ topic, payload, retain: true, origin });
  }
}
