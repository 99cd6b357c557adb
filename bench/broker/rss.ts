import type { Row } from './case.ts';
import { sleep, type Target } from './client.ts';
import { openFlows } from './closed-loop.ts';
import { highest } from './frozen.ts';
import { makeHistogram } from './histogram.ts';
import { memoryMb } from './usage.ts';

const SETTLE_MS = 5_000;

/** Memory at rest after the start, at its highest under load of three kinds at once, and at rest again. */
export async function rss({ port, pid, seconds }: Target): Promise<Row> {
  await sleep(SETTLE_MS);
  const idleMb = memoryMb(pid);
  const latency = makeHistogram();
  const flows = [
    ...(await openFlows({ name: 'zero', qos: 0, window: 250, pairs: 10 }, port, latency)),
    ...(await openFlows({ name: 'one', qos: 1, window: 100, pairs: 10 }, port, latency)),
    ...(await openFlows({ name: 'fan', qos: 0, window: 100, fan: 100 }, port, latency)),
  ];
  for (const flow of flows) flow.start();
  const loadMb = await highest(pid, seconds * 2_000);
  const deliveries = flows.reduce((total, flow) => total + flow.deliveries, 0);
  for (const flow of flows) flow.stop();
  await sleep(SETTLE_MS);
  return { idleMb, loadMb, afterMb: memoryMb(pid), outRate: deliveries / (seconds * 2) };
}
