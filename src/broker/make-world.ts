import { matches } from '../bus/subscription.ts';
import type { BrokerWorld } from './broker-world.ts';
import { Budget } from './budget.ts';
import { makeCounts } from './counts.ts';
import { DEFAULT_LIMITS } from './limits.ts';
import { makeOpenAccess } from './open-access.ts';
import { Pins } from './pins.ts';
import { PublishEncoder } from './publish-encoder.ts';
import { Slabs } from './slabs.ts';
import { TopicTable } from './topic-table.ts';
import { makeTurn } from './turn.ts';
import { isWire } from './wire-message.ts';
import type { World } from './world.ts';

/** What all parts of one broker share. `wakeSys`: somebody may want to read `$SYS`. */
export function makeWorld(given: BrokerWorld, wakeSys: () => void): World {
  const { bus, clock, log, node, access = makeOpenAccess(node), shelf, durable = [] } = given;
  const limits = { ...DEFAULT_LIMITS, ...given.limits };
  const counts = makeCounts();
  const isDurable = (topic: string) => durable.some((filter) => matches(filter, topic));
  return {
    ...{ bus, clock, log, limits, counts, access, shelf, isDurable, wakeSys },
    budget: new Budget(limits.waitingBytes, counts),
    encoder: new PublishEncoder(() => clock.now()),
    flushSoon: makeTurn(),
    pins: new Pins(clock),
    slabs: new Slabs(() => bus.retained('#'), isWire),
    topics: new TopicTable(isDurable),
  };
}
