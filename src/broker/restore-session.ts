import { Session } from './session.ts';
import type { StoredSession } from './store/load-shelf.ts';
import type { World } from './world.ts';

/** Never: MQTT 5, 3.1.2.11.2. */
export const NEVER_MS = 0xffff_ffff * 1_000;

/** How long the session has left at `now`, wall time in ms, when its client does not come. */
export function timeLeft({ facts }: StoredSession, now: number): number {
  if (facts.expiryMs >= NEVER_MS) return facts.expiryMs;
  return facts.expiryMs - awayFor(facts.disconnectedAt, now);
}

/** The clock of the board may have been set back. */
export function awayFor(disconnectedAt: number | undefined, now: number): number {
  return disconnectedAt === undefined ? 0 : Math.max(0, now - disconnectedAt);
}

/** The session as it was: subscriptions, messages on their way, QoS 2 identifiers received. MQTT 5, 4.1.1. */
export function restoreSession({ clientId, facts, received, waiting }: StoredSession, world: World): Session {
  const session = new Session(clientId, world);
  session.owner = facts.owner;
  session.version = facts.version;
  session.expiryMs = facts.expiryMs;
  for (const subscription of facts.subscriptions)
    if (session.hasRoomFor(subscription.filter)) session.subscribe(subscription);
  for (const id of received) {
    session.received.add(id);
    session.unsure.add(id);
  }
  session.delivery.restore(waiting);
  return session;
}
