import { join } from 'node:path';
import { openCredentialAccess } from '../broker/access/credential-access.ts';
import { type Broker, openBroker } from '../broker/broker.ts';
import { openShelf } from '../broker/store/shelf.ts';
import type { Bus } from '../bus/bus.ts';
import type { Clock } from '../kit/clock.ts';
import type { Log } from '../kit/log.ts';
import { DEFAULT_SYS_MS } from '../schemes/check-broker-limits.ts';
import type { BrokerText } from '../schemes/scheme.ts';
import type { FlashSource } from '../state/flash-budget.ts';
import { Doors } from './doors.ts';
import { OutboxKeeper } from './keep-outbox.ts';
import type { Stoppers } from './stoppers.ts';

export interface OpenDoorsWorld {
  readonly node: string;
  readonly bus: Bus;
  readonly clock: Clock;
  readonly log: Log;
  readonly stoppers: Stoppers;
  /** Where the credentials, the certificate, and what the broker remembers are. */
  readonly dataFolder: string;
  readonly hostName: string;
}

export interface OpenedDoors {
  readonly broker: Broker;
  readonly doors: Doors;
  readonly outbox: OutboxKeeper;
  /** For the flash budget. */
  readonly stores: readonly FlashSource[];
}

/** The broker with what it remembers, who may come in, and its doors; all still closed. */
export async function openDoors(
  world: OpenDoorsWorld,
  { limits = {}, sysMs = DEFAULT_SYS_MS, durable = [] }: BrokerText,
): Promise<OpenedDoors> {
  const { node, bus, clock, stoppers, dataFolder } = world;
  const log = world.log.child({ service: 'broker' });
  const retained = (topic: string) => bus.retainedAt(topic);
  const shelf = await openShelf({ path: join(dataFolder, 'broker'), node, retained, clock, log });
  stoppers.add('shelf', () => shelf.close());
  const access = await openCredentialAccess({
    folder: dataFolder,
    node,
    clock,
    log: world.log.child({ service: 'access' }),
  });
  stoppers.add('access', () => access.stop());
  const broker = openBroker({ node, bus, clock, log, access, limits, sysMs, shelf, durable });
  const outbox = new OutboxKeeper(world);
  stoppers.add('outbox', () => outbox.close());
  const doors = new Doors({ ...world, broker, access, outbox });
  stoppers.add('doors', () => doors.stop());
  const stores = [outbox.source, { name: 'broker', written: () => shelf.counts.written }];
  return { broker, doors, outbox, stores };
}
