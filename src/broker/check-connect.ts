import type { IConnectPacket } from 'mqtt-packet';
import type { Version } from './codec.ts';
import { ProtocolError, REASON } from './reason.ts';

export function versionOf({ protocolId, protocolVersion }: IConnectPacket): Version {
  const isOld = protocolId === 'MQIsdp';
  if (protocolVersion === undefined || isOld !== (protocolVersion === 3)) {
    throw new ProtocolError(REASON.unsupportedVersion, `protocol ${protocolId} has no version ${protocolVersion}`);
  }
  return protocolVersion;
}

/** The reason code that refuses this CONNECT, or undefined. Throws ProtocolError where there is no answer to give. */
export function checkConnect(packet: IConnectPacket, version: Version): number | undefined {
  const { clientId, clean, properties = {}, username, password } = packet;
  if (version < 5 && password !== undefined && username === undefined) {
    throw new ProtocolError(REASON.protocolError, 'a password without a user name'); // [MQTT-3.1.2-22] of 3.1.1
  }
  if (version < 5 && clientId === '' && clean === false) return REASON.badClientId; // [MQTT-3.1.3-8] of 3.1.1
  if (version === 3 && clientId === '') return REASON.badClientId;
  if (properties.receiveMaximum === 0 || properties.maximumPacketSize === 0) return REASON.protocolError; // 3.1.2.11.3, 4
  const { authenticationMethod: method, authenticationData: data } = properties;
  return method === undefined && data !== undefined ? REASON.protocolError : undefined; // 3.1.2.11.10
}

/** MQTT 5, 3.1.2.11.2: how long the session lives, in ms. For 3.1.1 one that is not clean waits for ever. */
export function expiryOf({ clean, properties }: IConnectPacket, version: Version): number {
  if (version === 5) return (properties?.sessionExpiryInterval ?? 0) * 1_000;
  return clean === false ? 0xffff_ffff * 1_000 : 0;
}
