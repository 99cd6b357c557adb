import type { Core } from './core.ts';
import type { Peer } from './peer.ts';
import type { Terms } from './terms.ts';
import type { Presence } from './watch/client-record.ts';

interface Newcomer extends Presence {
  readonly core: Core;
  readonly peer: Peer;
}

/** CONNECT was accepted: the client is counted, and whoever looks sees who it is. */
export function introduce(newcomer: Newcomer, { session, keepAliveMs, rights, version, will }: Terms): void {
  const { counts, clock } = newcomer.core;
  counts.connections += 1;
  counts.clients += 1;
  counts.mostClients = Math.max(counts.mostClients, counts.clients);
  const { address, transport = 'memory' } = newcomer.peer;
  session.record.arrive(newcomer, {
    ...{ credential: rights.name, role: rights.role, address, transport, version, keepAliveMs },
    ...{ willTopic: will?.topic, connectedAt: clock.now() },
  });
}
