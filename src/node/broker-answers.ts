import type { Broker } from '../broker/broker.ts';
import { DEFAULT_LIMITS } from '../broker/limits.ts';
import { REFUSALS } from '../broker/listen/refusals.ts';
import type { BrokerAnswer, LimitRow } from '../schemes/broker-contracts.ts';
import { LIMIT_FACTS, type LimitValues, limitText } from '../schemes/broker-limits.ts';
import { explain } from '../schemes/codes.ts';

/** What the verbs of the broker look at. */
export interface BrokerPlace {
  readonly node: string;
  readonly broker: Broker;
  readonly listeners: Readonly<BrokerAnswer['listeners']>;
  readonly retained: number;
  /** What the scheme says now; the broker has the limits of its start. */
  readonly wanted: LimitValues;
}

/** `hanbus broker`: what it has done, where it listens, what its clients may use. */
export async function brokerAnswer({ node, broker, listeners, retained, wanted }: BrokerPlace): Promise<BrokerAnswer> {
  await broker.measure();
  const { counts, gate } = broker;
  const { clients, sessions, mostClients, expiredSessions, sockets, connections } = counts;
  const { messagesIn, messagesOut, bytesIn, bytesOut, waitingBytes } = counts;
  const rate = broker.rate();
  return {
    hanbus: 'broker/1',
    node,
    clients: { connected: clients, absent: sessions - clients, most: mostClients, expired: expiredSessions },
    sockets: { waiting: gate.sockets.unknown, opened: sockets, admitted: connections },
    subscriptions: broker.subscriptions(),
    ...{ retained, heldBytes: waitingBytes },
    traffic: { messagesIn, messagesOut, bytesIn, bytesOut },
    ...(rate === undefined ? {} : { rate }),
    ...broker.ledger(),
    refused: { connections: refusedConnections(broker), messages: reasons(counts.refusedMessages) },
    listeners: [...listeners],
    limits: limitRows(broker, wanted),
  };
}

type Reason = BrokerAnswer['refused']['messages'][number];

/** Most frequent first. */
function reasons(tally: Iterable<readonly [string, number]>): Reason[] {
  return Array.from(tally, ([reason, count]) => ({ reason, why: meaningOf(reason), count })).sort(
    (one, other) => other.count - one.count,
  );
}

/** At the gate, by its own words; after it, by code. */
function refusedConnections({ counts, gate }: Broker): Reason[] {
  const atGate = Object.entries(gate.refused).filter(([, count]) => count > 0);
  return reasons([...counts.refusals, ...atGate]);
}

function meaningOf(reason: string): string {
  if (reason === 'left') return 'it went before it had said who it is';
  const words: Readonly<Record<string, string>> = REFUSALS;
  return words[reason] ?? explain(reason)?.title ?? reason;
}

function limitRows({ limits }: Broker, wanted: LimitValues): LimitRow[] {
  return LIMIT_FACTS.map((fact) => {
    const { key, name, about } = fact;
    const value = limits[name];
    const next = wanted[name] ?? DEFAULT_LIMITS[name];
    return {
      ...{ name: key, value, text: limitText(fact, value), isDefault: value === DEFAULT_LIMITS[name] },
      ...(next === value ? {} : { next: limitText(fact, next) }),
      about,
    };
  });
}
