import type { Duplex } from 'node:stream';
import { generate, type IPublishPacket, type Packet, parser } from 'mqtt-packet';

/** How often `take` lets things settle while it waits for packets: far more than any answer needs. */
const PATIENCE = 300;

type Kind<C extends Packet['cmd']> = Extract<Packet, { cmd: C }>;

/** One end of a stream to the broker: speaks packets or bytes, and nothing by itself, no acknowledgement and no ping. */
export interface Caller {
  readonly stream: Duplex;
  /** Everything received and not yet taken. */
  readonly inbox: Packet[];
  /** Every byte received. */
  readonly bytes: Buffer;
  /** Whether the broker has closed the stream. */
  readonly isClosed: boolean;
  send(packet: Packet): void;
  sendBytes(...parts: Uint8Array[]): void;
  /** Waits for so many packets, or the end of the stream, then for all that may still follow; takes them out. */
  take(count?: number): Promise<Packet[]>;
  /** The one packet that came, and no other. Throws when it was of another kind. */
  takeOne<C extends Packet['cmd']>(cmd: C): Promise<Kind<C>>;
  /** So many PUBLISH packets, and no others. */
  takePublishes(count: number): Promise<IPublishPacket[]>;
  /** Sends a packet and takes its one answer. */
  ask<C extends Packet['cmd']>(packet: Packet, cmd: C): Promise<Kind<C>>;
  /** Waits until the broker closes the stream; takes what came before. Throws when it stays open. */
  takeUntilClosed(): Promise<Packet[]>;
  /** Cuts the connection, as a network does. */
  vanish(): void;
}

export function makeCaller(stream: Duplex, version: 4 | 5, settle: () => Promise<void>): Caller {
  const inbox: Packet[] = [];
  const chunks: Buffer[] = [];
  let isClosed = false;
  let failure: Error | undefined;
  const codec = parser({ protocolVersion: version });
  codec.on('packet', (packet) => inbox.push(packet));
  codec.on('error', (error) => {
    failure = error;
  });
  stream.on('data', (chunk: Buffer) => {
    chunks.push(chunk);
    codec.parse(chunk);
  });
  stream.on('error', () => undefined);
  for (const event of ['end', 'close']) stream.on(event, () => (isClosed = true));

  const waitFor = async (isDone: () => boolean) => {
    for (let round = 0; round < PATIENCE && !isDone(); round += 1) await settle();
  };
  const take = async (count = 0) => {
    await waitFor(() => inbox.length >= count || isClosed);
    await settle();
    if (failure !== undefined) throw failure;
    return inbox.splice(0);
  };
  const send = (packet: Packet) => void stream.write(generate(packet, { protocolVersion: version }));
  const takeOne = async <C extends Packet['cmd']>(cmd: C): Promise<Kind<C>> => {
    const packets = await take(1);
    const [first] = packets;
    if (packets.length !== 1 || first === undefined || !isKind(first, cmd)) {
      throw new Error(`expected one ${cmd}, got ${JSON.stringify(packets)}${isClosed ? ' and the end' : ''}`);
    }
    return first;
  };

  return {
    stream,
    inbox,
    get bytes() {
      return Buffer.concat(chunks);
    },
    get isClosed() {
      return isClosed;
    },
    send,
    sendBytes: (...parts) => void stream.write(Buffer.concat(parts)),
    take,
    takeOne,
    async takePublishes(count) {
      const packets = await take(count);
      const publishes = packets.filter((packet) => isKind(packet, 'publish'));
      if (publishes.length === packets.length && packets.length === count) return publishes;
      throw new Error(`expected ${count} publish, got ${JSON.stringify(packets)}`);
    },
    async ask(packet, cmd) {
      send(packet);
      return await takeOne(cmd);
    },
    async takeUntilClosed() {
      await waitFor(() => isClosed);
      if (!isClosed) throw new Error(`the broker keeps the stream open; it sent ${JSON.stringify(inbox)}`);
      return await take();
    },
    vanish: () => void stream.destroy(),
  };
}

function isKind<C extends Packet['cmd']>(packet: Packet, cmd: C): packet is Kind<C> {
  return packet.cmd === cmd;
}
