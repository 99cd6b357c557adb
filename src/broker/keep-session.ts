import type { Session } from './session.ts';
import type { SessionSource } from './store/session-page.ts';
import type { WillToKeep } from './store/stored-session.ts';
import type { World } from './world.ts';

/** What the store of sessions knows of one beside the session itself. */
export interface Standing {
  /** Wall time, ms; undefined while its client is there. */
  readonly disconnectedAt: number | undefined;
  readonly will: WillToKeep | undefined;
}

/** From now on the session is on the shelf; one that ends with its connection is not, and is taken off. */
export function keepSession({ shelf }: World, session: Session, standing: () => Standing): void {
  const { delivery } = session;
  if (shelf === undefined) return;
  if (delivery.kept === undefined && session.expiryMs > 0) delivery.kept = shelf.keep(sourceOf(session, standing));
  else delivery.kept?.factsChanged();
}

function sourceOf(session: Session, standing: () => Standing): SessionSource {
  return {
    clientId: session.clientId,
    facts: () => ({
      ...{ version: session.version, owner: session.owner, expiryMs: session.expiryMs },
      ...{ subscriptions: session.subscriptions, ...standing() },
    }),
    received: () => session.received,
    waiting: () => session.delivery.waiting(),
  };
}
