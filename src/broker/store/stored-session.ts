import type { Message } from '../../bus/message.ts';
import type { SubscriptionRequest } from '../client-subscription.ts';
import { type ByteReader, Malformed } from './byte-reader.ts';
import type { ByteWriter } from './byte-writer.ts';
import { readMessage, type StoredMessage, writeMessage } from './stored-message.ts';

/** A will that is not said yet. */
export interface WillToKeep {
  readonly delayMs: number;
  /** As published at `now`, wall time in ms. */
  message(now: number): Message;
}

/** What is kept of a session beside its messages. */
export interface SessionFacts {
  /** The version of MQTT that its client spoke last. */
  readonly version: 3 | 4 | 5;
  /** Name of the credential whose session it is. */
  readonly owner: string;
  /** How long it lives without a client, ms; 0: it is not kept. */
  readonly expiryMs: number;
  /** Wall time, ms; undefined: its client is there. */
  readonly disconnectedAt: number | undefined;
  readonly subscriptions: Iterable<SubscriptionRequest>;
  readonly will: WillToKeep | undefined;
}

export interface StoredWill extends WillToKeep {
  readonly topic: string;
  message(now: number): StoredMessage;
}

export interface StoredFacts extends SessionFacts {
  readonly subscriptions: readonly SubscriptionRequest[];
  readonly will: StoredWill | undefined;
}

const NO_LOCAL = 0x04;
const RETAIN_AS_PUBLISHED = 0x08;
const HAS_ID = 0x10;
const HAS_GONE = 0x10;
const HAS_WILL = 0x20;
const MOST_MS = 0xffff_ffff * 1_000;
const MOST_ID = 268_435_455;

export function writeFacts(writer: ByteWriter, facts: SessionFacts): void {
  const { version, owner, expiryMs, disconnectedAt, subscriptions, will } = facts;
  writer.byte(version | (disconnectedAt === undefined ? 0 : HAS_GONE) | (will === undefined ? 0 : HAS_WILL));
  writer.text(owner).number(Math.min(expiryMs, MOST_MS));
  if (disconnectedAt !== undefined) writer.number(Math.max(0, Math.round(disconnectedAt)));
  writer.list(subscriptions, (subscription) => writeSubscription(writer, subscription));
  if (will === undefined) return;
  writer.number(will.delayMs);
  writeMessage(writer, will.message(0)); // its expiry counts from when it is said
}

export function readFacts(reader: ByteReader): StoredFacts {
  const flags = reader.byte();
  const version = flags & 0x0f;
  if (flags > 63 || (version !== 3 && version !== 4 && version !== 5)) throw new Malformed('no such version of MQTT');
  const owner = reader.text();
  const expiryMs = reader.number(MOST_MS);
  const disconnectedAt = (flags & HAS_GONE) === 0 ? undefined : reader.number();
  const subscriptions = reader.list(() => readSubscription(reader));
  const will = (flags & HAS_WILL) === 0 ? undefined : readWill(reader);
  return { version, owner, expiryMs, disconnectedAt, subscriptions, will };
}

function writeSubscription(writer: ByteWriter, subscription: SubscriptionRequest): void {
  const { filter, qos, noLocal, retainAsPublished, id } = subscription;
  const options = (noLocal ? NO_LOCAL : 0) | (retainAsPublished ? RETAIN_AS_PUBLISHED : 0);
  writer.byte(qos | options | (id === undefined ? 0 : HAS_ID)).text(filter);
  if (id !== undefined) writer.number(id);
}

function readSubscription(reader: ByteReader): SubscriptionRequest {
  const flags = reader.byte();
  const qos = flags & 3;
  if (flags > 31 || (qos !== 0 && qos !== 1 && qos !== 2)) throw new Malformed('no such option of a subscription');
  const filter = reader.text();
  if (filter === '') throw new Malformed('a subscription without a filter');
  const retainAsPublished = (flags & RETAIN_AS_PUBLISHED) !== 0;
  const noLocal = (flags & NO_LOCAL) !== 0;
  const request: SubscriptionRequest = { filter, qos, noLocal, retainAsPublished };
  return (flags & HAS_ID) === 0 ? request : { ...request, id: reader.number(MOST_ID) };
}

function readWill(reader: ByteReader): StoredWill {
  const delayMs = reader.number(MOST_MS);
  const stored = readMessage(reader);
  return {
    topic: stored.topic,
    delayMs,
    message(now) {
      const expiryMs = stored.props?.expiresAt;
      return expiryMs === undefined ? stored : { ...stored, props: { ...stored.props, expiresAt: now + expiryMs } };
    },
  };
}
