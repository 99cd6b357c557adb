import { generate, type Packet, parser } from 'mqtt-packet';
import { reasonOf } from '../kit/errors.ts';
import { checkPacket } from './check-packet.ts';
import { checkShape } from './check-shape.ts';
import { ProtocolError, REASON } from './reason.ts';

/** 3: MQTT 3.1, 4: MQTT 3.1.1, 5: MQTT 5. */
export type Version = 3 | 4 | 5;

/** Turns one whole packet into its parsed form. */
export interface Decoder {
  /**
   * Throws ProtocolError 0x81 or 0x82. The result is checked: no member is missing or of another type than declared.
   * User properties are grouped by name; `readUserPairs` has their order.
   */
  decode(bytes: Buffer): Packet;
}

/**
 * A decoder for one version; one serves all clients of it, because it always gets whole packets.
 * `bridge`: the client said that it is a bridge (version number + 128, as Mosquitto does for 3.1.1).
 */
export function makeDecoder(version: Version, bridge = false): Decoder {
  const found: { packet?: Packet | undefined; failure?: unknown } = {};
  const make = () =>
    parser({ protocolVersion: version, bridgeMode: bridge })
      .on('packet', (packet) => {
        found.packet = packet;
      })
      .on('error', (error: unknown) => {
        found.failure = error;
      });
  let codec = make();

  const parse = (bytes: Buffer): void => {
    try {
      if (codec.parse(bytes) === 0 && found.failure === undefined) return;
      found.failure ??= new Error('the packet has a wrong length');
    } catch (error) {
      found.failure = error;
    }
    codec = make();
  };

  return {
    decode(bytes) {
      checkShape(bytes, version === 5);
      found.packet = undefined;
      found.failure = undefined;
      parse(bytes);
      if (found.failure !== undefined) throw new ProtocolError(REASON.malformed, reasonOf(found.failure));
      if (found.packet === undefined) throw new ProtocolError(REASON.malformed, 'the packet is not complete');
      return checkPacket(found.packet);
    },
  };
}

const NONE: Buffer = Buffer.alloc(0);

/**
 * The bytes of a packet. `maximum`: the client's maximum packet size; the reason string is left out to keep within it,
 * and where that does not help there are no bytes. [MQTT-3.1.2-24]
 */
export function encode(packet: Packet, version: Version, maximum = Number.POSITIVE_INFINITY): Buffer {
  const bytes = generate(packet, { protocolVersion: version });
  if (bytes.length <= maximum) return bytes;
  if (!('properties' in packet) || packet.properties === undefined) return NONE;
  // Only our own packets come here: what they say beside the reason string is short.
  const bare = generate(withoutReason(packet), { protocolVersion: version });
  return bare.length <= maximum ? bare : NONE;
}

function withoutReason<P extends Packet>(packet: P): P {
  const copy: P = structuredClone(packet);
  if ('properties' in copy && copy.properties !== undefined && 'reasonString' in copy.properties) {
    delete copy.properties.reasonString;
  }
  return copy;
}
