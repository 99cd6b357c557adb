import type { Row } from './case.ts';
import { type Client, openSubscriber, sleep, type Target, until } from './client.ts';
import { startSender } from './schedule.ts';
import { memoryMb } from './usage.ts';
import { Counter } from './wire.ts';

const TOPIC = 'bench/frozen/d0000/value';
const RATE = 1_000;
/** Large: the kernel alone swallows 20 s of small messages, and no broker would notice. */
const PAYLOAD_BYTES = 4_000;
const WATCHERS = 3;
const CALM_MS = 3_000;
const AFTER_MS = 3_000;

/** The longest silence since the last `reset`, in ms. */
interface Watch {
  readonly reset: () => void;
  readonly longestMs: () => number;
  readonly heard: () => number;
}

/** One of four subscribers of a busy topic stops reading; what do the others and the broker's memory notice? */
export async function frozen({ port, pid, long }: Target): Promise<Row> {
  const freezeMs = long ? 60_000 : 20_000;
  const victim = await openSubscriber(port, 'sub-frozen', TOPIC, 0);
  const victimWatch = watch(victim);
  const watches: Watch[] = [];
  for (let index = 0; index < WATCHERS; index += 1) {
    watches.push(watch(await openSubscriber(port, `sub-watch-${index}`, TOPIC, 0)));
  }
  let isClosed = false;
  victim.socket
    .once('error', () => undefined)
    .once('close', () => {
      isClosed = true;
    });
  const count = ((2 * CALM_MS + freezeMs + AFTER_MS) * RATE) / 1_000;
  const sender = startSender({ port, topic: TOPIC, qos: 0, everyMs: 1_000 / RATE, count, payloadBytes: PAYLOAD_BYTES });
  await until('the first messages', () => watches.every(({ heard }) => heard() > 500), 15_000);
  for (const { reset } of watches) reset();
  await sleep(CALM_MS);
  const calmMs = longest(watches);
  const before = memoryMb(pid);
  for (const { reset } of watches) reset();
  victim.socket.pause();
  const peak = await highest(pid, freezeMs);
  victim.socket.resume();
  await sleep(AFTER_MS);
  const gapMs = longest(watches);
  const sent = sender.sent();
  await sleep(100);
  await sender.stop();
  return {
    gapMs,
    calmMs,
    growthMb: peak - before,
    memoryMb: peak,
    missedByOthers: Math.max(0, sent - Math.min(...watches.map(({ heard }) => heard()))),
    missedByIt: Math.max(0, sent - victimWatch.heard()),
    closed: isClosed ? 1 : 0,
  };
}

const longest = (watches: readonly Watch[]): number => Math.max(...watches.map(({ longestMs }) => longestMs()));

function watch(client: Client): Watch {
  const counter = new Counter();
  let last = performance.now();
  let largest = 0;
  const note = (): number => {
    const now = performance.now();
    largest = Math.max(largest, now - last);
    return now;
  };
  client.receive = (bytes) => {
    counter.take(bytes);
    last = note();
  };
  return {
    reset() {
      largest = 0;
    },
    // A silence that lasts until now counts too.
    longestMs() {
      note();
      return largest;
    },
    heard: () => counter.publishes,
  };
}

/** The most memory that the process had meanwhile. */
export async function highest(pid: number, ms: number): Promise<number> {
  const end = performance.now() + ms;
  let most = 0;
  while (performance.now() < end) {
    most = Math.max(most, memoryMb(pid));
    await sleep(100);
  }
  return most;
}
