import type { Bus } from '../../bus/bus.ts';
import type { Clock } from '../../kit/clock.ts';
import type { ClientRow } from '../../schemes/broker-contracts.ts';
import type { BrokerCounts } from '../counts.ts';
import type { BrokerLimits } from '../limits.ts';
import { REASON } from '../reason.ts';
import type { Session } from '../session.ts';
import type { SessionStore } from '../session-store.ts';
import type { Traffic } from './client-record.ts';
import { clientRow } from './client-rows.ts';
import { type Ledger, readLedger } from './ledger.ts';
import { Rates } from './rates.ts';

/** One client with all that is known of it. */
export interface ClientDetails extends ClientRow {
  readonly filters: readonly { readonly filter: string; readonly qos: 0 | 1 | 2 }[];
  readonly willTopic: string | undefined;
  /** How long its session waits for it; 0: not at all. */
  readonly expiryMs: number;
}

/** The broker for those who look at it. Nothing here costs anything while nobody does. */
export interface Watch {
  readonly counts: Readonly<BrokerCounts>;
  readonly limits: BrokerLimits;
  /** One row for each session, connected or not. */
  clients(): ClientRow[];
  /** Undefined when there is no such session. */
  client(clientId: string): ClientDetails | undefined;
  /** Where all messages went. */
  ledger(): Ledger;
  /** Disconnects a client, by its id; its session stays. False when it is not connected. MQTT 5, 3.14.2.1: 0x98. */
  kick(clientId: string): boolean;
  /** Begins to measure rates; settles, within half a second, when there are some. They end a minute after the last call. */
  measure(): Promise<void>;
  /** Per second, all clients together; undefined before `measure`. */
  rate(): Traffic | undefined;
  /** Subscriptions of all clients. */
  subscriptions(): { readonly plain: number; readonly shared: number };
}

export interface WatchWorld {
  readonly bus: Bus;
  readonly clock: Clock;
  readonly counts: BrokerCounts;
  readonly limits: BrokerLimits;
}

/** `stop`: nothing is measured any more. */
export function makeWatch(world: WatchWorld, sessions: SessionStore): { watch: Watch; stop: () => void } {
  const { counts, limits, clock } = world;
  const rates = new Rates({ clock, counts, sessions: () => sessions.all() });
  const watch: Watch = {
    ...{ counts, limits },
    clients: () => Array.from(sessions.all(), (session) => clientRow(session, rates.of(session))),
    client: (clientId) => {
      const session = sessions.get(clientId);
      return session === undefined ? undefined : detailsOf(session, rates.of(session));
    },
    ledger: () => readLedger(counts, sessions.all()),
    kick: (clientId) => kick(sessions.get(clientId)),
    measure: () => rates.look(),
    rate: () => rates.all(),
    subscriptions: () => countSubscriptions(sessions.all()),
  };
  return { watch, stop: () => rates.stop() };
}

function detailsOf(session: Session, rate: Traffic | undefined): ClientDetails {
  return {
    ...clientRow(session, rate),
    filters: Array.from(session.subscriptions, ({ filter, qos }) => ({ filter, qos })),
    willTopic: session.record.facts?.willTopic,
    expiryMs: session.expiryMs,
  };
}

function kick(session: Session | undefined): boolean {
  const link = session?.link;
  if (link === undefined) return false;
  link.close(REASON.administrative);
  return true;
}

function countSubscriptions(sessions: Iterable<Session>): { plain: number; shared: number } {
  let plain = 0;
  let shared = 0;
  for (const session of sessions) {
    plain += session.subscriptionCount - session.sharedCount;
    shared += session.sharedCount;
  }
  return { plain, shared };
}
