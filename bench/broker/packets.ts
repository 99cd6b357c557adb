import { generate } from 'mqtt-packet';

/** Of every message, unless a case says otherwise; in bytes. */
const PAYLOAD_BYTES = 100;

/** PUBLISH packets made before the measurement: as many in a row as asked for, from one piece of memory. */
export interface Ring {
  /** The next so many packets. */
  next(count: number): Uint8Array;
}

export interface RingPlan {
  /** Sent in turn; all of the same length. */
  readonly topics: readonly string[];
  readonly qos: 0 | 1;
  /** Different packets; with QoS 1 as many packet ids, so more than are ever under way. */
  readonly size: number;
  /** The most that one call asks for. */
  readonly most: number;
  readonly payloadBytes?: number | undefined;
}

export function makeRing({ topics, qos, size, most, payloadBytes }: RingPlan): Ring {
  const packets = Array.from({ length: size + most }, (_, index) => {
    const messageId = (index % size) + 1;
    return publishPacket({ topic: topics[(index % size) % topics.length] ?? '', qos, messageId, payloadBytes });
  });
  const all = Buffer.concat(packets);
  const length = all.length / packets.length;
  if (packets.some((packet) => packet.length !== length)) throw new Error('the packets of a ring have one length');
  let at = 0;
  return {
    next(count) {
      const from = at * length;
      at = (at + count) % size;
      return all.subarray(from, from + count * length);
    },
  };
}

export interface Publish {
  readonly topic: string;
  readonly qos: 0 | 1;
  readonly messageId?: number;
  readonly retain?: boolean;
  readonly payloadBytes?: number | undefined;
}

export function publishPacket({ topic, qos, messageId = 1, retain = false, payloadBytes }: Publish): Buffer {
  const payload = Buffer.alloc(payloadBytes ?? PAYLOAD_BYTES, '21.5 ');
  const common = { cmd: 'publish', topic, payload, dup: false, retain } as const;
  return qos === 0 ? generate({ ...common, qos }) : generate({ ...common, qos, messageId });
}

export const PINGREQ = Buffer.from([0xc0, 0]);
