import type { Cancel, Clock } from '../kit/clock.ts';
import { tally } from './counts.ts';
import { REASON } from './reason.ts';
import { Session } from './session.ts';
import type { Will } from './will.ts';
import type { World } from './world.ts';

/** Never: MQTT 5, 3.1.2.11.2. */
const NEVER_MS = 0xffff_ffff * 1_000;

/** The longest that one timer of this machine can wait: 24.8 days. */
const TIMER_MS = 2_147_483_647;

interface Kept {
  readonly session: Session;
  will: Will | undefined;
  cancelExpiry: Cancel | undefined;
  cancelWill: Cancel | undefined;
}

/** All sessions by client id. In memory only in this version: they survive disconnects, not restarts. */
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
      return { session: still.session, isPresent: true };
    }
    if (still !== undefined) this.#end(still); // [MQTT-3.1.2-4]
    if (!this.#makeRoom()) return undefined;
    const session = new Session(clientId, this.#world);
    this.#sessions.set(clientId, { session, will: undefined, cancelExpiry: undefined, cancelWill: undefined });
    this.#count();
    return { session, isPresent: false };
  }

  /** The client has gone; `will` is what it left to say. The session ends now or when its expiry comes. */
  release(session: Session, will: Will | undefined): void {
    session.detach();
    const kept = this.#sessions.get(session.clientId);
    if (kept === undefined || kept.session !== session) return;
    kept.will = will;
    if (session.expiryMs === 0) {
      this.#end(kept);
      return;
    }
    if (session.expiryMs < NEVER_MS) {
      kept.cancelExpiry = afterLong(this.#world.clock, session.expiryMs, () => this.#expire(kept));
    }
    if (will !== undefined && will.delayMs === 0) this.#speak(kept);
    else if (will !== undefined) kept.cancelWill = afterLong(this.#world.clock, will.delayMs, () => this.#speak(kept));
  }

  /** Ends the sessions of these owners. */
  endOf(owners: ReadonlySet<string>): void {
    for (const kept of [...this.#sessions.values()]) if (owners.has(kept.session.owner)) this.#end(kept);
  }

  /** Forgets all sessions without a word. */
  clear(): void {
    for (const kept of this.#sessions.values()) {
      kept.will = undefined;
      this.#end(kept);
    }
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
    const hasRoom = bus.hasRoomFor(message);
    if (hasRoom && bus.put(message)) {
      counts.accepted += 1;
      return;
    }
    counts.dropped.refused += 1;
    kept.session.delivery.drops.refused += 1;
    tally(counts.refusedMessages, hasRoom ? 'HB185' : 'HB189');
  }

  /** Room for one more: the oldest session without a client ends. False when all are connected. */
  #makeRoom(): boolean {
    if (this.#sessions.size < this.#world.limits.sessions) return true;
    for (const kept of this.#sessions.values()) {
      if (kept.session.link !== undefined) continue;
      this.#end(kept);
      return true;
    }
    return false;
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
