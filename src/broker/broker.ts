import type { Duplex } from 'node:stream';
import type { BrokerWorld } from './broker-world.ts';
import { makeComplain } from './complain.ts';
import { makeDoor } from './door.ts';
import { gateLimitsOf } from './gate-limits-of.ts';
import { Gate } from './listen/gate.ts';
import type { Listener, ListenOptions, TcpOptions } from './listen/listener.ts';
import { Pace } from './listen/pace.ts';
import { makeWorld } from './make-world.ts';
import { OpenDoors } from './open-doors.ts';
import type { Peer } from './peer.ts';
import { SessionStore } from './session-store.ts';
import type { BrokerShelf } from './store/shelf.ts';
import { SysTree } from './watch/sys-tree.ts';
import { makeWatch, type Watch } from './watch/watch.ts';
import type { World } from './world.ts';

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

/** Architecture page, section 4.2. What the shelf has is taken up at once: retained messages and sessions. */
export function openBroker(given: BrokerWorld): Broker {
  const { bus, clock, log, sysMs = 10_000, shelf } = given;
  const world = makeWorld(given, () => sys.wake());
  const { limits, counts, budget } = world;
  const sessions = new SessionStore(world);
  const door = makeDoor({ ...world, sessions, complain: makeComplain(log, clock) });
  const gate = new Gate(clock, log, gateLimitsOf(limits));
  const { watch, stop: stopWatch } = makeWatch(world, sessions);
  const sys = new SysTree({ bus, clock, counts, watch, gate }, sysMs);
  if (shelf !== undefined) restore(shelf, world, sessions);
  const { packetBytes } = limits;
  const doors = new OpenDoors({ gate, clock, pace: new Pace(), budget, packetBytes, attach: door.attach });
  let isStopped = false;

  return {
    ...watch,
    gate,
    attach: door.attach,
    listen: (options) => doors.open(options),
    listenTcp: (options) => doors.open({ transport: 'tcp', ...options }),
    closeListeners: () => doors.close(),
    async stop() {
      if (isStopped) return;
      isStopped = true;
      stopWatch();
      sys.stop();
      await Promise.all([doors.close(), door.close(() => shelf?.close())]);
    },
  };
}

function restore(shelf: BrokerShelf, { bus, clock }: World, sessions: SessionStore): void {
  const { retained, sessions: stored } = shelf.load();
  const now = clock.now();
  for (const message of retained) {
    if (message.props?.expiresAt === undefined || message.props.expiresAt > now) bus.restore(message);
    else shelf.markRetained(message.topic, 0);
  }
  sessions.restore(stored);
  shelf.dropOthers();
}
