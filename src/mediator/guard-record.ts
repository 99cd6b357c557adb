import type { Bus } from '../bus/bus.ts';
import type { Clock } from '../kit/clock.ts';
import { reasonOf } from '../kit/errors.ts';
import type { Log } from '../kit/log.ts';
import type { Command } from '../schemes/command.ts';
import { topics } from '../schemes/topics.ts';
import { guardPage } from './guard-page.ts';
import { type GuardedPoint, type GuardState, isAway, isSame } from './guard-state.ts';
import { decodeState, encodeState } from './guard-store.ts';
import type { Journal } from './journal.ts';

export interface GuardRecordWorld {
  readonly bus: Bus;
  readonly node: string;
  readonly origin: string;
  readonly clock: Clock;
  readonly log: Log;
  readonly journal: Journal;
}

/** The states of points on the disk and on the bus. */
export class GuardRecord {
  readonly #world: GuardRecordWorld;
  readonly #stored = new Set<string>();

  constructor(world: GuardRecordWorld) {
    this.#world = world;
    for (const name of world.journal.found.guards.keys()) this.#stored.add(name);
  }

  /** As an earlier life left it. */
  found(name: string): GuardState {
    const { journal, clock } = this.#world;
    return decodeState(journal.found.guards.get(name), clock);
  }

  /** Points of a device that an earlier life left something about. */
  foundOf(device: string): string[] {
    const prefix = `${device}.`;
    return [...this.#world.journal.found.guards.keys()]
      .filter((name) => name.startsWith(prefix))
      .map((name) => name.slice(prefix.length));
  }

  /**
   * Before a point leaves its rest: resolves when the end of it is on the disk, where it has one, so that a power cut
   * cannot forget to switch it off. Never rejects: a full disk does not stop the house.
   */
  async prepare(guarded: GuardedPoint, { value, forMs }: Command): Promise<void> {
    const { maxOnMs, deadManMs, interlock } = guarded.guards;
    const hasEnd = forMs !== undefined || (maxOnMs ?? deadManMs ?? interlock) !== undefined;
    if (!hasEnd || isSame(value, guarded.rest)) return;
    const isStored = isAway(guarded) && guarded.state.onAt !== undefined;
    const isLater = forMs === undefined || guarded.state.restAt !== undefined;
    if (isStored && isLater) return;
    const { clock, journal, log } = this.#world;
    const now = clock.mono();
    const restAt = forMs === undefined ? undefined : now + forMs;
    const { onAt = now } = guarded.state;
    const state = { ...guarded.state, value, onAt, offAt: undefined, restAt, heardAt: now };
    this.#stored.add(guarded.name);
    try {
      await journal.keepGuard(guarded.name, encodeState(state, clock), true);
    } catch (error) {
      log.warn('the end of a command could not be stored', { point: guarded.name, reason: reasonOf(error) });
    }
  }

  store({ name, state, guards }: GuardedPoint): void {
    const { journal, clock } = this.#world;
    if (hasLimits(guards) || state.restAt !== undefined) {
      this.#stored.add(name);
      void journal.keepGuard(name, encodeState(state, clock));
    } else if (this.#stored.delete(name)) journal.dropGuard(name);
  }

  /** Takes the page off the bus: the point is gone. */
  untell({ device, point }: GuardedPoint): void {
    const { bus, node, origin } = this.#world;
    const topic = topics.guard(node, device, point);
    if (bus.retainedAt(topic) !== undefined) bus.publish({ topic, payload: '', retain: true, origin });
  }

  /** The retained page `$guard`, when it says something else than before. */
  tell(guarded: GuardedPoint): void {
    const { bus, node, origin, clock } = this.#world;
    const topic = topics.guard(node, guarded.device, guarded.point);
    const known = bus.retainedAt(topic);
    const isNeeded = hasLimits(guarded.guards) || guarded.state.restAt !== undefined;
    if (!isNeeded && known === undefined) return;
    const payload = isNeeded ? JSON.stringify(guardPage(guarded, clock)) : '';
    if (known?.payload !== payload) bus.publish({ topic, payload, retain: true, origin });
  }
}

const hasLimits = (guards: object): boolean => Object.keys(guards).length > 0;
