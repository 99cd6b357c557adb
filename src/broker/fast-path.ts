import type { Client } from './client.ts';
import type { Session } from './session.ts';
import { isAt, type TopicEntry } from './topic-table.ts';
import { WireMessage } from './wire-message.ts';

const PUBLISH_0 = 0x30;
const PUBLISH_1 = 0x32;
const PUBLISH_1_AGAIN = 0x3a;
const PUBACK = 0x40;
const PUBREC = 0x50;
const PUBREL = 0x62;
const PUBCOMP = 0x70;

/**
 * Reads the packets that make nearly all traffic where they lie: messages of QoS 0 and 1 that are not retained and have
 * no properties, on a topic that was found good before; and acknowledgements without a reason. False: the packet, from
 * `start` to `end`, is for the codec, which also judges everything that is wrong.
 */
export function takeFast(client: Client, session: Session, bytes: Buffer, place: Place): boolean {
  const { start, bodyAt, end } = place;
  const first = bytes[start];
  if (first === PUBLISH_0 || first === PUBLISH_1 || first === PUBLISH_1_AGAIN) {
    return publish(client, session, bytes, place);
  }
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
  const topicAt = bodyAt + 2;
  const topicEnd = topicAt + (((bytes[bodyAt] ?? 0) << 8) | (bytes[bodyAt + 1] ?? 0));
  const hasId = bytes[start] !== PUBLISH_0;
  const propertiesAt = hasId ? topicEnd + 2 : topicEnd;
  const payloadAt = client.version === 5 ? propertiesAt + 1 : propertiesAt;
  if (payloadAt > end) return false;
  if (client.version === 5 && bytes[propertiesAt] !== 0) return false;
  const id = hasId ? ((bytes[topicEnd] ?? 0) << 8) | (bytes[topicEnd + 1] ?? 0) : 0;
  if (hasId && id === 0) return false;
  const entry = entryFor(client, bytes, topicAt, topicEnd);
  if (entry === undefined) return false;
  const message = new WireMessage(entry.topic, session.origin, client.version, {
    ...{ bytes, start, end, payloadAt },
    idAt: topicEnd,
  });
  if (!client.core.bus.put(message)) return false;
  client.messagesIn += 1;
  client.core.counts.messagesIn += 1;
  if (hasId) client.acknowledge(PUBACK, id); // [MQTT-4.3.2-4]
  return true;
}

/** The topic, when it was found good and the client may write there. */
function entryFor(client: Client, bytes: Buffer, start: number, end: number): TopicEntry | undefined {
  const { lastTopic, rights } = client;
  const isLast = lastTopic !== undefined && isAt(lastTopic, bytes, start, end);
  const entry = isLast ? lastTopic : client.core.topics.find(bytes, start, end);
  if (entry === undefined || entry.allowed === rights) {
    client.lastTopic = entry;
    return entry;
  }
  if (rights.write({ topic: entry.topic, retain: false, isEmpty: false }) !== undefined) return undefined;
  entry.allowed = rights;
  client.lastTopic = entry;
  return entry;
}
