import type { Row } from './case.ts';
import { openSubscriber, sleep, type Target, until } from './client.ts';
import { makeHistogram } from './histogram.ts';
import { clockMs, startSender } from './schedule.ts';
import { between, memoryMb, usageOf } from './usage.ts';
import { Counter } from './wire.ts';

const RATE = 1_000;
const WARM_UP = 2_000;
const TOPIC = 'bench/steady/d0000/value';

/** A thousand messages a second on a schedule; each one's time counts from when it was due. */
export async function steady(qos: 0 | 1, { port, pid, seconds }: Target): Promise<Row> {
  const count = WARM_UP + seconds * 2 * RATE;
  const subscriber = await openSubscriber(port, 'sub-steady', TOPIC, qos);
  const latency = makeHistogram();
  const counter = new Counter();
  const sender = startSender({ port, topic: TOPIC, qos, everyMs: 1_000 / RATE, count });
  let heard = 0;
  subscriber.receive = (bytes) => {
    counter.take(bytes);
    const now = clockMs();
    for (; heard < counter.publishes; heard += 1) {
      if (heard >= WARM_UP) latency.add(now - sender.startMs - (heard * 1_000) / RATE, 1);
    }
    const answers = counter.answers();
    if (answers !== undefined) subscriber.socket.write(answers);
  };
  await until('the warm-up', () => heard >= WARM_UP || sender.failure() !== undefined, 15_000);
  const failure = sender.failure();
  if (failure !== undefined) throw failure;
  const [before, first] = [usageOf(pid), heard];
  await sleep(seconds * 2 * 1_000 - 200);
  const [after, last] = [usageOf(pid), heard];
  await until('the last messages', () => heard >= count, 5_000).catch(() => undefined);
  const memory = memoryMb(pid);
  await sender.stop();
  const { seconds: took, brokerSeconds, ...shares } = between(before, after);
  return {
    cpuUs: (brokerSeconds * 1e6) / (last - first),
    inRate: RATE,
    outRate: (last - first) / took,
    p50Us: latency.quantile(0.5) * 1e3,
    p99Us: latency.quantile(0.99) * 1e3,
    ...shares,
    memoryMb: memory,
    lost: count - heard,
  };
}
