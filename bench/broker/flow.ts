import type { Client } from './client.ts';
import type { Histogram } from './histogram.ts';
import type { Ring } from './packets.ts';
import { Counter } from './wire.ts';

export interface FlowPlan {
  readonly publisher: Client;
  readonly subscribers: readonly Client[];
  /** `all`: each message goes to every subscriber. `turns`: to one after the other. */
  readonly share: 'all' | 'turns';
  readonly ring: Ring;
  readonly qos: 0 | 1;
  /** Messages under way at most: sent, and not yet delivered or not yet acknowledged. */
  readonly window: number;
  readonly latency: Histogram;
}

/** One publisher that sends as fast as its messages arrive: a closed loop. */
export interface Flow {
  readonly sent: number;
  readonly deliveries: number;
  /** Messages sent that did not reach everybody yet. */
  readonly missing: number;
  start(): void;
  /** Sends no more; what is under way still counts. */
  stop(): void;
}

/** Batches whose time of sending is remembered; a subscriber is never further behind. */
const BATCHES = 65_536;

export function makeFlow({ publisher, subscribers, share, ring, qos, window, latency }: FlowPlan): Flow {
  const fan = share === 'all' ? subscribers.length : 1;
  const stride = share === 'all' ? 1 : subscribers.length;
  const batchEnds = new Float64Array(BATCHES);
  const batchTimes = new Float64Array(BATCHES);
  const acks = new Counter();
  let batch = 0;
  let sent = 0;
  let deliveries = 0;
  let isRunning = false;

  const refill = (): void => {
    if (!isRunning) return;
    const done = Math.min(Math.floor(deliveries / fan), qos === 0 ? sent : acks.acks);
    const room = window - (sent - done);
    if (room < window / 2) return;
    batchEnds[batch % BATCHES] = sent + room;
    batchTimes[batch % BATCHES] = performance.now();
    batch += 1;
    sent += room;
    publisher.socket.write(ring.next(room));
  };
  publisher.receive = (bytes) => {
    acks.take(bytes);
    refill();
  };
  subscribers.forEach((subscriber, offset) => {
    const counter = new Counter();
    let heard = 0;
    let cursor = 0;
    /** Adds up how long the messages since `heard` took: those of one batch were sent at once. */
    const note = (): void => {
      const now = performance.now();
      while (heard < counter.publishes && cursor < batch) {
        const end = batchEnds[cursor % BATCHES] ?? 0;
        const upTo = Math.min(counter.publishes, share === 'all' ? end : Math.ceil((end - offset) / stride));
        if (upTo > heard) {
          latency.add(now - (batchTimes[cursor % BATCHES] ?? 0), upTo - heard);
          heard = upTo;
        }
        if (heard < counter.publishes) cursor += 1;
      }
    };
    subscriber.receive = (bytes) => {
      const before = counter.publishes;
      counter.take(bytes);
      deliveries += counter.publishes - before;
      const answers = counter.answers();
      if (answers !== undefined) subscriber.socket.write(answers);
      note();
      refill();
    };
  });
  return {
    get sent() {
      return sent;
    },
    get deliveries() {
      return deliveries;
    },
    get missing() {
      return sent * fan - deliveries;
    },
    start() {
      isRunning = true;
      refill();
    },
    stop() {
      isRunning = false;
    },
  };
}
