import type { Packet } from 'mqtt-packet';
import { malformed, protocol } from './shape-reader.ts';

/** Table 2.1: the packets that only a server sends. */
const OF_SERVER = new Set(['connack', 'suback', 'unsuback', 'pingresp']);

/** What the codec lets pass and the specification does not, in a packet whose shape is good. Throws ProtocolError. */
export function checkPacket(packet: Packet): Packet {
  if (OF_SERVER.has(packet.cmd)) throw protocol(`a client must not send ${packet.cmd}`);
  if (needsId(packet) && (packet.messageId ?? 0) === 0) throw malformed('the packet identifier is missing or 0'); // [MQTT-2.2.1-3]
  if (packet.cmd === 'publish' && packet.properties?.subscriptionIdentifier !== undefined) {
    throw protocol('a subscription identifier from a client'); // [MQTT-3.3.4-6]
  }
  // [MQTT-3.1.2-12]
  if (packet.cmd === 'connect' && (packet.will?.qos ?? 0) > 2) throw malformed('the QoS of the will is 3');
  return packet;
}

function needsId(packet: Packet): boolean {
  if (packet.cmd === 'publish') return packet.qos > 0;
  return packet.cmd !== 'connect' && packet.cmd !== 'pingreq' && packet.cmd !== 'disconnect' && packet.cmd !== 'auth';
}
