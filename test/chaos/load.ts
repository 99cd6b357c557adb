import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { connectAsync, type IClientOptions, type MqttClient } from 'mqtt';
import { type Act, type Answer, type Job, machineMs, type Sent, type Story } from './events.ts';

const TTL_MS = 2_000;
/** Every command has an id; this many of the newest are sent again now and then. */
const REPEATABLE = 200;
const NODE = 'chaos';

type Random = () => number;

/** Talks to a node as clients do, life after life, and writes everything down. */
export class Load {
  readonly #port: number;
  readonly #random: Random;
  readonly #sent: Sent[] = [];
  readonly #answers: Answer[] = [];
  readonly #jobs: Job[] = [];
  readonly #heard = new Set<string>();
  readonly #readings: (readonly [string, number, number])[] = [];
  #keeper: MqttClient | undefined;
  #sender: MqttClient | undefined;
  #isRunning = false;
  #count = 0;
  #life = 0;

  constructor(port: number, random: Random) {
    this.#port = port;
    this.#random = random;
  }

  /**
   * Resolves when the node serves: the lasting session is open again. Gives up after a minute. `keeps` false: the lasting
   * session is left waiting, with nobody to hear.
   */
  async connect(keeps = true): Promise<void> {
    this.#life += 1;
    this.#keeper = await this.#dial({
      clientId: 'keeper',
      clean: false,
      properties: { sessionExpiryInterval: 86_400 },
    });
    this.#keeper.on('message', (topic, payload, packet) => this.#hear(topic, payload.toString(), packet));
    this.#sender = await this.#dial({ clientId: 'sender', clean: true });
    await this.#keeper.subscribeAsync(['jobs/#', `hanbus/${NODE}/+/+/$ack`], { qos: 1 });
    await this.#keeper.subscribeAsync(`hanbus/${NODE}/+/r0`, { qos: 0 });
    if (!keeps) await this.#keeper.endAsync();
  }

  hasHeard(payload: string): boolean {
    return this.#heard.has(payload);
  }

  /** What another load has sent before. */
  async sendAgain(commands: readonly Sent[]): Promise<void> {
    await Promise.all(commands.map((sent) => this.#publish(this.#topicOf(sent.id), textOf(sent))));
  }

  /** Sends until `stop`: 200 commands and 100 jobs a second. */
  start(): void {
    this.#isRunning = true;
    void this.#send();
  }

  /** The node is gone: nothing more can come. */
  async stop(): Promise<void> {
    this.#isRunning = false;
    await this.#keeper?.endAsync(true);
    await this.#sender?.endAsync(true);
  }

  get counts(): { sent: number; jobs: number } {
    return { sent: this.#sent.length, jobs: this.#jobs.length };
  }

  /** Sends `once` commands again that were sent in earlier lives. */
  async repeat(howMany: number): Promise<void> {
    await this.sendAgain(this.#sent.filter(({ mode }) => mode === 'once').slice(-howMany));
  }

  story(actsFile: string): Story {
    const acts: Act[] = readFileSync(actsFile, 'utf8')
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => {
        const [value = 0, at = 0] = line.split(' ').map(Number);
        return { value, at };
      });
    const { sent, answers, jobs, heard, readings } = {
      sent: this.#sent,
      answers: this.#answers,
      jobs: this.#jobs,
      heard: this.#heard,
      readings: this.#readings,
    };
    return { sent, answers, acts, jobs, heard, readings };
  }

  async #dial(options: IClientOptions): Promise<MqttClient> {
    const until = machineMs() + 60_000;
    for (;;) {
      try {
        const all = { reconnectPeriod: 0, protocolVersion: 5 as const, connectTimeout: 5_000, ...options };
        const client = await connectAsync(`mqtt://127.0.0.1:${this.#port}`, all, false);
        client.on('error', () => undefined);
        return client;
      } catch (error) {
        if (machineMs() > until) throw error;
        await sleep(5);
      }
    }
  }

  #hear(topic: string, text: string, packet: { retain: boolean; properties?: { userProperties?: object } }): void {
    if (topic.startsWith('jobs/')) this.#heard.add(text);
    else if (topic.endsWith('/$ack')) {
      const { id, st } = JSON.parse(text) as { id: string; st: string };
      this.#answers.push({ id, state: st, at: machineMs(), life: this.#life });
    } else if (!packet.retain) {
      const { e, s } = { e: 0, s: 0, ...packet.properties?.userProperties };
      this.#readings.push([topic, Number(e), Number(s)]);
    }
  }

  async #send(): Promise<void> {
    while (this.#isRunning) {
      for (let one = 0; one < 2; one += 1) this.#command();
      this.#job();
      if (this.#random() < 0.1) this.#again();
      await sleep(10);
    }
  }

  #command(): void {
    this.#count += 1;
    const id = `c${this.#count}`;
    const mode = this.#random() < 0.5 ? 'once' : 'set';
    const isTimed = this.#random() < 0.5;
    const times = { at: machineMs(), wall: Date.now(), ttlMs: TTL_MS };
    const sent: Sent = { id, value: this.#count, mode, isTimed, ...times };
    this.#sent.push(sent);
    void this.#publish(this.#topicOf(id), textOf(sent));
  }

  #again(): void {
    const back = Math.floor(this.#random() * Math.min(REPEATABLE, this.#count)) + 1;
    const sent = this.#sent.at(-back);
    if (sent?.mode === 'once') void this.sendAgain([sent]);
  }

  #topicOf(id: string): string {
    return `hanbus/${NODE}/dev/p${Number(id.slice(1)) % 3}/$cmd`;
  }

  #job(): void {
    const payload = `job ${this.#count} ${this.#random()}`;
    const done = this.#publish(`jobs/${this.#count % 7}`, payload);
    void done.then((isTaken) => {
      if (isTaken) this.#jobs.push({ payload, acknowledgedAt: machineMs() });
    });
  }

  /** True when it was acknowledged; a connection that ends says no. */
  async #publish(topic: string, payload: string): Promise<boolean> {
    const client = this.#sender;
    if (client?.connected !== true) return false;
    const packet = await client.publishAsync(topic, payload, { qos: 1 }).catch(() => undefined);
    return packet !== undefined;
  }
}

/** The same for each time that it is sent. */
function textOf({ id, value: v, mode, ttlMs: ttl, isTimed, wall }: Sent): string {
  return JSON.stringify({ id, v, mode, ttl, ...(isTimed ? { at: wall } : {}) });
}
