import type { Client } from './client.ts';
import type { Session } from './session.ts';
import { isAt, type TopicEntry } from './topic-table.ts';
import { WireMessage } from './wire-message.ts';

/** The upper four bits of PUBLISH, and the flags of a message that is not QoS 2 or 3. */
const PUBLISH = 0x30;
const HAS_ID = 0x02;
const QOS_2 = 0x04;
const AGAIN = 0x08;
const RETAIN = 0x01;
const PUBACK = 0x40;
const PUBREC = 0x50;
const PUBREL = 0x62;
const PUBCOMP = 0x70;

/**
 * Reads the packets that make nearly all traffic where they lie: messages of QoS 0 and 1 without properties on a topic
 * that is plainly good; and acknowledgements without a reason. False: the packet, from
 * `start` to `end`, is for the codec, which also judges everything that is wrong.
 */
export function takeFast(client: Client, session: Session, bytes: Buffer, place: Place): boolean {
  const { start, bodyAt, end } = place;
  const first = bytes[start];
  if (first !== undefined && (first & 0xf0) === PUBLISH) return publish(client, session, bytes, place);
  if (end - bodyAt !== 2) return false;
  const id = ((bytes[bodyAt] ?? 0) << 8) | (bytes[bodyAt + 1] ?? 0);
  if (id === 0) return false;
  return acknowledge(client, session, first ?? 0, id);
}

/** Where a packet lies: its first byte, the first after its length, and one past its end. */
export interface Place {
  start: number;
  bodyAt: number;
  end: number;
}

/** [MQTT-4.3.2-3], [MQTT-4.3.3-4] and 11. What is out of order goes to the codec's handlers. */
function acknowledge(client: Client, session: Session, first: number, id: number): boolean {
  const { delivery } = session;
  switch (first) {
    case PUBACK:
    case PUBCOMP:
      delivery.done(id);
      break;
    case PUBREC:
      if (!delivery.release(id)) return false;
      client.acknowledge(PUBREL, id);
      break;
    case PUBREL:
      if (!session.received.delete(id)) return false;
      client.acknowledge(PUBCOMP, id);
      break;
    default:
      return false;
  }
  session.schedule();
  return true;
}

function publish(client: Client, session: Session, bytes: Buffer, { start, bodyAt, end }: Place): boolean {
  const flags = bytes[start] ?? 0;
  const hasId = (flags & HAS_ID) !== 0;
  if ((flags & QOS_2) !== 0 || (!hasId && (flags & AGAIN) !== 0)) return false;
  const topicAt = bodyAt + 2;
  const topicEnd = topicAt + (((bytes[bodyAt] ?? 0) << 8) | (bytes[bodyAt + 1] ?? 0));
  const propertiesAt = hasId ? topicEnd + 2 : topicEnd;
  const payloadAt = client.version === 5 ? propertiesAt + 1 : propertiesAt;
  if (payloadAt > end) return false;
  if (client.version === 5 && bytes[propertiesAt] !== 0) return false;
  const id = hasId ? ((bytes[topicEnd] ?? 0) << 8) | (bytes[topicEnd + 1] ?? 0) : 0;
  if (hasId && id === 0) return false;
  const retain = (flags & RETAIN) !== 0;
  if (retain && payloadAt === end) return false;
  const entry = entryFor(client, bytes, topicAt, topicEnd);
  if (entry === undefined || !isAllowed(entry, client, retain)) return false;
  const message = new WireMessage(entry.topic, session.origin, client.version, {
    ...{ bytes, start, end, payloadAt },
    idAt: topicEnd,
  });
  const { bus } = client.core;
  if (retain) {
    if (!bus.hasRoomFor(message)) return false;
    message.detach();
  }
  if (!bus.put(message)) return false;
  client.messagesIn += 1;
  client.core.counts.messagesIn += 1;
  client.core.counts.accepted += 1;
  if (hasId) client.acknowledge(PUBACK, id); // [MQTT-4.3.2-4]
  return true;
}

/** The topic, when it is plainly good or was found good before. */
function entryFor(client: Client, bytes: Buffer, start: number, end: number): TopicEntry | undefined {
  const { lastTopic, core } = client;
  if (lastTopic !== undefined && isAt(lastTopic, bytes, start, end)) return lastTopic;
  const entry = core.topics.find(bytes, start, end) ?? core.topics.learn(bytes, start, end);
  client.lastTopic = entry;
  return entry;
}

/** Whether the client may write there. Who may not gets its refusal from the codec's handler. */
function isAllowed(entry: TopicEntry, { rights }: Client, retain: boolean): boolean {
  if ((retain ? entry.allowedRetained : entry.allowed) === rights) return true;
  if (rights.write({ topic: entry.topic, retain, isEmpty: false }) !== undefined) return false;
  if (retain) entry.allowedRetained = rights;
  else entry.allowed = rights;
  return true;
}
