import type { Duplex } from 'node:stream';
import { type Packet, parser } from 'mqtt-packet';
import type { Broker } from '../../src/broker/broker.ts';
import { makeDuplexPair } from '../fakes/duplex-pair.ts';
import { FrameCutter } from './read-frames.ts';
import type { Version } from './wire.ts';

/** One packet from the broker: as bytes, and as an independent codec reads it. */
export interface Received {
  readonly bytes: Buffer;
  readonly packet: Packet;
}

/** The client's end of a connection that sends what it is told and remembers what came. */
export interface RawLink {
  readonly stream: Duplex;
  readonly version: Version;
  /** What came and was not yet taken. */
  readonly inbox: Received[];
  readonly isClosed: boolean;
  /** Chunks that came so far. */
  readonly heard: number;
  /** Bytes of a packet that never became whole. */
  readonly left: number;
  write(bytes: Uint8Array): void;
  destroy(): void;
}

/** Serves the broker a stream of memory. What is not a packet of MQTT comes out of the reading as an error. */
export function openRawLink(broker: Broker, version: Version): RawLink {
  const { near, far } = makeDuplexPair();
  broker.attach(far, { address: 'memory' });
  return makeRawLink(near, version);
}

export function makeRawLink(stream: Duplex, version: Version): RawLink {
  const cutter = new FrameCutter();
  const inbox: Received[] = [];
  const read = makeReader(version);
  let isClosed = false;
  let heard = 0;
  stream.on('data', (chunk: Buffer) => {
    heard += 1;
    for (const bytes of cutter.push(chunk)) inbox.push({ bytes, packet: read(bytes) });
  });
  stream.on('error', () => undefined);
  for (const event of ['end', 'close']) stream.on(event, () => (isClosed = true));
  return {
    stream,
    version,
    inbox,
    get isClosed() {
      return isClosed;
    },
    get heard() {
      return heard;
    },
    get left() {
      return cutter.left;
    },
    write(bytes) {
      if (!stream.destroyed && stream.writable) stream.write(bytes);
    },
    destroy: () => void stream.destroy(),
  };
}

/** Reads one packet with the codec library; throws when it does not know it. */
function makeReader(protocolVersion: Version): (bytes: Buffer) => Packet {
  let found: Packet | undefined;
  const codec = parser({ protocolVersion });
  codec.on('packet', (packet) => {
    found = packet;
  });
  codec.on('error', (error) => {
    throw error;
  });
  return (bytes) => {
    found = undefined;
    codec.parse(bytes);
    if (found === undefined) throw new Error(`the broker sent what is no packet: ${bytes.toString('hex')}`);
    return found;
  };
}
