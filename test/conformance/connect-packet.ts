import type { IConnectPacket, Packet } from 'mqtt-packet';

/** CONNECT as `World.connect` sends it. */
export function connectPacket(version: 4 | 5, options: Partial<IConnectPacket> = {}): Packet {
  return { cmd: 'connect', clientId: 'c1', protocolId: 'MQTT', protocolVersion: version, clean: true, ...options };
}
