import { randomUUID } from 'node:crypto';
import type { IConnectPacket } from 'mqtt-packet';
import type { Admission, Login, Rights } from './access.ts';
import type { Client } from './client.ts';
import type { Version } from './codec.ts';
import { connackOf } from './connack.ts';
import { oldReturnCode, ProtocolError, REASON } from './reason.ts';
import type { Session } from './session.ts';
import type { Will } from './will.ts';
import { makeWill } from './will.ts';

/** MQTT 5 and 3.1.1, 3.1: CONNECT. Answers CONNACK; a refused client is closed after it. [MQTT-3.1.4-5] */
export function onConnect(client: Client, packet: IConnectPacket, isBridge: boolean): void {
  client.version = versionOf(packet);
  const reason = refusalOf(packet, client.version);
  if (reason !== undefined) {
    refuse(client, { reason, code: 'HB180', why: 'CONNECT cannot be accepted' });
    return;
  }
  const clientId = packet.clientId === '' ? `auto-${randomUUID()}` : packet.clientId; // [MQTT-3.1.3-6]
  const finish = (admission: Admission) => {
    if ('rights' in admission) enter(client, { packet, clientId, isBridge, rights: admission.rights });
    else refuse(client, admission);
  };
  const admission = client.core.access.admit(loginOf(client, packet, clientId));
  if (!(admission instanceof Promise)) {
    finish(admission);
    return;
  }
  const resume = client.hold();
  void admission.then((settled) => {
    if (client.isOpen) finish(settled);
    resume();
  });
}

/** A version that nobody knows. [MQTT-3.1.2-2] The client is closed after it. */
export function refuseVersion(client: Client, version: number): void {
  client.version = version > 5 ? 5 : 4;
  refuse(client, { reason: REASON.unsupportedVersion, code: 'HB180', why: `MQTT has no version ${version}` });
}

function loginOf({ peer }: Client, { username, password }: IConnectPacket, clientId: string): Login {
  return {
    ...{ clientId, peer },
    ...(username === undefined ? {} : { username }),
    ...(password === undefined ? {} : { password: Buffer.from(password) }),
  };
}

interface Entrance {
  readonly packet: IConnectPacket;
  readonly clientId: string;
  readonly isBridge: boolean;
  readonly rights: Rights;
}

function enter(client: Client, { packet, clientId, isBridge, rights }: Entrance): void {
  const will = packet.will === undefined ? undefined : makeWill(packet.will, `mqtt:${clientId}`, rights);
  if (typeof will === 'number') {
    refuse(client, { reason: will, code: 'HB180', why: 'the will cannot be accepted' });
    return;
  }
  const opened = client.core.sessions.open(clientId, packet.clean !== false);
  if (opened === undefined) {
    refuse(client, { reason: REASON.serverBusy, code: 'HB180', why: 'there are too many sessions' });
    return;
  }
  const { session, isPresent } = opened;
  session.expiryMs = expiryOf(packet, client.version);
  acceptClient(client, { packet, session, isBridge, will, rights });
  client.send(connackOf(client, packet, { session, isPresent }));
  session.attach(client);
  client.core.log.debug('MQTT client connected', { client: clientId, address: client.peer.address });
}

interface Accepted extends Omit<Entrance, 'clientId'> {
  readonly session: Session;
  readonly will: Will | undefined;
}

function acceptClient(client: Client, { packet, session, isBridge, will, rights }: Accepted): void {
  const { properties = {}, keepalive = 0 } = packet;
  client.accept({
    ...{ session, version: client.version, isBridge, will, rights },
    window: Math.min(properties.receiveMaximum ?? 65_535, client.core.limits.inflight), // [MQTT-3.3.4-9]
    maxPacket: properties.maximumPacketSize ?? Number.POSITIVE_INFINITY,
    keepAliveMs: keepalive * 1_000,
    wantsReasons: properties.requestProblemInformation !== false,
  });
}

function versionOf({ protocolId, protocolVersion }: IConnectPacket): Version {
  const isOld = protocolId === 'MQIsdp';
  if (protocolVersion === undefined || isOld !== (protocolVersion === 3)) {
    throw new ProtocolError(REASON.unsupportedVersion, `protocol ${protocolId} has no version ${protocolVersion}`);
  }
  return protocolVersion;
}

/** The reason code that refuses this CONNECT, or undefined. Throws ProtocolError where there is no answer to give. */
function refusalOf(packet: IConnectPacket, version: Version): number | undefined {
  const { clientId, clean, properties = {}, username, password } = packet;
  if (version < 5 && password !== undefined && username === undefined) {
    throw new ProtocolError(REASON.protocolError, 'a password without a user name'); // [MQTT-3.1.2-22] of 3.1.1
  }
  if (version < 5 && clientId === '' && clean === false) return REASON.badClientId; // [MQTT-3.1.3-8] of 3.1.1
  if (version === 3 && clientId === '') return REASON.badClientId;
  if (properties.receiveMaximum === 0 || properties.maximumPacketSize === 0) return REASON.protocolError; // 3.1.2.11.3, 4
  if (properties.authenticationMethod !== undefined) return REASON.badAuthMethod; // [MQTT-4.12.0-1]
  if (properties.authenticationData !== undefined) return REASON.protocolError; // 3.1.2.11.10
  return undefined;
}

/** MQTT 5, 3.1.2.11.2. For 3.1.1 a session that is not clean waits for ever (that is: until the node stops). */
function expiryOf({ clean, properties }: IConnectPacket, version: Version): number {
  if (version === 5) return (properties?.sessionExpiryInterval ?? 0) * 1_000;
  return clean === false ? 0xffff_ffff * 1_000 : 0;
}

type Refused = Exclude<Admission, { rights: Rights }>;

function refuse(client: Client, { reason, code, why }: Refused): void {
  client.send({ cmd: 'connack', sessionPresent: false, reasonCode: reason, returnCode: oldReturnCode(reason) });
  client.refusedFor = code;
  client.core.complain('an MQTT client was refused', { code, address: client.peer.address, reason, why });
  client.part();
}
