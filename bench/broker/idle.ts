import type { Row } from './case.ts';
import { openSubscriber, sleep, type Target } from './client.ts';
import { memoryMb } from './usage.ts';

const CONNECTIONS = 1_000;
const AT_ONCE = 50;
/** Time for the broker to collect its garbage. */
const SETTLE_MS = 3_000;

/** Memory of a connection with one subscription that says nothing: the first thousand, and the next. */
export async function idle({ port, pid }: Target): Promise<Row> {
  await sleep(1_000);
  const empty = memoryMb(pid);
  const start = performance.now();
  await connectThousand(port, 0);
  const connectMs = performance.now() - start;
  await sleep(SETTLE_MS);
  const first = memoryMb(pid);
  await connectThousand(port, CONNECTIONS);
  await sleep(SETTLE_MS);
  const second = memoryMb(pid);
  return {
    kbEach: ((first - empty) * 1e3) / CONNECTIONS,
    kbNext: ((second - first) * 1e3) / CONNECTIONS,
    connectMs,
    emptyMb: empty,
    memoryMb: second,
  };
}

async function connectThousand(port: number, from: number): Promise<void> {
  for (let index = from; index < from + CONNECTIONS; index += AT_ONCE) {
    await Promise.all(Array.from({ length: AT_ONCE }, (_, offset) => connectOne(port, index + offset)));
  }
}

async function connectOne(port: number, index: number): Promise<void> {
  await openSubscriber(port, `idle-${index}`, `bench/idle/d${index}/value`, 0);
}
