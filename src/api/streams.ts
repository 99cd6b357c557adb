import type { Bus } from '../bus/bus.ts';
import { type Message, readingOf, textOf } from '../bus/message.ts';
import type { Clock } from '../kit/clock.ts';
import { HanbusError } from '../kit/errors.ts';
import type { WatchLine } from '../schemes/contracts.ts';
import { type FeedLimits, LineFeed } from './line-feed.ts';

export const FEED_LIMITS: FeedLimits = { waiting: 1_000, stalledMs: 30_000 };

/** Streams open at one time. */
const MOST_STREAMS = 32;

export interface StreamQuestion {
  /** An MQTT topic filter. */
  readonly filter: string;
  /** The retained messages first. */
  readonly retained: boolean;
}

export interface Streams {
  /** What the bus carries on this filter, as JSON lines (`watch/1`). */
  open(question: StreamQuestion): ReadableStream<Uint8Array>;
  closeAll(): void;
}

export function makeStreams(bus: Bus, clock: Clock, limits: FeedLimits = FEED_LIMITS): Streams {
  const feeds = new Set<LineFeed>();
  let count = 0;
  return {
    open({ filter, retained }) {
      checkFilter(filter);
      if (feeds.size >= MOST_STREAMS) {
        throw new HanbusError('HB163', `${MOST_STREAMS} programs are watching already`, {
          fix: 'stop one of the other hanbus watch commands',
        });
      }
      // A snapshot: what is published from here on comes after it.
      const opening = retained ? [...bus.retained(filter)] : [];
      count += 1;
      const options = { origin: `api:stream-${count}` };
      const detach = bus.subscribe(filter, (message) => push(message, clock.now()), options);
      const push = (message: Message, now: number) => feed.push(() => lineOf(message, false, now));
      const onEnd = () => {
        detach();
        feeds.delete(feed);
      };
      const feed = new LineFeed(lines(opening, clock.now()), { clock, limits, onEnd });
      feeds.add(feed);
      return feed.body;
    },
    closeAll() {
      for (const feed of feeds) feed.close();
    },
  };
}

function* lines(messages: readonly Message[], now: number): Generator<WatchLine> {
  for (const message of messages) yield lineOf(message, true, now);
}

/** `retain` as MQTT has it: true for what was there before the reader came. */
function lineOf(message: Message, retain: boolean, now: number): WatchLine {
  const time = readingOf(message)?.time ?? now;
  return { hanbus: 'watch/1', time, topic: message.topic, payload: textOf(message), retain };
}

/** MQTT 5, 4.7.1: `#` stands alone and last, `+` stands alone; not empty, 65,535 bytes at most. */
function checkFilter(filter: string): void {
  const levels = filter.split('/');
  const wrong = levels.some(
    (level, index) =>
      (level.includes('#') && (level !== '#' || index < levels.length - 1)) || (level.includes('+') && level !== '+'),
  );
  if (filter !== '' && !wrong && Buffer.byteLength(filter) <= 65_535) return;
  throw new HanbusError('HB158', `"${filter.slice(0, 80)}" is not a topic filter`, {
    fix: 'write it as hanbus/kitchen/#',
  });
}
