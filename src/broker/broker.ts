import type { Duplex } from 'node:stream';
import type { Bus } from '../bus/bus.ts';
import type { Clock } from '../kit/clock.ts';
import type { Log } from '../kit/log.ts';
import type { Access } from './access.ts';
import { Budget } from './budget.ts';
import { makeComplain } from './complain.ts';
import { makeCounts } from './counts.ts';
import { makeDoor } from './door.ts';
import { gateLimitsOf } from './gate-limits-of.ts';
import { type BrokerLimits, DEFAULT_LIMITS } from './limits.ts';
import { Gate } from './listen/gate.ts';
import { type Listener, type ListenOptions, openListener, type TcpOptions } from './listen/listener.ts';
import { Pace } from './listen/pace.ts';
import { makeOpenAccess } from './open-access.ts';
import type { Peer } from './peer.ts';
import { Pins } from './pins.ts';
import { PublishEncoder } from './publish-encoder.ts';
import { SessionStore } from './session-store.ts';
import { Slabs } from './slabs.ts';
import { TopicTable } from './topic-table.ts';
import { makeTurn } from './turn.ts';
import { SysTree } from './watch/sys-tree.ts';
import { makeWatch, type Watch } from './watch/watch.ts';
import { isWire } from './wire-message.ts';

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
}

/** An MQTT 5, 3.1.1 and 3.1 broker on the bus. */
export interface Broker extends Watch {
  /** Who waits at the doors and who was turned away there. */
  readonly gate: Pick<Gate, 'refused' | 'sockets'>;
  /** Serves MQTT on a stream; the broker closes it. */
  attach(stream: Duplex, peer: Peer): void;
  /** Opens a door. Throws HB120 (taken), HB121 (the system refuses), HB183 (plain MQTT for the network). */
  listen(options: ListenOptions): Promise<Listener>;
  /** The same for plain MQTT. */
  listenTcp(options: Omit<TcpOptions, 'transport'>): Promise<Listener>;
  /** Closes every port; connected clients stay. */
  closeListeners(): Promise<void>;
  /** Says goodbye to all clients; settles within 500 ms. The bus stays. */
  stop(): Promise<void>;
}

/** Architecture page, section 4.2. Sessions live in memory: they survive disconnects of the client, not restarts. */
export function openBroker({
  bus,
  clock,
  log,
  node,
  limits: wanted,
  access = makeOpenAccess(node),
  sysMs = 10_000,
}: BrokerWorld): Broker {
  const limits = { ...DEFAULT_LIMITS, ...wanted };
  const counts = makeCounts();
  const encoder = new PublishEncoder(() => clock.now());
  const budget = new Budget(limits.waitingBytes, counts);
  const slabs = new Slabs(() => bus.retained('#'), isWire);
  const world = {
    ...{ bus, clock, log, limits, counts, budget, encoder, access },
    ...{ pins: new Pins(clock), topics: new TopicTable(), slabs, flushSoon: makeTurn(), wakeSys: () => sys.wake() },
  };
  const sessions = new SessionStore(world);
  const door = makeDoor({ ...world, sessions, complain: makeComplain(log, clock) });
  const gate = new Gate(clock, log, gateLimitsOf(limits));
  const { watch, stop: stopWatch } = makeWatch(world, sessions);
  const sys = new SysTree({ bus, clock, counts, watch, gate }, sysMs);
  const pace = new Pace();
  const listeners = new Set<Listener>();
  const listen = async (options: ListenOptions) => {
    const { packetBytes } = limits;
    const listener = await openListener(options, { gate, clock, pace, budget, packetBytes, attach: door.attach });
    listeners.add(listener);
    return listener;
  };
  let isStopped = false;
  const closeListeners = async () => {
    const closing = [...listeners].map((listener) => listener.close());
    listeners.clear();
    await Promise.all(closing);
  };

  return {
    ...watch,
    gate,
    attach: door.attach,
    listen,
    listenTcp: (options) => listen({ transport: 'tcp', ...options }),
    closeListeners,
    async stop() {
      if (isStopped) return;
      isStopped = true;
      stopWatch();
      sys.stop();
      await Promise.all([closeListeners(), door.close()]);
    },
  };
}
