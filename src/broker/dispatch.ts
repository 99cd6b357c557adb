import type { IConnectPacket, Packet } from 'mqtt-packet';
import type { Client } from './client.ts';
import type { Decoder, Version } from './codec.ts';
import { makeDecoder } from './codec.ts';
import { onConnect, refuseMalformed, refuseVersion } from './connect.ts';
import { onDisconnect } from './disconnect.ts';
import { onAuth } from './enhanced-auth.ts';
import { takeFast } from './fast-path.ts';
import type { Place } from './framer.ts';
import { onPingreq } from './pingreq.ts';
import { onPuback } from './puback.ts';
import { onPubcomp } from './pubcomp.ts';
import { onPublish } from './publish.ts';
import { onPubrec } from './pubrec.ts';
import { onPubrel } from './pubrel.ts';
import { ProtocolError, REASON } from './reason.ts';
import type { Session } from './session.ts';
import { onSubscribe } from './subscribe.ts';
import { onUnsubscribe } from './unsubscribe.ts';

const CONNECT = 1;
/** Mosquitto's bridges add this to the version. */
const BRIDGE_BIT = 0x80;

/** Hands whole packets to the handler of their kind. */
export type Dispatch = (client: Client, bytes: Buffer, place: Place) => void;

export function makeDispatch(): Dispatch {
  const decoders: Record<Version, Decoder> = { 3: makeDecoder(3), 4: makeDecoder(4), 5: makeDecoder(5) };
  /** Its own: the codec takes the version of the last CONNECT over. */
  const greeter = makeDecoder(4);
  const bridgeDecoders: Record<Version, Decoder> = { ...decoders, 3: makeDecoder(3, true), 4: makeDecoder(4, true) };

  return (client, all, place) => {
    const { session } = client;
    if (session !== undefined && takeFast(client, session, all, place)) return;
    const bytes = all.subarray(place.start, place.end);
    if (session === undefined) {
      if (client.exchanging !== undefined) goOn(client, decoders[5].decode(bytes));
      else greet(client, bytes, greeter);
      return;
    }
    if (isConnect(bytes)) throw new ProtocolError(REASON.protocolError, 'a second CONNECT'); // [MQTT-3.1.0-2]
    const decoder = (client.terms?.isBridge === true ? bridgeDecoders : decoders)[client.version];
    handle(client, session, decoder.decode(bytes), bytes);
  };
}

const isConnect = (bytes: Buffer): boolean => (bytes[0] ?? 0) >> 4 === CONNECT;

/** Between CONNECT and CONNACK there is only AUTH, or a goodbye. [MQTT-3.1.4-6], 4.12 */
function goOn(client: Client, packet: Packet): void {
  if (packet.cmd === 'auth') onAuth(client, packet);
  else if (packet.cmd === 'disconnect') client.part();
  else throw new ProtocolError(REASON.protocolError, `${packet.cmd} before the authentication is over`);
}

function greet(client: Client, bytes: Buffer, decoder: Decoder): void {
  if (!isConnect(bytes)) throw new ProtocolError(REASON.protocolError, 'the first packet is not CONNECT'); // [MQTT-3.1.0-1]
  const version = announcedVersion(bytes);
  const plain = version === undefined ? undefined : version & ~BRIDGE_BIT;
  if (plain !== undefined && (plain < 3 || plain > 5)) {
    refuseVersion(client, plain);
    return;
  }
  const packet = plain === 5 && isMqtt(bytes) ? decodeOrRefuse(client, bytes, decoder) : decoder.decode(bytes);
  if (packet?.cmd === 'connect')
    onConnect(client, packet satisfies IConnectPacket, { isBridge: version !== plain, bytes });
}

/** A client of MQTT 5 is told what is wrong with its CONNECT. 4.13.1 */
function decodeOrRefuse(client: Client, bytes: Buffer, decoder: Decoder): Packet | undefined {
  try {
    return decoder.decode(bytes);
  } catch (error) {
    if (!(error instanceof ProtocolError)) throw error;
    refuseMalformed(client, error);
    return undefined;
  }
}

function isMqtt(bytes: Buffer): boolean {
  let at = 1;
  while ((bytes[at] ?? 0) >= 0x80) at += 1;
  return bytes.toString('latin1', at + 1, at + 7) === '\0\u0004MQTT';
}

/** The protocol version of a CONNECT: the byte after the protocol name. */
function announcedVersion(bytes: Buffer): number | undefined {
  let at = 1;
  while ((bytes[at] ?? 0) >= 0x80) at += 1;
  if (at + 2 >= bytes.length) return undefined;
  return bytes[at + 3 + bytes.readUInt16BE(at + 1)];
}

function handle(client: Client, session: Session, packet: Packet, bytes: Buffer): void {
  switch (packet.cmd) {
    case 'publish':
      onPublish(client, session, packet, bytes);
      break;
    case 'puback':
      onPuback(session, packet);
      break;
    case 'pubrec':
      onPubrec(client, session, packet);
      break;
    case 'pubrel':
      onPubrel(client, session, packet);
      break;
    case 'pubcomp':
      onPubcomp(session, packet);
      break;
    case 'subscribe':
      onSubscribe(client, session, packet);
      break;
    case 'unsubscribe':
      onUnsubscribe(client, session, packet);
      break;
    case 'pingreq':
      onPingreq(client);
      break;
    case 'disconnect':
      onDisconnect(client, session, packet);
      break;
    case 'auth':
      onAuth(client, packet);
      break;
    case 'connack':
    case 'connect':
    case 'pingresp':
    case 'suback':
    case 'unsuback':
      throw new ProtocolError(REASON.protocolError, `${packet.cmd} is not expected`); // [MQTT-4.12.0-6]
  }
}
