import type { Cancel, Clock } from '../kit/clock.ts';
import { tally } from './counts.ts';
import { keepSession } from './keep-session.ts';
import { markRetained } from './mark-retained.ts';
import { REASON } from './reason.ts';
import { awayFor, NEVER_MS, restoreSession, timeLeft } from './restore-session.ts';
import { Session } from './session.ts';
import type { StoredSession } from './store/load-shelf.ts';
import type { WillToKeep } from './store/stored-session.ts';
import { whoMakesRoom } from './who-makes-room.ts';
import type { Will } from './will.ts';
import type { World } from './world.ts';

/** The longest that one timer of this machine can wait: 24.8 days. */
const TIMER_MS = 2_147_483_647;

interface Kept {
  readonly session: Session;
  will: WillToKeep | undefined;
  /** Wall time, ms; undefined while its client is there. */
  disconnectedAt: number | undefined;
  cancelExpiry: Cancel | undefined;
  cancelWill: Cancel | undefined;
}

/** All sessions by client id. Those that outlive their connection are on the shelf too, where there is one. */
export class SessionStore {
  readonly #world: World;
  readonly #sessions = new Map<string, Kept>();

  constructor(world: World) {
    this.#world = world;
  }

  get(clientId: string): Session | undefined {
    return this.#sessions.get(clientId)?.session;
  }

  /** With a client and without. */
  *all(): Generator<Session> {
    for (const { session } of this.#sessions.values()) yield session;
  }

  has(clientId: string): boolean {
    return this.#sessions.has(clientId);
  }

  /** The session for a connecting client, taken over from a connected one. Undefined: there are too many sessions. */
  open(clientId: string, isClean: boolean): { session: Session; isPresent: boolean } | undefined {
    const kept = this.#sessions.get(clientId);
    kept?.session.link?.close(REASON.takenOver); // [MQTT-3.1.4-3]
    const still = this.#sessions.get(clientId);
    if (still !== undefined && !isClean) {
      still.cancelExpiry?.();
      still.cancelWill?.(); // [MQTT-3.1.3-9]
      still.will = undefined;
      still.disconnectedAt = undefined;
      return { session: still.session, isPresent: true };
    }
    if (still !== undefined) this.#end(still); // [MQTT-3.1.2-4]
    if (!this.#makeRoom()) return undefined;
    const session = new Session(clientId, this.#world);
    this.#add(session);
    return { session, isPresent: false };
  }

  /** What CONNECT has said of the session is known now. `will`: what its client leaves to say. */
  settle(session: Session, will: Will | undefined): void {
    const kept = this.#sessions.get(session.clientId);
    if (kept?.session !== session) return;
    kept.will = will;
    keepSession(this.#world, session, () => kept);
  }

  /** Takes up the sessions of an earlier life of the broker. A will that is due is heard by all of them. */
  restore(stored: readonly StoredSession[]): void {
    const now = this.#world.clock.now();
    const found = stored.map((one) => {
      const { facts } = one;
      const kept = this.#add(restoreSession(one, this.#world));
      kept.disconnectedAt = facts.disconnectedAt ?? now;
      kept.will = facts.will;
      kept.session.record.wasAway(kept.disconnectedAt);
      return { kept, facts, left: timeLeft(one, now) };
    });
    for (const { kept, facts, left } of found.toSorted((one, other) => one.left - other.left)) {
      if (left <= 0 || this.#sessions.size > this.#world.limits.sessions) {
        this.#expire(kept);
        continue;
      }
      keepSession(this.#world, kept.session, () => kept);
      this.#wait(kept, left, (facts.will?.delayMs ?? 0) - awayFor(facts.disconnectedAt, now));
    }
  }

  /** The client has gone; `will` is what it left to say. The session ends now or when its expiry comes. */
  release(session: Session, will: Will | undefined): void {
    session.detach();
    const kept = this.#sessions.get(session.clientId);
    if (kept === undefined || kept.session !== session) return;
    kept.will = will;
    kept.disconnectedAt = this.#world.clock.now();
    if (session.expiryMs === 0) {
      this.#end(kept);
      return;
    }
    session.delivery.kept?.factsChanged();
    this.#wait(kept, session.expiryMs, will?.delayMs ?? 0);
  }

  /** Ends the sessions of these owners. */
  endOf(owners: ReadonlySet<string>): void {
    for (const kept of [...this.#sessions.values()]) if (owners.has(kept.session.owner)) this.#end(kept);
  }

  /** Forgets all sessions without a word. What is on the shelf stays there. */
  clear(): void {
    for (const kept of this.#sessions.values()) {
      kept.will = undefined;
      kept.session.delivery.kept = undefined;
      this.#end(kept);
    }
  }

  #add(session: Session): Kept {
    const kept: Kept = {
      ...{ session, will: undefined, disconnectedAt: undefined, cancelExpiry: undefined, cancelWill: undefined },
    };
    this.#sessions.set(session.clientId, kept);
    this.#count();
    return kept;
  }

  /** The client may come back in time; ms. */
  #wait(kept: Kept, expiryMs: number, willDelayMs: number): void {
    const { clock } = this.#world;
    if (expiryMs < NEVER_MS) kept.cancelExpiry = afterLong(clock, expiryMs, () => this.#expire(kept));
    if (kept.will === undefined) return;
    if (willDelayMs <= 0) this.#speak(kept);
    else kept.cancelWill = afterLong(clock, willDelayMs, () => this.#speak(kept));
  }

  #expire(kept: Kept): void {
    this.#world.counts.expiredSessions += 1;
    this.#end(kept);
  }

  #end(kept: Kept): void {
    kept.cancelExpiry?.();
    this.#sessions.delete(kept.session.clientId);
    kept.session.end();
    this.#count();
    this.#speak(kept); // [MQTT-3.1.2-8]: at the end of the session at the latest
  }

  #speak(kept: Kept): void {
    const { will } = kept;
    kept.cancelWill?.();
    kept.will = undefined;
    const { bus, clock, counts } = this.#world;
    if (will === undefined) return;
    const message = will.message(clock.now());
    counts.wills += 1;
    kept.session.delivery.kept?.factsChanged();
    const hasRoom = bus.hasRoomFor(message);
    if (hasRoom && bus.put(message)) {
      counts.accepted += 1;
      markRetained(this.#world, message);
      return;
    }
    counts.dropped.refused += 1;
    kept.session.delivery.drops.refused += 1;
    tally(counts.refusedMessages, hasRoom ? 'HB185' : 'HB189');
  }

  /** Room for one more: a session without a client ends. False when all are connected. */
  #makeRoom(): boolean {
    if (this.#sessions.size < this.#world.limits.sessions) return true;
    const kept = whoMakesRoom(this.#sessions.values());
    if (kept !== undefined) this.#end(kept);
    return kept !== undefined;
  }

  #count(): void {
    this.#world.counts.sessions = this.#sessions.size;
  }
}

/** A timer of any length. */
function afterLong(clock: Clock, ms: number, task: () => void): Cancel {
  let cancel = clock.after(Math.min(ms, TIMER_MS), () => {
    if (ms <= TIMER_MS) task();
    else cancel = afterLong(clock, ms - TIMER_MS, task);
  });
  return () => cancel();
}
