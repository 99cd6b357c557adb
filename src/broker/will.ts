import type { IConnectPacket } from 'mqtt-packet';
import type { Message } from '../bus/message.ts';
import type { Rights } from './access.ts';
import { answerRefusal } from './answer-rights.ts';
import { makeProps } from './props.ts';
import { REASON } from './reason.ts';
import { isTopicName } from './topic-rules.ts';

/** What is said for a client that went without goodbye. MQTT 5, 3.1.2.5. */
export interface Will {
  readonly topic: string;
  readonly delayMs: number;
  /** The message as published at `now`, wall time in ms: its expiry counts from there. */
  message(now: number): Message;
}

export interface WillWish {
  readonly will: NonNullable<IConnectPacket['will']>;
  /** Its user properties in their order, where it has any. [MQTT-3.1.3-10] */
  readonly user: [string, string][] | undefined;
  readonly origin: string;
  readonly rights: Rights;
}

/** The will of a CONNECT, or the reason code that refuses it. */
export function makeWill({ will, user, origin, rights }: WillWish): Will | number {
  const { topic, payload, qos = 0, retain = false, properties } = will;
  if (!isTopicName(topic)) return REASON.badTopic;
  const bytes = Buffer.from(payload);
  const refusal =
    rights.write({ topic, retain, isEmpty: false }) ?? answerRefusal(rights, topic, properties?.responseTopic);
  if (refusal !== undefined) return REASON.notAuthorised;
  return {
    topic,
    delayMs: (properties?.willDelayInterval ?? 0) * 1_000,
    message(now) {
      const message = { topic, payload: bytes, qos, retain, origin };
      const props = makeProps(properties, now, user);
      return props === undefined ? message : { ...message, props };
    },
  };
}
