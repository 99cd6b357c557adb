import type { Row } from './case.ts';
import { type Client, openClient, subscribePacket, type Target, within } from './client.ts';
import { PINGREQ, publishPacket } from './packets.ts';
import { between, memoryMb, usageOf } from './usage.ts';
import { Counter } from './wire.ts';

const TOPICS = 10_000;
const PATIENCE_MS = 30_000;

/** So many retained topics stored by a broker that has just started, then given to a new subscriber of everything. */
export async function retained(target: Target): Promise<Row> {
  const packets = Buffer.concat(
    Array.from({ length: TOPICS }, (_, index) =>
      publishPacket({ topic: `bench/retained/d${index % 100}/p${index}`, qos: 0, retain: true }),
    ),
  );
  warmUp(packets);
  const stored = await store(target, packets);
  const loaded = await load(target);
  return { ...stored, ...loaded, memoryMb: memoryMb(target.pid) };
}

/** The load is over in a moment: this side must be compiled by then. */
function warmUp(packets: Uint8Array): void {
  for (let round = 0; round < 20; round += 1) new Counter().take(packets);
}

/** The answer to a ping that follows the messages says that they were read. */
async function store({ port, pid }: Target, packets: Uint8Array): Promise<Row> {
  const publisher = await openClient(port, 'pub-retained');
  const answered = counted(publisher, ({ others }) => others > 0);
  const before = usageOf(pid);
  publisher.socket.write(packets);
  publisher.socket.write(PINGREQ);
  await within(PATIENCE_MS, 'the answer to the ping', answered);
  const { seconds, brokerSeconds } = between(before, usageOf(pid));
  return { storeRate: TOPICS / seconds, storeUs: (brokerSeconds * 1e6) / TOPICS };
}

async function load({ port, pid }: Target): Promise<Row> {
  const subscriber = await openClient(port, 'sub-retained');
  let firstAt = 0;
  const loaded = counted(subscriber, ({ publishes }) => {
    if (firstAt === 0 && publishes > 0) firstAt = performance.now();
    return publishes >= TOPICS;
  });
  const before = usageOf(pid);
  subscriber.socket.write(subscribePacket('#', 0));
  await within(PATIENCE_MS, `${TOPICS} retained messages`, loaded);
  const { seconds, brokerSeconds } = between(before, usageOf(pid));
  const firstMs = firstAt - before.at * 1e3;
  return { loadRate: TOPICS / seconds, loadUs: (brokerSeconds * 1e6) / TOPICS, firstMs };
}

/** Resolves when enough came. */
function counted(client: Client, isEnough: (counter: Counter) => boolean): Promise<void> {
  const counter = new Counter();
  return new Promise((done) => {
    client.receive = (bytes) => {
      counter.take(bytes);
      if (isEnough(counter)) done();
    };
  });
}
