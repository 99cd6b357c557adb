import type { IPublishPacket } from 'mqtt-packet';
import { isEmpty, type Message, type Props } from '../bus/message.ts';
import { answerRefusal } from './answer-rights.ts';
import type { Client } from './client.ts';
import type { Core } from './core.ts';
import { tally } from './counts.ts';
import { markRetained } from './mark-retained.ts';
import { makeProps } from './props.ts';
import { ProtocolError, REASON } from './reason.ts';
import type { Session } from './session.ts';
import { settleThen } from './settle-publish.ts';
import type { Refusal } from './topic-rights.ts';
import { isCommandTopic, isTopicName } from './topic-rules.ts';
import { readUserPairs } from './user-pairs.ts';

/** MQTT 5 and 3.1.1, 3.3: PUBLISH from a client. */
export function onPublish(client: Client, session: Session, packet: IPublishPacket, bytes: Buffer): void {
  const { core } = client;
  const topic = topicOf(client, packet);
  const isAgain = packet.qos === 2 && isRepeated(client, session, packet);
  count(client);
  if (isAgain) {
    client.acks.follow(() => answer(client, packet, undefined)); // [MQTT-4.3.3-10]
    return;
  }
  const message = messageOf(core, packet, { topic, bytes, origin: session.origin });
  const answerTo = packet.properties?.responseTopic;
  const wish = { topic, retain: packet.retain, isEmpty: packet.payload.length === 0 };
  const refusal = client.rights.write(wish) ?? answerRefusal(client.rights, topic, answerTo) ?? put(core, message);
  if (refusal !== undefined) {
    refuse(client, session, topic, refusal);
    client.acks.follow(() => answer(client, packet, refusal));
    return;
  }
  core.counts.accepted += 1;
  if (!packet.retain) core.topics.add(topic);
  if (packet.qos === 2) receive(session, packet.messageId ?? 0);
  if (message.isDurable === true) settleThen(client, session, (late) => answer(client, packet, late));
  else client.acks.follow(() => answer(client, packet, undefined));
}

/** A QoS 2 message that was taken before. Throws when too many are not released. [MQTT-3.3.4-7] */
function isRepeated(
  { core, version }: Client,
  { received, unsure }: Session,
  { messageId = 0, dup }: IPublishPacket,
): boolean {
  if (!dup && unsure.has(messageId)) received.delete(messageId); // what is sent again says so: [MQTT-3.3.1-1]
  if (received.has(messageId)) {
    core.counts.repeated += 1;
    return true;
  }
  if (version < 5 || received.size < core.limits.receiveMaximum) return false;
  throw new ProtocolError(REASON.receiveMaximum, 'too many QoS 2 messages are not released');
}

interface Came {
  readonly topic: string;
  readonly bytes: Buffer;
  readonly origin: string;
}

function messageOf(core: Core, packet: IPublishPacket, { topic, bytes, origin }: Came): Message {
  const { qos, retain } = packet;
  const isDurable = qos > 0 && core.isDurable(topic);
  const message = { topic, payload: payloadOf(packet), qos, retain, origin, isDurable };
  const props = propsOf(packet, bytes, core.clock.now());
  if (qos > 0 && (topic.endsWith('/set') || topic.endsWith('/$cmd'))) {
    const { messageId = 0, dup } = packet;
    return { ...message, packet: { id: messageId, dup }, ...(props === undefined ? {} : { props }) };
  }
  return props === undefined ? message : { ...message, props };
}

function receive(session: Session, id: number): void {
  session.received.add(id);
  session.unsure.delete(id);
  session.delivery.kept?.receivedChanged();
}

/** The topic, by name or by alias. MQTT 5, 3.3.2.3.4 */
function topicOf(client: Client, { topic, properties }: IPublishPacket): string {
  const alias = properties?.topicAlias;
  if (alias !== undefined && (alias === 0 || alias > client.core.limits.topicAliases)) {
    throw new ProtocolError(REASON.badAlias, `the topic alias ${alias} is not allowed`); // [MQTT-3.3.2-8] and 9
  }
  const known = topic === '' && alias !== undefined ? client.aliasesIn?.get(alias) : topic;
  if (known === undefined || known === '') {
    throw new ProtocolError(REASON.protocolError, 'a message without a topic'); // [MQTT-3.3.2-1]
  }
  if (!isTopicName(known)) throw new ProtocolError(REASON.badTopic, 'the topic has wildcards or too many levels'); // [MQTT-3.3.2-2]
  const answerTo = properties?.responseTopic;
  if (answerTo !== undefined && !isTopicName(answerTo)) {
    throw new ProtocolError(REASON.protocolError, 'the response topic is not a topic name'); // [MQTT-3.3.2-14]
  }
  if (alias !== undefined && topic !== '') {
    client.aliasesIn ??= new Map();
    client.aliasesIn.set(alias, topic);
  }
  return known;
}

function put(core: Core, message: Message): Refusal | undefined {
  const { bus } = core;
  // Clearing a retained command is what HB181 advises: there is none here, and it is no command itself.
  if (message.retain && isEmpty(message) && isCommandTopic(message.topic)) return undefined;
  if (!bus.hasRoomFor(message)) {
    return { reason: REASON.quota, code: 'HB189', why: 'the store of retained messages is full' };
  }
  if (!bus.put(message)) return { reason: REASON.quota, code: 'HB185', why: 'the bus is full' };
  markRetained(core, message);
  return undefined;
}

function propsOf({ properties }: IPublishPacket, bytes: Buffer, now: number): Props | undefined {
  if (properties?.userProperties === undefined) return makeProps(properties, now);
  return makeProps(properties, now, readUserPairs(bytes));
}

/** What may stay for long is copied out of the chunk it came in, or a few bytes would keep 64 KB. */
function payloadOf({ payload, retain, qos }: IPublishPacket): Buffer {
  if (typeof payload === 'string') return Buffer.from(payload);
  if (!retain && qos === 0) return payload;
  const copy = Buffer.allocUnsafeSlow(payload.length);
  payload.copy(copy);
  return copy;
}

/** [MQTT-4.3.2-4], [MQTT-4.3.3-8] */
function answer(client: Client, { qos, messageId = 0 }: IPublishPacket, refusal: Refusal | undefined): void {
  if (qos === 0) return;
  // 3.1.1 cannot say no: a message that can never be taken is acknowledged and dropped, one that may be is not.
  if (client.version < 5 && (refusal?.code === 'HB185' || refusal?.code === 'HB122')) {
    client.fail(new ProtocolError(refusal.reason, refusal.why));
    return;
  }
  const cmd = qos === 1 ? 'puback' : 'pubrec';
  if (refusal === undefined || client.version < 5) {
    client.send({ cmd, messageId, reasonCode: 0 });
    return;
  }
  const properties = client.terms?.wantsReasons === true ? { reasonString: `${refusal.code}: ${refusal.why}` } : {};
  client.send({ cmd, messageId, reasonCode: refusal.reason, properties });
}

function count(client: Client): void {
  client.core.counts.messagesIn += 1;
  client.messagesIn += 1;
}

function refuse(client: Client, session: Session, topic: string, { reason, code, why }: Refusal): void {
  const { core, peer } = client;
  core.counts.dropped.refused += 1;
  session.delivery.drops.refused += 1;
  tally(core.counts.refusedMessages, code);
  session.record.fail({ reason, code, why, time: core.clock.now() });
  if (client.hasComplained) return;
  client.hasComplained = true;
  core.complain('a message was refused', { code, topic, why, client: session.clientId, address: peer.address });
}
