// From starting `hanbus up` to the first reading on an MQTT client in another process; then memory when idle.
import { connectAsync } from 'mqtt';
import { type Measured, startHanbus } from './node-process.ts';
import { print } from './print.ts';

const RUNS = 5;
const SETTLE_MS = 10_000;
const PATIENCE_MS = 20_000;

const sleep = (ms: number): Promise<void> => new Promise((done) => setTimeout(done, ms));
const isReading = (topic: string): boolean => topic.split('/').length === 4 && !topic.includes('$');

async function connect(port: number, until: number): ReturnType<typeof connectAsync> {
  for (;;) {
    try {
      return await connectAsync({ host: '127.0.0.1', port, protocolVersion: 5, reconnectPeriod: 0 });
    } catch (error) {
      if (performance.now() > until) throw error;
      await sleep(10);
    }
  }
}

/** Milliseconds until a reading came, and how many different points came within the time to settle. */
async function firstReading(
  node: Measured,
  settleMs: number,
): Promise<{ readonly at: number; readonly points: number }> {
  const client = await connect(node.port, performance.now() + PATIENCE_MS);
  const points = new Set<string>();
  try {
    const at = await new Promise<number>((done, fail) => {
      client.on('message', (topic) => {
        if (!isReading(topic)) return;
        points.add(topic);
        done(performance.now());
      });
      setTimeout(() => fail(new Error('no reading came')), PATIENCE_MS).unref();
      client.subscribeAsync('hanbus/#').catch(fail);
    });
    await sleep(settleMs);
    return { at, points: points.size };
  } finally {
    client.end(true);
  }
}

const median = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[values.length >> 1] ?? Number.NaN;

const times: number[] = [];
let last = { points: 0, megabytes: Number.NaN };
for (let run = 1; run <= RUNS; run += 1) {
  const start = performance.now();
  const node = await startHanbus();
  try {
    const isLast = run === RUNS;
    const { at, points } = await firstReading(node, isLast ? SETTLE_MS : 0);
    times.push(at - start);
    if (isLast) last = { points, megabytes: node.residentMb() };
  } finally {
    await node.stop();
  }
}
print({
  'cold start to first reading, median of 5, ms': Math.round(median(times)),
  'cold start, slowest of 5, ms': Math.round(Math.max(...times)),
  'points of this board': last.points,
  'idle memory with these points, MB': Math.round(last.megabytes * 10) / 10,
});
