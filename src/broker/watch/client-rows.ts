import type { ClientRow } from '../../schemes/broker-contracts.ts';
import type { Version } from '../codec.ts';
import type { Session } from '../session.ts';
import type { Facts, Traffic } from './client-record.ts';

const VERSIONS = { 3: '3.1', 4: '3.1.1', 5: '5' } as const satisfies Readonly<Record<Version, ClientRow['version']>>;

/** One session as people see it. `rate`: per second, where it was measured. */
export function clientRow(session: Session, rate: Traffic | undefined): ClientRow {
  const { clientId, delivery, record } = session;
  const { facts, disconnectedAt, lastError, traffic } = record;
  const { link, waitingBytes, inflight, queued, drops } = delivery;
  return {
    id: clientId,
    connected: link !== undefined,
    ...(facts === undefined ? keptOf(session, disconnectedAt) : factsOf(facts, disconnectedAt)),
    subscriptions: session.subscriptionCount,
    queued: queued + (link?.outlet.messages ?? 0),
    ...{ queuedBytes: waitingBytes, inflight, ...traffic },
    ...(rate === undefined ? {} : { rate: { ...rate } }),
    dropped: { ...drops },
    ...(lastError === undefined ? {} : { lastError: { ...lastError } }),
  };
}

/** A session of an earlier life of the broker, whose client was not here since. */
function keptOf({ owner, version }: Session, since = 0) {
  return { credential: owner, version: VERSIONS[version], since: Math.round(since) };
}

function factsOf(facts: Facts, disconnectedAt: number | undefined) {
  const { credential, role, address, transport, version, keepAliveMs, connectedAt } = facts;
  return {
    ...{ credential, role, address, transport, version: VERSIONS[version] },
    since: Math.round(disconnectedAt ?? connectedAt),
    keepAliveS: keepAliveMs / 1_000,
  };
}

/** What rows can be sorted by; all but `id` have the largest first. */
export const SORTS = ['bytes', 'dropped', 'id', 'inflight', 'queue', 'rate'] as const;

export type Sort = (typeof SORTS)[number];

const WEIGHTS: Readonly<Record<Exclude<Sort, 'id'>, (row: ClientRow) => number>> = {
  bytes: ({ bytesIn, bytesOut }) => bytesIn + bytesOut,
  dropped: ({ dropped }) => Object.values(dropped).reduce((sum, count) => sum + count, 0),
  inflight: ({ inflight }) => inflight,
  queue: ({ queuedBytes }) => queuedBytes,
  rate: ({ rate }) => (rate === undefined ? 0 : rate.messagesIn + rate.messagesOut),
};

/** The same rows in order; equal ones by id. */
export function sortRows(rows: readonly ClientRow[], sort: Sort): ClientRow[] {
  const byId = rows.toSorted((one, other) => (one.id < other.id ? -1 : 1));
  if (sort === 'id') return byId;
  const weigh = WEIGHTS[sort];
  return byId.sort((one, other) => weigh(other) - weigh(one));
}
