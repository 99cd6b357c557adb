import { generate } from 'mqtt-packet';
import { type Client, openClient, openSubscriber, sleep, until } from '../broker/client.ts';
import { type Histogram, makeHistogram } from '../broker/histogram.ts';
import { cpuSeconds, memoryMb } from '../broker/usage.ts';
import { Counter } from '../broker/wire.ts';

/** Whom to load: its port, its processes, and how many rules it has. */
export interface RulesTarget {
  readonly port: number;
  readonly pids: readonly number[];
  readonly rules: number;
  readonly seconds: number;
}

export interface RulesRow {
  /** Messages in, a second. */
  readonly inRate: number;
  /** Processor time of all its processes for one message in; us. */
  readonly cpuUs: number;
  /** At 1,000 messages a second, from when a message was due until its answer came; us. */
  readonly p50Us: number;
  readonly p99Us: number;
  readonly memoryMb: number;
  readonly lost: number;
}

const WARM_UP_MS = 2_000;
/** Messages in that are under way. */
const WINDOW = 400;
const STEADY_RATE = 1_000;
const RING = 4_000;
/** Prime, so that neighbouring messages go to rules far apart. */
const STRIDE = 7_919;

/** Every second message is over the limit of its rule and comes out again. */
export async function loadRules({ port, pids, rules, seconds }: RulesTarget): Promise<RulesRow> {
  const subscriber = await openSubscriber(port, 'rules-out', 'bench/out/#', 0);
  const sender = await openClient(port, 'rules-in');
  const line = new Line(sender, subscriber, rules);
  line.fill();
  await sleep(WARM_UP_MS);
  const cpu = () => pids.reduce((sum, pid) => sum + cpuSeconds(pid), 0);
  const [cpuBefore, inBefore, from] = [cpu(), line.sent, performance.now()];
  await sleep(seconds * 1_000);
  const [cpuAfter, inAfter, to] = [cpu(), line.sent, performance.now()];
  line.drains();
  await until('the last messages', () => line.missing === 0, 10_000).catch(() => undefined);
  const lost = line.missing;
  const memory = pids.reduce((sum, pid) => sum + memoryMb(pid), 0);
  const latency = await line.steady(seconds);
  return {
    inRate: ((inAfter - inBefore) / (to - from)) * 1_000,
    cpuUs: ((cpuAfter - cpuBefore) / (inAfter - inBefore)) * 1e6,
    p50Us: latency.quantile(0.5) * 1e3,
    p99Us: latency.quantile(0.99) * 1e3,
    memoryMb: memory,
    lost,
  };
}

/** One publisher and one subscriber, with a window of messages between them. */
class Line {
  readonly #sender: Client;
  readonly #counter = new Counter();
  readonly #packets: readonly Buffer[];
  #heardBefore = 0;
  #isDraining = false;
  sent = 0;
  onHeard: () => void = () => undefined;

  constructor(sender: Client, subscriber: Client, rules: number) {
    this.#sender = sender;
    this.#packets = Array.from({ length: RING }, (_, index) => packetFor(index, rules));
    subscriber.receive = (bytes) => {
      this.#counter.take(bytes);
      this.onHeard();
    };
    this.onHeard = () => this.fill();
  }

  get heard(): number {
    return this.#counter.publishes - this.#heardBefore;
  }

  /** Messages that should have come out and have not. */
  get missing(): number {
    return Math.floor(this.sent / 2) - this.heard;
  }

  fill(): void {
    if (this.#isDraining) return;
    const room = WINDOW - (this.sent - this.heard * 2);
    if (room < WINDOW / 4) return;
    this.send(room - (room % 2));
  }

  drains(): void {
    this.#isDraining = true;
  }

  send(count: number): void {
    const packets = Array.from(
      { length: count },
      (_, index) => this.#packets[(this.sent + index) % RING] ?? Buffer.alloc(0),
    );
    this.sent += count;
    this.#sender.socket.write(packets.length === 1 ? (packets[0] ?? '') : Buffer.concat(packets));
  }

  /** A thousand messages a second on a schedule. */
  async steady(seconds: number): Promise<Histogram> {
    const latency = makeHistogram();
    const count = seconds * STEADY_RATE;
    this.sent = 0;
    this.#heardBefore = this.#counter.publishes;
    const start = performance.now() + 50;
    const dueAt = (index: number) => start + (index * 1_000) / STEADY_RATE;
    let known = 0;
    this.onHeard = () => {
      const now = performance.now();
      // The second message of each pair comes out.
      for (; known < this.heard; known += 1) if (known > STEADY_RATE / 2) latency.add(now - dueAt(known * 2 + 1), 1);
    };
    while (this.sent < count) {
      if (performance.now() >= dueAt(this.sent)) this.send(1);
      await new Promise<void>((resolve) => void setImmediate(resolve));
    }
    await until('the last answers', () => this.missing === 0, 10_000).catch(() => undefined);
    return latency;
  }
}

function packetFor(index: number, rules: number): Buffer {
  const topic = `bench/in/${(Math.floor(index / 2) * STRIDE) % rules}`;
  const v = index % 2 === 0 ? 20 + (index % 30) : 60 + (index % 30) / 2;
  const payload = JSON.stringify({ v, unit: 'C', device: 'sensor', number: index, where: 'bench', ok: true });
  return generate({ cmd: 'publish', topic, payload, qos: 0, dup: false, retain: false });
}
