import type { ISubscribePacket, ISubscription } from 'mqtt-packet';
import { parseShared } from '../bus/subscription.ts';
import type { Client } from './client.ts';
import { ProtocolError, REASON } from './reason.ts';
import type { Session } from './session.ts';
import type { Refusal } from './topic-rights.ts';
import { isShared, isTopicFilter } from './topic-rules.ts';

/** MQTT 5, 3.8.3.1: when retained messages are sent. */
const RETAINED_IF_NEW = 1;
const RETAINED_NEVER = 2;

/** MQTT 5 and 3.1.1, 3.8: SUBSCRIBE. One code per filter in SUBACK, in the same order. [MQTT-3.8.4-6] */
export function onSubscribe(client: Client, session: Session, packet: ISubscribePacket): void {
  const { messageId = 0, subscriptions, properties } = packet;
  if (subscriptions.length === 0) throw new ProtocolError(REASON.protocolError, 'SUBSCRIBE without a filter'); // [MQTT-3.8.3-2]
  const id = properties?.subscriptionIdentifier;
  if (id === 0) throw new ProtocolError(REASON.protocolError, 'the subscription identifier is 0'); // 3.8.2.1.2
  const fed: string[] = [];
  const refusals: Refusal[] = [];
  const granted = subscriptions.map((wanted) => subscribe(client, session, { wanted, id, fed, refusals }));
  const told = client.terms?.wantsReasons === true ? reasonOf(refusals) : {};
  client.send({ cmd: 'suback', messageId, granted, properties: told });
  for (const filter of fed) session.feedRetained(filter);
}

interface Request {
  readonly wanted: ISubscription;
  readonly id: number | undefined;
  /** Takes the filters whose retained messages are to be sent. */
  readonly fed: string[];
  /** Takes why filters were refused. */
  readonly refusals: Refusal[];
}

/** The code for one filter: the QoS granted, or why not. */
function subscribe(client: Client, session: Session, { wanted, id, fed, refusals }: Request): number {
  const { topic: filter, qos, nl = false, rap = false, rh = 0 } = wanted;
  if (!isTopicFilter(filter)) return refuse(client, refusals, BAD_FILTER);
  if (nl && isShared(filter) && client.version === 5) {
    throw new ProtocolError(REASON.protocolError, 'no local on a shared subscription'); // [MQTT-3.8.3-4]
  }
  const denied = client.rights.read(parseShared(filter)?.filter ?? filter);
  if (denied !== undefined) return refuse(client, refusals, denied);
  if (!session.hasRoomFor(filter)) return refuse(client, refusals, TOO_MANY);
  const isNew = session.subscribe({
    filter,
    qos,
    noLocal: nl && !isShared(filter),
    retainAsPublished: rap,
    ...(id === undefined ? {} : { id }),
  });
  if (rh !== RETAINED_NEVER && (isNew || rh !== RETAINED_IF_NEW)) fed.push(filter); // [MQTT-3.3.1-9] to 11
  return qos;
}

const BAD_FILTER: Refusal = { reason: REASON.badFilter, code: 'HB180', why: 'this is not a topic filter' };
const TOO_MANY: Refusal = { reason: REASON.quota, code: 'HB180', why: 'there are too many subscriptions' };

/** 3.1.1 has one code for all refusals. */
function refuse(client: Client, refusals: Refusal[], refusal: Refusal): number {
  refusals.push(refusal);
  const { core, peer, session } = client;
  const { code, why, reason } = refusal;
  if (!client.hasComplained) {
    client.hasComplained = true;
    core.complain('a subscription was refused', { code, why, client: session?.clientId, address: peer.address });
  }
  return client.version === 5 ? reason : 0x80;
}

function reasonOf([first]: readonly Refusal[]): { reasonString?: string } {
  return first === undefined ? {} : { reasonString: `${first.code}: ${first.why}` };
}
