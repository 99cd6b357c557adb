import { setTimeout as sleep } from 'node:timers/promises';
import type { IClientOptions, MqttClient, OnMessageCallback } from 'mqtt';
import { dial, KEEPER } from './dial.ts';
import { type Answer, type Job, machineMs, type Sent, type Span, type Story, type Taken } from './events.ts';
import { readActs, readRecords } from './outside.ts';

/** The times of commands are between these; ms. */
const TTL_MS = { least: 200, most: 2_000 };
/** Every command has an id; this many of the newest are sent again now and then. */
const REPEATABLE = 200;
/** Two commands and a job go out so often: 200 and 100 a second. */
const BEAT_MS = 10;
const NODE = 'chaos';

type Random = () => number;
type Packet = { readonly retain: boolean; readonly properties?: { readonly userProperties?: object } };

/** Talks to a node as clients do, life after life, and writes everything down. */
export class Load {
  readonly #port: number;
  readonly #random: Random;
  readonly #told = {
    sent: Array.of<Sent>(),
    taken: Array.of<Taken>(),
    lives: Array.of<Span>(),
    answers: Array.of<Answer>(),
    jobs: Array.of<Job>(),
    heard: new Set<string>(),
    readings: Array.of<readonly [string, number, number]>(),
  };
  #keeper: MqttClient | undefined;
  #sender: MqttClient | undefined;
  #isRunning = false;
  #count = 0;
  #life = 0;
  #from = 0;
  #lastHeard = 0;

  constructor(port: number, random: Random) {
    this.#port = port;
    this.#random = random;
  }

  /**
   * Resolves when the node serves: the lasting session is open again. Gives up after a minute. `keeps` false: the lasting
   * session is left waiting, with nobody to hear. What waited in the session belongs to the life before.
   */
  async connect(keeps = true): Promise<void> {
    this.#keeper = await this.#dial(KEEPER, (topic, payload, packet) => this.#hear(topic, payload.toString(), packet));
    this.#from = machineMs();
    this.#sender = await this.#dial({ clientId: 'sender', clean: true });
    await this.#keeper.subscribeAsync(['jobs/#', `hanbus/${NODE}/+/+/$ack`], { qos: 1 });
    await this.#keeper.subscribeAsync(`hanbus/${NODE}/dev/+`, { qos: 0 });
    if (!keeps) await this.#keeper.endAsync();
    this.#life += 1;
  }

  hasHeard(payload: string): boolean {
    return this.#told.heard.has(payload);
  }

  /** Resolves when nothing of jobs and answers was heard for so long, ms. */
  async quiet(ms: number): Promise<void> {
    const from = machineMs();
    while (machineMs() - Math.max(this.#lastHeard, from) < ms) await sleep(10);
  }

  /** What waited before now is of the life before. */
  beginLife(): void {
    this.#life += 1;
  }

  /** What another load has sent before. */
  async sendAgain(commands: readonly Sent[]): Promise<void> {
    await Promise.all(commands.map((sent) => this.#publish(...commandOf(sent))));
  }

  /** Retained messages by topic. */
  async retain(messages: ReadonlyMap<string, string>): Promise<void> {
    for (const [topic, text] of messages) await this.#sender?.publishAsync(topic, text, { qos: 1, retain: true });
  }

  /** Sends until `stop`: 200 commands and 100 jobs a second. */
  start(): void {
    this.#isRunning = true;
    void this.#send();
  }

  /** From now on nothing is asked for. */
  rest(): void {
    this.#isRunning = false;
  }

  /** The node is about to end: it is not asked for answers any more. To be called before `end`. */
  endLife(): void {
    this.#told.lives.push({ from: this.#from, to: machineMs() });
  }

  /** The node is gone: nothing more can come. */
  async stop(): Promise<void> {
    this.#isRunning = false;
    await this.#keeper?.endAsync(true);
    await this.#sender?.endAsync(true);
  }

  /** Sends `once` commands again that were sent in earlier lives. */
  async repeat(howMany: number): Promise<void> {
    await this.sendAgain(this.#told.sent.filter(({ mode }) => mode === 'once').slice(-howMany));
  }

  /** All so far; with what the process of the node wrote outside its data. */
  story(folder: string): Story {
    return { ...this.#told, acts: readActs(folder), records: readRecords(folder) };
  }

  async #dial(options: IClientOptions, hear: OnMessageCallback = () => undefined): Promise<MqttClient> {
    const until = machineMs() + 60_000;
    for (;;) {
      try {
        return await dial(this.#port, options, hear);
      } catch (error) {
        if (machineMs() > until) throw error;
        await sleep(5);
      }
    }
  }

  #hear(topic: string, text: string, packet: Packet): void {
    const { heard, answers, readings } = this.#told;
    if (topic.startsWith('jobs/')) heard.add(text);
    else if (topic.endsWith('/$ack')) {
      const { id, st, code } = JSON.parse(text) as { id: string; st: string; code?: string };
      answers.push({ id, state: st, code, at: machineMs(), life: this.#life });
    } else if (!packet.retain && !topic.includes('$')) {
      const { e, s } = { e: 0, s: 0, ...packet.properties?.userProperties };
      readings.push([topic, Number(e), Number(s)]);
      return;
    }
    this.#lastHeard = machineMs();
  }

  async #send(): Promise<void> {
    const from = machineMs();
    let beat = 0;
    while (this.#isRunning) {
      for (; beat * BEAT_MS < machineMs() - from; beat += 1) {
        for (let one = 0; one < 2; one += 1) this.#command();
        this.#job();
        if (this.#random() < 0.1) this.#again();
      }
      await sleep(BEAT_MS / 2);
    }
  }

  #command(): void {
    this.#count += 1;
    const id = `c${this.#count}`;
    const mode = this.#random() < 0.5 ? 'once' : 'set';
    const isTimed = this.#random() < 0.5;
    const ttlMs = Math.round(TTL_MS.least + this.#random() * (TTL_MS.most - TTL_MS.least));
    const sent: Sent = { id, value: this.#count, mode, isTimed, at: machineMs(), wall: Date.now(), ttlMs };
    this.#told.sent.push(sent);
    void this.#publish(...commandOf(sent)).then((isTaken) => {
      if (isTaken) this.#told.taken.push({ id, at: machineMs() });
    });
  }

  #again(): void {
    const back = Math.floor(this.#random() * Math.min(REPEATABLE, this.#count)) + 1;
    const sent = this.#told.sent.at(-back);
    if (sent?.mode === 'once') void this.sendAgain([sent]);
  }

  #job(): void {
    const payload = `job ${this.#count} ${this.#random()}`;
    void this.#publish(`jobs/${this.#count % 7}`, payload).then((isTaken) => {
      if (isTaken) this.#told.jobs.push({ payload, acknowledgedAt: machineMs() });
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

/** Topic and payload; the same each time that it is sent. */
export function commandOf({ id, value: v, mode, ttlMs: ttl, isTimed, wall }: Sent): [topic: string, payload: string] {
  const topic = `hanbus/${NODE}/dev/p${Number(id.slice(1)) % 3}/$cmd`;
  return [topic, JSON.stringify({ id, v, mode, ttl, ...(isTimed ? { at: wall } : {}) })];
}
