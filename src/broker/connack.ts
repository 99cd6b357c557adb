import type { IConnackPacket, IConnectPacket } from 'mqtt-packet';
import type { Refused } from './access.ts';
import type { Client } from './client.ts';
import { encode } from './codec.ts';
import { oldReturnCode, reasonText } from './reason.ts';
import type { Session } from './session.ts';
import { keepAliveOf } from './terms-of.ts';

interface Entered {
  readonly session: Session;
  readonly isPresent: boolean;
  /** The last word of an enhanced authentication. */
  readonly authData: Uint8Array | undefined;
}

type Properties = NonNullable<IConnackPacket['properties']>;

/** MQTT 5 and 3.1.1, 3.2: the CONNACK that lets a client in. */
export function connackOf(client: Client, packet: IConnectPacket, entered: Entered): IConnackPacket {
  const answer: IConnackPacket = {
    ...{ cmd: 'connack', sessionPresent: entered.isPresent, reasonCode: 0, returnCode: 0 },
  };
  if (client.version !== 5) return answer;
  const needed = neededOf(client, packet, entered);
  const whole = { ...answer, properties: { ...limitsOf(client), ...needed } };
  return encode(whole, 5).length <= client.maxPacket ? whole : { ...answer, properties: needed };
}

/** A client that takes too little to be told finds out when it meets them. */
function limitsOf({ core: { limits } }: Client): Properties {
  return {
    receiveMaximum: limits.receiveMaximum,
    maximumPacketSize: limits.packetBytes,
    topicAliasMaximum: limits.topicAliases,
  };
}

/** The CONNACK that turns a client away. It does not tell why a login failed. */
export function refusalPacket({ reason, server }: Refused): IConnackPacket {
  return {
    ...{ cmd: 'connack', sessionPresent: false, reasonCode: reason, returnCode: oldReturnCode(reason) },
    properties: { reasonString: reasonText(reason), ...(server === undefined ? {} : { serverReference: server }) },
  };
}

function neededOf({ core, rights, terms }: Client, packet: IConnectPacket, entered: Entered): Properties {
  const { limits } = core;
  const { session, authData } = entered;
  const keepAlive = keepAliveOf(packet, limits);
  const answers = `reply/${session.clientId}`;
  const wantsAnswers = packet.properties?.requestResponseInformation === true;
  const method = terms?.authMethod;
  return {
    ...(packet.clientId === '' ? { assignedClientIdentifier: session.clientId } : {}), // [MQTT-3.1.3-7]
    ...(keepAlive === (packet.keepalive ?? 0) ? {} : { serverKeepAlive: keepAlive }), // [MQTT-3.2.2-21]
    ...(wantsAnswers && rights.read(`${answers}/#`) === undefined ? { responseInformation: answers } : {}), // [MQTT-3.1.2-28]
    ...(method === undefined ? {} : { authenticationMethod: method }), // [MQTT-4.12.0-4]
    ...(authData === undefined ? {} : { authenticationData: Buffer.from(authData) }),
  };
}
