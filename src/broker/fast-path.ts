import type { Rights } from './access.ts';
import type { Client } from './client.ts';
import type { Core } from './core.ts';
import type { Place } from './framer.ts';
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
  const id = numberAt(bytes, bodyAt);
  if (id === 0) return false;
  return acknowledge(client, session, first ?? 0, id);
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
      if (delivery.kept?.hasReceived(id) === true || !session.received.delete(id)) return false;
      delivery.kept?.receivedChanged();
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
  if ((flags & QOS_2) !== 0 || (flags & (HAS_ID | AGAIN)) === AGAIN) return false;
  const idAt = bodyAt + 2 + numberAt(bytes, bodyAt);
  const payloadAt = payloadOf(client, bytes, idAt, (flags & HAS_ID) !== 0);
  // To clear a retained message is left to the codec's handler.
  const isClearing = (flags & RETAIN) !== 0 && payloadAt === end;
  if (payloadAt < 0 || payloadAt > end || isClearing) return false;
  const topic = topicFor(client, bytes, { start: bodyAt + 2, end: idAt }, (flags & RETAIN) !== 0);
  if (topic === undefined) return false;
  const place = { bytes, start, idAt, payloadAt, end };
  const { core } = client;
  if (!put(core, new WireMessage(topic, session.origin, client.version, place))) return false;
  client.messagesIn += 1;
  core.counts.messagesIn += 1;
  core.counts.accepted += 1;
  if ((flags & HAS_ID) !== 0) puback(client, numberAt(bytes, idAt));
  return true;
}

/** [MQTT-4.3.2-4] */
function puback(client: Client, id: number): void {
  if (client.acks.length === 0) client.acknowledge(PUBACK, id);
  else client.acks.follow(() => client.acknowledge(PUBACK, id));
}

/** Where the payload begins; -1 when there are properties, or a packet identifier of 0. */
function payloadOf({ version }: Client, bytes: Buffer, idAt: number, hasId: boolean): number {
  if (hasId && numberAt(bytes, idAt) === 0) return -1;
  const next = hasId ? idAt + 2 : idAt;
  if (version < 5) return next;
  return bytes[next] === 0 ? next + 1 : -1;
}

/** False: there is no room, and nothing has happened. */
function put({ bus, slabs, shelf }: Core, message: WireMessage): boolean {
  if (!message.retain) return bus.put(message);
  if (!bus.hasRoomFor(message)) return false;
  slabs.adopt(message);
  if (bus.put(message)) {
    shelf?.markRetained(message.topic, message.payloadLength);
    return true;
  }
  message.onReplaced();
  return false;
}

const numberAt = (bytes: Buffer, at: number): number => ((bytes[at] ?? 0) << 8) | (bytes[at + 1] ?? 0);

/** The topic, when it is plainly good and the client may write there. All others are for the codec's handler. */
function topicFor(client: Client, bytes: Buffer, { start, end }: Span, retain: boolean): string | undefined {
  const { lastTopic, core, rights } = client;
  const isLast = lastTopic !== undefined && isAt(lastTopic, bytes, start, end);
  const entry = isLast ? lastTopic : core.topics.find(bytes, start, end);
  if (entry === undefined && retain) {
    // Most retained topics come once: they are not worth a place in the table.
    const topic = core.topics.read(bytes, start, end);
    return topic === undefined || rights.write({ topic, retain, isEmpty: false }) !== undefined ? undefined : topic;
  }
  const known = entry ?? core.topics.learn(bytes, start, end);
  client.lastTopic = known;
  return known !== undefined && isAllowed(known, rights, retain) ? known.topic : undefined;
}

interface Span {
  readonly start: number;
  readonly end: number;
}

function isAllowed(entry: TopicEntry, rights: Rights, retain: boolean): boolean {
  if ((retain ? entry.allowedRetained : entry.allowed) === rights) return true;
  if (rights.write({ topic: entry.topic, retain, isEmpty: false }) !== undefined) return false;
  if (retain) entry.allowedRetained = rights;
  else entry.allowed = rights;
  return true;
}
