import type { Duplex } from 'node:stream';
import { generate, type IConnectPacket, type IPublishPacket, type Packet, parser } from 'mqtt-packet';
import type { Access } from '../../src/broker/access.ts';
import { openBroker } from '../../src/broker/broker.ts';
import { idOffsetOf } from '../../src/broker/encode-publish.ts';
import type { BrokerLimits } from '../../src/broker/limits.ts';
import { Bus, type BusLimits } from '../../src/bus/bus.ts';
import { type FakeClock, makeFakeClock } from '../fakes/clock.ts';
import { makeDuplexPair } from '../fakes/duplex-pair.ts';
import { makeFakeLog } from '../fakes/log.ts';

export type TestVersion = 4 | 5;

/** A broker on its own bus, with a clock that the test moves. */
export function makeTestBroker(
  limits: Partial<BrokerLimits> = {},
  node?: string,
  busLimits: Partial<BusLimits> = {},
  access?: Access,
) {
  const clock: FakeClock = makeFakeClock();
  const { log, lines } = makeFakeLog();
  const bus = new Bus((error) => {
    throw error;
  }, busLimits);
  const broker = openBroker({
    ...{ bus, clock, log, limits },
    ...(node === undefined ? {} : { node }),
    ...(access === undefined ? {} : { access }),
  });
  return { broker, bus, clock, lines };
}

export type TestBroker = ReturnType<typeof makeTestBroker>;

/** Lets every turn of the event loop that is due run: deliveries, writes, closes. */
export async function turns(count = 12): Promise<void> {
  for (let turn = 0; turn < count; turn += 1) await new Promise((resolve) => setImmediate(resolve));
}

/** A client that speaks packets, and nothing by itself: no acknowledgement, no ping. */
export interface PacketClient {
  readonly stream: Duplex;
  /** Everything received and not yet taken. */
  readonly inbox: Packet[];
  readonly isClosed: boolean;
  send(packet: Packet): void;
  sendBytes(bytes: Uint8Array): void;
  /** What came until the broker has nothing more to say; takes it out of the inbox. */
  take(): Promise<Packet[]>;
  /** The one packet that came. Throws when there was another number. */
  takeOne<C extends Packet['cmd']>(cmd: C): Promise<Extract<Packet, { cmd: C }>>;
  takePublishes(): Promise<IPublishPacket[]>;
}

export function openPacketClient({ broker }: TestBroker, version: TestVersion): PacketClient {
  const { near, far } = makeDuplexPair();
  const inbox: Packet[] = [];
  let isClosed = false;
  const codec = parser({ protocolVersion: version });
  codec.on('packet', (packet) => inbox.push(packet));
  codec.on('error', (error) => {
    throw error;
  });
  near.on('data', (chunk: Buffer) => codec.parse(chunk));
  near.on('error', () => undefined);
  for (const event of ['end', 'close']) near.on(event, () => (isClosed = true));
  broker.attach(far, { address: 'memory' });

  const take = async () => {
    await turns();
    return inbox.splice(0);
  };
  return {
    stream: near,
    inbox,
    get isClosed() {
      return isClosed;
    },
    send: (packet) => void near.write(generate(packet, { protocolVersion: version })),
    sendBytes: (bytes) => void near.write(bytes),
    take,
    async takeOne(cmd) {
      const packets = await take();
      const [first] = packets;
      if (packets.length !== 1 || first === undefined || !isKind(first, cmd)) {
        throw new Error(`expected one ${cmd}, got ${JSON.stringify(packets)}`);
      }
      return first;
    },
    async takePublishes() {
      const packets = await take();
      return packets.map((packet) => {
        if (packet.cmd !== 'publish') throw new Error(`expected only publish, got ${JSON.stringify(packet)}`);
        return packet;
      });
    },
  };
}

function isKind<C extends Packet['cmd']>(packet: Packet, cmd: C): packet is Extract<Packet, { cmd: C }> {
  return packet.cmd === cmd;
}

/** A connected client; its CONNACK is in `connack`. */
export async function connect(world: TestBroker, version: TestVersion, options: Partial<IConnectPacket> = {}) {
  const client = openPacketClient(world, version);
  client.send({
    cmd: 'connect',
    clientId: 'c1',
    protocolId: 'MQTT',
    protocolVersion: version,
    clean: true,
    ...options,
  });
  const packets = await client.take();
  const connack = packets[0];
  if (connack?.cmd !== 'connack') throw new Error(`expected connack, got ${JSON.stringify(packets)}`);
  client.inbox.push(...packets.slice(1));
  return { client, connack };
}

export async function subscribe(client: PacketClient, topic: string, options: object = {}): Promise<Packet[]> {
  client.send({ cmd: 'subscribe', messageId: 1, subscriptions: [{ topic, qos: 0, ...options }] });
  const [suback, ...rest] = await client.take();
  if (suback?.cmd !== 'suback') throw new Error(`expected suback, got ${JSON.stringify(suback)}`);
  return rest;
}

export function publishPacket(topic: string, payload: string, more: Partial<IPublishPacket> = {}): IPublishPacket {
  return { cmd: 'publish', topic, payload, qos: 0, dup: false, retain: false, ...more };
}

/** A copy of a QoS 1 or 2 PUBLISH packet with its identifier. */
export function stampId(packet: Buffer, id: number, dup: boolean): Buffer {
  const copy = Buffer.from(packet);
  if (dup) copy[0] = (copy[0] ?? 0) | 0x08;
  copy.writeUInt16BE(id, idOffsetOf(copy));
  return copy;
}
