import type { Bus } from '../bus/bus.ts';
import type { Clock } from '../kit/clock.ts';
import type { Log } from '../kit/log.ts';
import type { Access } from './access.ts';
import type { Budget } from './budget.ts';
import type { BrokerCounts } from './counts.ts';
import type { BrokerLimits } from './limits.ts';
import type { Pins } from './pins.ts';
import type { PublishEncoder } from './publish-encoder.ts';
import type { Slabs } from './slabs.ts';
import type { BrokerShelf } from './store/shelf.ts';
import type { TopicTable } from './topic-table.ts';

/** Something with output gathered for the end of this turn of the event loop. */
export interface Flushable {
  flush(): void;
}

/** What every part of one broker shares. */
export interface World {
  readonly bus: Bus;
  readonly clock: Clock;
  readonly log: Log;
  readonly limits: BrokerLimits;
  readonly counts: BrokerCounts;
  readonly budget: Budget;
  readonly encoder: PublishEncoder;
  readonly pins: Pins;
  readonly topics: TopicTable;
  /** Topics whose messages are on the disk before they are acknowledged. */
  readonly isDurable: (topic: string) => boolean;
  /** What outlives the process; absent: nothing does. */
  readonly shelf: BrokerShelf | undefined;
  /** Where retained messages lie. */
  readonly slabs: Slabs;
  /** Who comes in. */
  readonly access: Access;
  /** Somebody subscribed to a topic of `$SYS`. */
  wakeSys(): void;
  /** Calls `flush` once after the present turn of the event loop; may be asked many times. */
  flushSoon(what: Flushable): void;
}
