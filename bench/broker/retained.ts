import type { Row } from './case.ts';
import { openClient, subscribePacket, type Target, until } from './client.ts';
import { PINGREQ, publishPacket } from './packets.ts';
import { between, memoryMb, usageOf } from './usage.ts';
import { Counter } from './wire.ts';

const TOPICS = 10_000;
const PATIENCE_MS = 30_000;

/** So many retained topics stored by a broker that has just started, then given to a new subscriber of everything. */
export async function retained(target: Target): Promise<Row> {
  const stored = await store(target);
  const loaded = await load(target);
  return { ...stored, ...loaded, memoryMb: memoryMb(target.pid) };
}

/** The answer to a ping that follows the messages says that they were read. */
async function store({ port, pid }: Target): Promise<Row> {
  const packets = Buffer.concat(
    Array.from({ length: TOPICS }, (_, index) =>
      publishPacket({ topic: `bench/retained/d${index % 100}/p${index}`, qos: 0, retain: true }),
    ),
  );
  const publisher = await openClient(port, 'pub-retained');
  const counter = new Counter();
  publisher.receive = (bytes) => counter.take(bytes);
  const before = usageOf(pid);
  publisher.socket.write(packets);
  publisher.socket.write(PINGREQ);
  await soon('the answer to the ping', () => counter.others > 0);
  const { seconds, brokerSeconds } = between(before, usageOf(pid));
  return { storeRate: TOPICS / seconds, storeUs: (brokerSeconds * 1e6) / TOPICS };
}

async function load({ port, pid }: Target): Promise<Row> {
  const subscriber = await openClient(port, 'sub-retained');
  const counter = new Counter();
  let firstAt = 0;
  subscriber.receive = (bytes) => {
    counter.take(bytes);
    if (firstAt === 0 && counter.publishes > 0) firstAt = performance.now();
  };
  const before = usageOf(pid);
  subscriber.socket.write(subscribePacket('#', 0));
  await soon(`${TOPICS} retained messages`, () => counter.publishes >= TOPICS);
  const { seconds, brokerSeconds } = between(before, usageOf(pid));
  const firstMs = firstAt - before.at * 1e3;
  return { loadRate: TOPICS / seconds, loadUs: (brokerSeconds * 1e6) / TOPICS, firstMs };
}

/** Looks at each turn of the loop: a load takes few milliseconds. */
async function soon(what: string, isSo: () => boolean): Promise<void> {
  const end = performance.now() + PATIENCE_MS;
  while (!isSo()) {
    if (performance.now() > end) return until(what, isSo, 1);
    await new Promise((done) => setImmediate(done));
  }
}
