import type { Bus } from '../bus/bus.ts';
import { respond } from '../bus/requests.ts';
import type { Clock } from '../kit/clock.ts';
import { reasonOf } from '../kit/errors.ts';
import type { Log } from '../kit/log.ts';
import { type CommandAck, type CommandState, FINAL_STATES } from '../schemes/command.ts';
import { topics } from '../schemes/topics.ts';
import type { IdBook } from './id-book.ts';
import type { Journal, JournalEntry } from './journal.ts';
import type { FinalState, Pending, Reply } from './pending.ts';
import type { Trail } from './trail.ts';
import { isLong, shortValue } from './what-of.ts';

export interface DeskWorld {
  readonly bus: Bus;
  readonly node: string;
  readonly origin: string;
  readonly clock: Clock;
  readonly log: Log;
  readonly journal: Journal;
  readonly ids: IdBook;
  readonly trail: Trail;
}

/** A point, or a group or scene (`$group`, `lamps`). */
export interface Address {
  readonly device: string;
  readonly point: string;
}

export interface Outcome extends Omit<CommandAck, 'id'> {
  readonly st: FinalState;
}

export type DeskCounts = Readonly<Record<CommandState, number>>;

/** An outcome is told at the latest so long after it should be on the disk; ms. */
const LONGEST_SYNC_MS = 1_000;

/** A command that was refused at the door. */
interface Noted extends Address {
  readonly wish: { readonly v: unknown; readonly by?: string | undefined };
  readonly origin: string;
}

export const isFinal = (state: CommandState): boolean => FINAL_STATES.includes(state);

/** Tells what becomes of commands: on `$ack`, to who asked by MQTT 5, in the journal and in the trail. */
export class Desk {
  readonly #world: DeskWorld;
  readonly #counts: Record<CommandState, number> = {
    ...{ received: 0, accepted: 0, running: 0, done: 0, failed: 0 },
    ...{ rejected: 0, expired: 0, superseded: 0, unknown: 0 },
  };

  constructor(world: DeskWorld) {
    this.#world = world;
  }

  get counts(): DeskCounts {
    return { ...this.#counts };
  }

  received(): void {
    this.#counts.received += 1;
  }

  /** A step on the way; only the listeners of `$ack` hear it. */
  progress(pending: Pending, st: 'accepted' | 'running'): void {
    if (isFinal(pending.state)) return;
    pending.state = st;
    this.#counts[st] += 1;
    this.#keep(pending, { id: pending.command.id, st });
    this.say(pending.command, { id: pending.command.id, st });
  }

  /** The one outcome of a command; anything after it is not heard. */
  finish(pending: Pending, outcome: Outcome): void {
    if (isFinal(pending.state)) return;
    const isJournaled = pending.isNoted || (pending.state === 'running' && pending.command.mode === 'once');
    pending.state = outcome.st;
    pending.cancelTimer();
    const ack = { id: pending.command.id, ...outcome };
    this.#keep(pending, ack);
    this.#count(pending, outcome);
    if (!isJournaled) this.#announce(pending, ack);
    else void this.#write(pending, ack).then(() => this.#announce(pending, ack));
  }

  /** A row in the trail for what was never accepted. */
  note({ device, point, wish, origin }: Noted, { id, st, code, why }: CommandAck & { readonly st: FinalState }): void {
    const value = shortValue(wish.v);
    const at = Math.round(this.#world.clock.now());
    const by = wish.by ?? origin;
    const words = { ...(code !== undefined && { code }), ...(why !== undefined && { why }) };
    this.#world.trail.add(
      { id, point: `${device}.${point}`, value, by, origin, at, st, ...words, ms: 0, times: 1 },
      false,
    );
  }

  /** The outcome of what was never accepted. */
  refuse(address: Address, ack: CommandAck, reply: Reply | undefined): void {
    this.#counts[ack.st] += 1;
    this.say(address, ack, reply === undefined ? [] : [reply]);
  }

  /** Tells listeners of the topic, and with `replies` those who asked. */
  say(address: Address, ack: CommandAck, replies: readonly Reply[] = []): void {
    const { bus, node, origin } = this.#world;
    const topic = topics.ack(node, address.device, address.point);
    const [first, ...more] = replies.length === 0 ? [{ props: undefined, qos: 1 as const }] : replies;
    if (first !== undefined && (replies.length > 0 || bus.isInterested(topic))) {
      const message = { qos: 1 as const, props: first.props };
      respond(bus, { message, response: ack, origin, topic });
    }
    for (const message of more) respond(bus, { message, response: ack, origin, topic });
  }

  /** A crash must not leave it without an outcome. */
  noteWaiting(pending: Pending): void {
    pending.isNoted = true;
    this.#world.journal.note({ ...this.entryOf(pending), waits: true });
  }

  entryOf({ command, wallAt, packet, what }: Pending): JournalEntry {
    const { id, device, point, value, by, origin } = command;
    return {
      id,
      device,
      point,
      value,
      by,
      origin,
      what,
      at: Math.round(wallAt),
      ...(packet !== undefined && { packet }),
    };
  }

  #keep(pending: Pending, ack: CommandAck): void {
    const known = this.#world.ids.get(ack.id);
    if (known?.pending !== pending) return;
    const { v, ...rest } = ack;
    known.ack = v !== undefined && isLong(v) ? rest : ack;
    if (isFinal(ack.st)) known.pending = undefined;
  }

  #count({ command, wallAt, receivedAt }: Pending, { st, code, why }: Outcome): void {
    const { id, device, point, value, by, origin } = command;
    this.#counts[st] += 1;
    this.#world.trail.add({
      ...{ id, point: `${device}.${point}`, value: shortValue(value), by, origin, at: Math.round(wallAt), st },
      ...(code !== undefined && { code }),
      ...(why !== undefined && { why }),
      ms: Math.round(this.#world.clock.mono() - receivedAt),
      times: 1,
    });
  }

  #announce(pending: Pending, ack: CommandAck): void {
    this.say(pending.command, ack, pending.replies);
    pending.onEnd?.(ack);
  }

  /** The outcome is on the disk before it is told, or a crash could tell another one after it. */
  #write(pending: Pending, ack: CommandAck): Promise<void> {
    const { clock, journal, log } = this.#world;
    return new Promise((resolve) => {
      const cancel = clock.after(LONGEST_SYNC_MS, resolve);
      journal
        .end({ ...this.entryOf(pending), ack })
        .catch((error: unknown) =>
          log.warn('the outcome of a command could not be stored', { id: ack.id, reason: reasonOf(error) }),
        )
        .finally(() => {
          cancel();
          resolve();
        });
    });
  }
}
