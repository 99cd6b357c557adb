import { connect as connectSocket } from 'node:net';
import type { Duplex } from 'node:stream';
import type { IConnackPacket, IConnectPacket } from 'mqtt-packet';
import type { Access } from '../../src/broker/access.ts';
import { type Broker, openBroker } from '../../src/broker/broker.ts';
import type { BrokerLimits } from '../../src/broker/limits.ts';
import { Bus, type BusLimits } from '../../src/bus/bus.ts';
import { turns } from '../broker/packet-client.ts';
import { type FakeClock, makeFakeClock } from '../fakes/clock.ts';
import { makeDuplexPair } from '../fakes/duplex-pair.ts';
import { makeFakeLog } from '../fakes/log.ts';
import { type Caller, makeCaller } from './caller.ts';
import { connectPacket } from './connect-packet.ts';
import { openEcho } from './echo.ts';

export const TRANSPORTS = ['memory', 'socket'] as const;
export type Transport = (typeof TRANSPORTS)[number];

export interface WorldOptions {
  readonly limits?: Partial<BrokerLimits>;
  readonly busLimits?: Partial<BusLimits>;
  /** The node that owns `hanbus/<node>/`. Absent: nothing is owned. */
  readonly node?: string;
  /** Who comes in. Default: everybody. */
  readonly access?: Access;
}

/**
 * A broker on its own bus, with a clock that the test moves, and callers that reach it over memory or over a TCP socket.
 * Nothing here waits for real time: `settle` lets the event loop turn until all that is under way has arrived.
 */
export interface World {
  readonly version: 4 | 5;
  readonly transport: Transport;
  readonly broker: Broker;
  readonly bus: Bus;
  readonly clock: FakeClock;
  readonly lines: ReturnType<typeof makeFakeLog>['lines'];
  /** A stream to the broker on which nothing was said yet. */
  readonly open: () => Promise<Caller>;
  /** Sends CONNECT, clean and as `c1` unless told otherwise. Throws when the first answer is not CONNACK. */
  readonly connect: (options?: Partial<IConnectPacket>) => Promise<Connected>;
  /** Lets everything that is under way arrive, moves the clock, and lets what follows arrive. */
  readonly advance: (ms: number) => Promise<void>;
  readonly settle: () => Promise<void>;
  readonly close: () => Promise<void>;
}

export interface Connected {
  readonly client: Caller;
  readonly connack: IConnackPacket;
}

/** How a transport makes streams, and how it lets things arrive. */
interface Way {
  readonly open: () => Promise<Duplex>;
  readonly settle: () => Promise<void>;
  readonly close: () => Promise<void>;
}

export async function openWorld(transport: Transport, version: 4 | 5, options: WorldOptions = {}): Promise<World> {
  const clock = makeFakeClock();
  const { log, lines } = makeFakeLog();
  const bus = new Bus((error) => {
    throw error;
  }, options.busLimits);
  const { limits = {}, node, access } = options;
  const wanted = { ...(node === undefined ? {} : { node }), ...(access === undefined ? {} : { access }) };
  const broker = openBroker({ bus, clock, log, limits, ...wanted });
  const way = transport === 'memory' ? memoryWay(broker) : await socketWay(broker);
  const callers = new Set<Caller>();

  const open = async () => {
    const caller = makeCaller(await way.open(), version, way.settle);
    callers.add(caller);
    return caller;
  };
  return {
    version,
    transport,
    broker,
    bus,
    clock,
    lines,
    open,
    async connect(connect = {}) {
      const client = await open();
      client.send(connectPacket(version, connect));
      const [connack, ...rest] = await client.take(1);
      if (connack?.cmd !== 'connack') throw new Error(`expected connack, got ${JSON.stringify(connack)}`);
      client.inbox.push(...rest);
      return { client, connack };
    },
    async advance(ms) {
      await way.settle();
      await clock.advance(ms);
      await way.settle();
    },
    settle: way.settle,
    async close() {
      const stopped = broker.stop();
      for (const caller of callers) caller.vanish();
      await way.settle();
      await clock.advance(10_000);
      await stopped;
      await way.close();
    },
  };
}

function memoryWay(broker: Broker): Way {
  return {
    async open() {
      const { near, far } = makeDuplexPair();
      broker.attach(far, { address: 'memory' });
      return near;
    },
    settle: () => turns(),
    close: async () => undefined,
  };
}

async function socketWay(broker: Broker): Promise<Way> {
  const { port } = await broker.listenTcp({ host: '127.0.0.1', port: 0 });
  const echo = await openEcho();
  return {
    async open() {
      return await new Promise((resolve, reject) => {
        const socket = connectSocket(port, '127.0.0.1', () => resolve(socket));
        socket.setNoDelay(true);
        socket.once('error', reject);
      });
    },
    settle: echo.roundTrips,
    close: echo.close,
  };
}
