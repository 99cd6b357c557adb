import type { IConnackPacket, IConnectPacket } from 'mqtt-packet';
import type { Client } from './client.ts';
import type { Session } from './session.ts';

/** MQTT 5 and 3.1.1, 3.2: the CONNACK that lets a client in. */
export function connackOf(
  { version, core }: Client,
  { clientId }: IConnectPacket,
  { session, isPresent }: { session: Session; isPresent: boolean },
): IConnackPacket {
  const { limits } = core;
  const answer: IConnackPacket = { cmd: 'connack', sessionPresent: isPresent, reasonCode: 0, returnCode: 0 };
  if (version !== 5) return answer;
  return {
    ...answer,
    properties: {
      receiveMaximum: limits.receiveMaximum,
      maximumPacketSize: limits.packetBytes,
      topicAliasMaximum: limits.topicAliases,
      ...(clientId === '' ? { assignedClientIdentifier: session.clientId } : {}), // [MQTT-3.1.3-7]
    },
  };
}
