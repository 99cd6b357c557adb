import type { Bus } from '../bus/bus.ts';
import type { Clock } from '../kit/clock.ts';
import type { Log } from '../kit/log.ts';
import type { Access } from './access.ts';
import type { BrokerLimits } from './limits.ts';
import type { BrokerShelf } from './store/shelf.ts';

/** What a broker needs from the node around it. */
export interface BrokerWorld {
  readonly bus: Bus;
  readonly clock: Clock;
  readonly log: Log;
  /** The node whose readings and states no client may write. Absent for a broker that stands for itself. */
  readonly node?: string;
  /** Who comes in. Default: everybody, as operator. */
  readonly access?: Access;
  /** Default: DEFAULT_LIMITS. */
  readonly limits?: Partial<BrokerLimits>;
  /** How often those who listen to `$SYS` hear what has changed; 0: there is no `$SYS`. Default 10 s. */
  readonly sysMs?: number;
  /** What outlives the process; the broker closes it when it stops. Absent: nothing does. */
  readonly shelf?: BrokerShelf;
  /** Topic filters: such messages of QoS 1 and 2 are acknowledged when they are on the disk. Default: none. */
  readonly durable?: readonly string[];
}
