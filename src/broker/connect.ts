import { randomUUID } from 'node:crypto';
import type { IConnectPacket } from 'mqtt-packet';
import { parseShared } from '../bus/subscription.ts';
import type { Admission, Login, Refused, Rights } from './access.ts';
import { checkConnect, expiryOf, versionOf } from './check-connect.ts';
import type { Client } from './client.ts';
import { connackOf, refusalPacket } from './connack.ts';
import { exchangeOn } from './enhanced-auth.ts';
import { onMishap } from './mishap.ts';
import { type ProtocolError, REASON } from './reason.ts';
import type { Session } from './session.ts';
import { termsOf } from './terms-of.ts';
import { readWillPairs } from './user-pairs.ts';
import { makeWill } from './will.ts';

export interface Arrival {
  /** The client said that it is a bridge. */
  readonly isBridge: boolean;
  /** The packet as it came. */
  readonly bytes: Buffer;
}

/** MQTT 5 and 3.1.1, 3.1: CONNECT. Answers CONNACK; a refused client is closed after it. [MQTT-3.1.4-5] */
export function onConnect(client: Client, packet: IConnectPacket, { isBridge, bytes }: Arrival): void {
  client.version = versionOf(packet);
  client.maxPacket = packet.properties?.maximumPacketSize || Number.POSITIVE_INFINITY;
  const reason = checkConnect(packet, client.version);
  if (reason !== undefined) {
    refuse(client, { reason, code: 'HB180', why: 'CONNECT cannot be accepted' });
    return;
  }
  const clientId = packet.clientId === '' ? `auto-${randomUUID()}` : packet.clientId; // [MQTT-3.1.3-6]
  const login = loginOf(client, packet, clientId);
  const willUser = packet.will?.properties?.userProperties === undefined ? undefined : readWillPairs(bytes);
  const finish = (admission: Admission, authData?: Uint8Array) => {
    if (!('rights' in admission)) refuse(client, admission);
    else enter(client, { packet, willUser, clientId, isBridge, rights: admission.rights, authData });
  };
  const method = packet.properties?.authenticationMethod;
  if (method === undefined) admit(client, login, finish);
  else authenticate(client, { method, login, finish, data: packet.properties?.authenticationData });
}

/** A version that nobody knows. [MQTT-3.1.2-2] The client is closed after it. */
export function refuseVersion(client: Client, version: number): void {
  client.version = version > 5 ? 5 : 4;
  refuse(client, { reason: REASON.unsupportedVersion, code: 'HB180', why: `MQTT has no version ${version}` });
}

/** A CONNECT of MQTT 5 that is not one. The client is closed after it. */
export function refuseMalformed(client: Client, { reason, message }: ProtocolError): void {
  client.version = 5;
  refuse(client, { reason, code: 'HB180', why: message });
}

function loginOf({ peer }: Client, { username, password }: IConnectPacket, clientId: string): Login {
  return {
    ...{ clientId, peer },
    ...(username === undefined ? {} : { username }),
    ...(password === undefined ? {} : { password: Buffer.from(password) }),
  };
}

type Finish = (admission: Admission, authData?: Uint8Array) => void;

function admit(client: Client, login: Login, finish: Finish): void {
  const admission = client.core.access.admit(login);
  if (!(admission instanceof Promise)) {
    finish(admission);
    return;
  }
  client.stopWaiting();
  const resume = client.hold();
  void admission.then((settled) => {
    try {
      if (client.isOpen) finish(settled);
    } catch (error) {
      onMishap(client, error);
    }
    resume();
  });
}

interface Enhanced {
  readonly method: string;
  readonly login: Login;
  readonly finish: Finish;
  readonly data: Buffer | undefined;
}

/** MQTT 5, 4.12. A method that nobody knows is refused. [MQTT-4.12.0-1] */
function authenticate(client: Client, { method, login, finish, data }: Enhanced): void {
  const exchange = client.core.access.begin?.(method, login);
  if (exchange === undefined) {
    refuse(client, { reason: REASON.badAuthMethod, code: 'HB180', why: `the method ${method} is not known` });
    return;
  }
  exchangeOn(client, { method, exchange, finish }, data);
}

interface Entrance {
  readonly packet: IConnectPacket;
  readonly clientId: string;
  readonly isBridge: boolean;
  readonly rights: Rights;
  readonly willUser: [string, string][] | undefined;
  readonly authData: Uint8Array | undefined;
}

function enter(client: Client, { packet, willUser, clientId, isBridge, rights, authData }: Entrance): void {
  const { core, version } = client;
  const origin = `mqtt:${clientId}`;
  const wish = packet.will === undefined ? undefined : { will: packet.will, user: willUser, origin, rights };
  const will = wish === undefined ? undefined : makeWill(wish);
  if (typeof will === 'number') {
    refuse(client, { reason: will, code: 'HB180', why: 'the will cannot be accepted' });
    return;
  }
  const before = core.sessions.get(clientId);
  const isForeign = before !== undefined && before.owner !== rights.name;
  if (isForeign && core.access.isShutOut?.(before.owner, clientId) !== true) {
    const why = `the session of this client id belongs to ${before.owner}, not to ${rights.name}`;
    refuse(client, { reason: REASON.badClientId, code: 'HB196', why });
    return;
  }
  const opened = core.sessions.open(clientId, packet.clean !== false || isForeign || isNarrowed(before, rights));
  if (opened === undefined) {
    refuse(client, { reason: REASON.serverBusy, code: 'HB180', why: 'there are too many sessions' });
    return;
  }
  const { session, isPresent } = opened;
  session.owner = rights.name;
  session.expiryMs = expiryOf(packet, version);
  session.version = version;
  core.sessions.settle(session, will);
  client.accept(termsOf({ packet, session, version, isBridge, will, rights, limits: core.limits }));
  client.send(connackOf(client, packet, { session, isPresent, authData }));
  client.outlet.flush(); // whatever happens to what follows, CONNACK comes first: [MQTT-3.2.0-1]
  if (!client.isOpen) return; // it takes no packet as large as CONNACK
  session.attach(client);
  core.log.debug('MQTT client connected', { client: clientId, address: client.peer.address });
}

/** The session may have subscribed to what is not open to it any more; it begins anew then. */
function isNarrowed(before: Session | undefined, rights: Rights): boolean {
  const filters = [...(before?.subscriptions ?? [])].map(({ filter }) => parseShared(filter)?.filter ?? filter);
  return filters.some((filter) => rights.read(filter) !== undefined);
}

function refuse(client: Client, refused: Refused): void {
  const { reason, code, why } = refused;
  client.send(refusalPacket(refused));
  client.refusedFor = code;
  client.core.complain('an MQTT client was refused', { code, address: client.peer.address, reason, why });
  client.part();
}
