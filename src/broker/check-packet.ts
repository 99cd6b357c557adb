import type { Packet } from 'mqtt-packet';
import { ProtocolError, REASON } from './reason.ts';

/** MQTT 5, table 2-4: which properties a client may send in which packet. */
const ALLOWED: Readonly<Record<string, readonly string[]>> = {
  connect: [
    'sessionExpiryInterval',
    'receiveMaximum',
    'maximumPacketSize',
    'topicAliasMaximum',
    'requestResponseInformation',
    'requestProblemInformation',
    'authenticationMethod',
    'authenticationData',
  ],
  will: [
    'willDelayInterval',
    'payloadFormatIndicator',
    'messageExpiryInterval',
    'contentType',
    'responseTopic',
    'correlationData',
  ],
  publish: [
    'payloadFormatIndicator',
    'messageExpiryInterval',
    'topicAlias',
    'responseTopic',
    'correlationData',
    'contentType',
  ],
  puback: ['reasonString'],
  pubrec: ['reasonString'],
  pubrel: ['reasonString'],
  pubcomp: ['reasonString'],
  subscribe: ['subscriptionIdentifier'],
  unsubscribe: [],
  disconnect: ['sessionExpiryInterval', 'reasonString'],
  auth: ['authenticationMethod', 'authenticationData', 'reasonString'],
};

/**
 * What the codec lets pass and the specification does not. `isTopicUtf8` is asked only when a topic looks mangled.
 * Returns the packet; throws ProtocolError.
 */
export function checkPacket(packet: Packet, isTopicUtf8: () => boolean): Packet {
  const allowed = ALLOWED[packet.cmd];
  // [MQTT-3.1.0-1] and table 2.1: packets that only a server sends
  if (allowed === undefined && packet.cmd !== 'pingreq') throw protocol(`a client must not send ${packet.cmd}`);
  if (needsId(packet) && !isId(packet.messageId)) throw malformed('the packet identifier is missing or 0'); // [MQTT-2.2.1-3]
  if ('properties' in packet && packet.properties !== undefined) checkProperties(packet.properties, allowed ?? []);
  checkTexts(packet, isTopicUtf8);
  return packet;
}

function checkTexts(packet: Packet, isTopicUtf8: () => boolean): void {
  if (packet.cmd === 'connect') checkConnect(packet);
  else if (packet.cmd === 'subscribe') for (const { topic } of packet.subscriptions) checkText(topic);
  else if (packet.cmd === 'unsubscribe') packet.unsubscriptions.forEach(checkText);
  else if (packet.cmd === 'publish') {
    checkText(packet.topic);
    if (packet.topic.includes('\uFFFD') && !isTopicUtf8()) throw malformed('the topic is not UTF-8'); // [MQTT-1.5.4-1]
  }
}

function needsId(packet: Packet): boolean {
  if (packet.cmd === 'publish') return packet.qos > 0;
  return packet.cmd !== 'connect' && packet.cmd !== 'pingreq' && packet.cmd !== 'disconnect' && packet.cmd !== 'auth';
}

const isId = (id: number | undefined): boolean => id !== undefined && id > 0;

function checkConnect(packet: Packet & { cmd: 'connect' }): void {
  checkText(packet.clientId);
  if (packet.username !== undefined) checkText(packet.username);
  const { will } = packet;
  if (will === undefined) return;
  checkText(will.topic);
  if (will.qos !== undefined && will.qos > 2) throw malformed('the QoS of the will is 3'); // [MQTT-3.1.2-12]
  if (will.properties !== undefined) checkProperties(will.properties, ALLOWED.will ?? []);
}

function checkProperties(properties: object, allowed: readonly string[]): void {
  for (const [name, value] of Object.entries(properties)) {
    if (name === 'userProperties') checkUserProperties(value);
    else if (!allowed.includes(name)) throw protocol(`the property ${name} does not belong here`);
    else if (Array.isArray(value)) throw protocol(`the property ${name} comes twice`);
    else if (value === null || value === undefined || value === -1) throw malformed(`the property ${name} is cut off`);
    else if (typeof value === 'string') checkText(value);
  }
}

function checkUserProperties(pairs: object): void {
  for (const [name, value] of Object.entries(pairs)) {
    checkText(name);
    for (const text of Array.isArray(value) ? value : [value]) checkText(text);
  }
}

/** [MQTT-1.5.4-2]: no NUL in a text. The codec gives null for a text that is cut off. */
function checkText(text: unknown): void {
  if (typeof text !== 'string') throw malformed('a text is cut off');
  if (text.includes('\0')) throw malformed('a text contains NUL');
}

const malformed = (why: string) => new ProtocolError(REASON.malformed, why);
const protocol = (why: string) => new ProtocolError(REASON.protocolError, why);
