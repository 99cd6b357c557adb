import type { Message } from '../bus/message.ts';
import type { Subscription } from '../bus/subscription.ts';
import type { Source } from './pending-queue.ts';
import { isShared } from './topic-rules.ts';

/** What a client asked for with one filter. MQTT 5, 3.8.3.1. */
export interface SubscriptionRequest {
  readonly filter: string;
  readonly qos: 0 | 1 | 2;
  readonly noLocal: boolean;
  readonly retainAsPublished: boolean;
  /** Subscription identifier. */
  readonly id?: number;
}

/** One filter of one session, as the bus knows it. */
export interface ClientSubscription extends Subscription, SubscriptionRequest, Source {
  readonly noLocal: boolean;
  readonly isShared: boolean;
}

/** Who gets the messages of a subscription: its session. */
export interface Recipient {
  readonly origin: string;
  readonly isReady: boolean;
  deliver(message: Message, subscription: ClientSubscription): void;
}

const NO_IDS: readonly number[] = [];

export function makeClientSubscription(request: SubscriptionRequest, recipient: Recipient): ClientSubscription {
  const subscription: ClientSubscription = {
    ...request,
    origin: recipient.origin,
    isShared: isShared(request.filter),
    get shared() {
      return subscription.isShared ? subscription : undefined;
    },
    ids: request.id === undefined ? NO_IDS : [request.id],
    deliver: (message) => recipient.deliver(message, subscription),
    isReady: () => recipient.isReady,
  };
  return subscription;
}
