import type { Row } from './case.ts';
import { type Client, openClient, openSubscriber, sleep, type Target, until } from './client.ts';
import { type Flow, makeFlow } from './flow.ts';
import { type Histogram, makeHistogram } from './histogram.ts';
import { makeRing } from './packets.ts';
import { between, memoryMb, usageOf } from './usage.ts';

export interface LoopPlan {
  /** Part of topics and client ids, for several plans at one broker. */
  readonly name?: string;
  readonly qos: 0 | 1;
  /** Messages under way, in each flow. */
  readonly window: number;
  /** Publishers with a topic and a subscriber each. */
  readonly pairs?: number;
  /** Subscribers of the one topic. */
  readonly fan?: number;
  /** Topics of one publisher, over ten subscribers of a wildcard each. */
  readonly topics?: number;
}

const WARM_UP_MS = 2_000;
const DRAIN_MS = 5_000;
const WILDCARDS = 10;
/** Different packets of a publisher: a multiple of the topics, and more than are under way. */
const RING = 2_000;

const pad = (index: number): string => String(index).padStart(4, '0');

/** Messages as fast as the broker hands them on, and what each cost it. */
export async function closedLoop(plan: LoopPlan, target: Target): Promise<Row> {
  const latency = makeHistogram();
  const flows = await openFlows(plan, target.port, latency);
  for (const flow of flows) flow.start();
  await sleep(WARM_UP_MS);
  latency.clear();
  const count = () => ({ sent: sum(flows, 'sent'), deliveries: sum(flows, 'deliveries') });
  const [before, first] = [usageOf(target.pid), count()];
  await sleep(target.seconds * 1_000);
  const [after, last] = [usageOf(target.pid), count()];
  const memory = memoryMb(target.pid);
  for (const flow of flows) flow.stop();
  const drained = until('the last messages', () => sum(flows, 'missing') === 0, DRAIN_MS);
  await drained.catch(() => undefined);
  const { seconds, brokerSeconds, ...shares } = between(before, after);
  const deliveries = last.deliveries - first.deliveries;
  if (deliveries === 0) throw new Error(`nothing was delivered; ${sum(flows, 'missing')} messages are missing`);
  return {
    cpuUs: (brokerSeconds * 1e6) / deliveries,
    inRate: (last.sent - first.sent) / seconds,
    outRate: deliveries / seconds,
    p50Us: latency.quantile(0.5) * 1e3,
    p99Us: latency.quantile(0.99) * 1e3,
    ...shares,
    memoryMb: memory,
    lost: sum(flows, 'missing'),
  };
}

const sum = (flows: readonly Flow[], key: 'sent' | 'deliveries' | 'missing'): number =>
  flows.reduce((total, flow) => total + flow[key], 0);

/** Connects everybody, and ties them together. */
export async function openFlows(plan: LoopPlan, port: number, latency: Histogram): Promise<Flow[]> {
  const { name = 'loop', qos, window, pairs, fan, topics } = plan;
  const flows: Flow[] = [];
  for (let pair = 0; pair < (pairs ?? 1); pair += 1) {
    const names = topics === undefined ? [`bench/${name}/d${pad(pair)}/value`] : spreadTopics(topics);
    const filters = topics === undefined ? Array.from({ length: fan ?? 1 }, () => names[0] ?? '') : spreadFilters();
    const subscribers: Client[] = [];
    for (const [index, filter] of filters.entries()) {
      subscribers.push(await openSubscriber(port, `${name}-sub-${pair}-${index}`, filter, qos));
    }
    const publisher = await openClient(port, `${name}-pub-${pair}`);
    const ring = makeRing({ topics: names, qos, size: RING, most: window });
    const share = topics === undefined ? 'all' : 'turns';
    flows.push(makeFlow({ publisher, subscribers, share, ring, qos, window, latency }));
  }
  return flows;
}

/** Neighbouring messages go to different subscribers: the worst order for a broker that gathers runs. */
const spreadTopics = (count: number): string[] =>
  Array.from({ length: count }, (_, index) => `bench/spread/d${pad(index % WILDCARDS)}/p${pad(index)}`);

const spreadFilters = (): string[] => Array.from({ length: WILDCARDS }, (_, index) => `bench/spread/d${pad(index)}/+`);
