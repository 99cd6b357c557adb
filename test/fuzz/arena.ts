import type { Duplex } from 'node:stream';
import { makeTestBroker, type TestBroker, turns } from '../broker/packet-client.ts';
import { makeDuplexPair } from '../fakes/duplex-pair.ts';
import { Bystanders } from './bystanders.ts';
import type { Action, Script } from './script.ts';
import { makeSlowAccess } from './slow-access.ts';
import { wrongSums } from './sums.ts';
import { WildLink } from './wild-link.ts';

/** Small, so that everything is full soon. */
export const LIMITS = {
  packetBytes: 200_000,
  queueMessages: 200,
  queueBytes: 300_000,
  waitingBytes: 1_000_000,
  sessionMessages: 60,
  sessionBytes: 100_000,
  inflight: 10,
  receiveMaximum: 5,
  topicAliases: 4,
  subscriptionsPerClient: 20,
  filterLevels: 300,
  allFilterLevels: 1_000,
  sessions: 12,
  unknownSockets: 10,
};
const BUS_LIMITS = { retained: 30, retainedBytes: 300_000 };

/** Whether a login takes time depends on the name alone, so that a script does the same alone as among others. */
const ACCESS = makeSlowAccess(({ length }) => [0, 0, 1, 4][length % 4] ?? 0);

/** No action may keep the processor longer, in ms. */
const LONGEST_MS = 1_000;
/** Turns after which what must come has come. */
const QUIET_TURNS = 6;
/** What has not come after so long, in ms, never comes. */
const PATIENCE_MS = 10_000;

/** Opens a stream to the broker. */
export type Dial = (world: TestBroker) => Promise<Duplex>;

export const dialMemory: Dial = async ({ broker }) => {
  const { near, far } = makeDuplexPair();
  broker.attach(far, { address: 'memory' });
  return near;
};

/** One broker, two bystanders, and whoever a script sends in. */
export class Arena {
  readonly #world = makeTestBroker(LIMITS, undefined, BUS_LIMITS, ACCESS);
  readonly #bystanders = new Bystanders(this.#world.broker);
  readonly #dial: Dial;
  #links = new Map<string, WildLink>();
  #isReady = false;

  constructor(dial: Dial = dialMemory) {
    this.#dial = dial;
  }

  /** Plays one script. Throws when the broker did what it must not. */
  async play(script: Script): Promise<void> {
    if (!this.#isReady) await this.#bystanders.ready();
    this.#isReady = true;
    this.#bystanders.speak();
    for (const [step, action] of script.entries()) {
      try {
        await this.#timed(action);
      } catch (error) {
        throw new Error(`at step ${step} (${action.do}): ${String(error)}`, { cause: error });
      }
    }
    this.#bystanders.speak();
    await this.#bystanders.listen();
    for (const link of this.#links.values()) link.destroy();
    await this.#until(() => [...this.#links.values()].every(({ isClosed }) => isClosed), 'a connection does not close');
    await turns(QUIET_TURNS);
    this.#check();
    this.#links = new Map();
  }

  /** Ends the broker: nothing may stay. */
  async close(): Promise<void> {
    const { broker, bus, clock } = this.#world;
    this.#bystanders.leave();
    await turns(QUIET_TURNS);
    await clock.advance(4_000_000);
    const stopping = broker.stop();
    await turns(QUIET_TURNS);
    await clock.advance(1_000);
    await stopping;
    await turns(QUIET_TURNS);
    const { clients, sessions, filterLevels, waitingBytes } = broker.counts;
    const left = { clients, sessions, filterLevels, waitingBytes, subscriptions: bus.counts.subscriptions };
    if (Object.values(left).some((count) => count !== 0)) throw new Error(`something stays: ${JSON.stringify(left)}`);
    const wrong = wrongSums(broker.counts);
    if (wrong.length > 0) throw new Error(`the counts do not add up: ${wrong.join('; ')}`);
  }

  async #timed(action: Action): Promise<void> {
    const before = process.cpuUsage();
    await this.#do(action);
    const { user, system } = process.cpuUsage(before);
    const ms = (user + system) / 1_000;
    if (ms > LONGEST_MS) throw new Error(`the broker was busy for ${Math.round(ms)} ms`);
    for (const link of this.#links.values()) if (link.fault !== undefined) throw new Error(link.fault);
  }

  async #do(action: Action): Promise<void> {
    switch (action.do) {
      case 'open':
        this.#links.get(action.who)?.destroy();
        this.#links.set(action.who, new WildLink(await this.#dial(this.#world), action.version));
        return;
      case 'turn':
        await turns(action.count);
        return;
      case 'clock':
        await this.#world.clock.advance(action.ms);
        return;
      case 'expect':
        await this.#expect(this.#links.get(action.who), action.reasons);
        return;
      case 'write':
        this.#links.get(action.who)?.write(action.bytes);
        return;
      case 'ack':
        this.#links.get(action.who)?.acknowledge(action.isBackward);
        return;
      case 'freeze':
        this.#links.get(action.who)?.freeze();
        return;
      case 'thaw':
        this.#links.get(action.who)?.thaw();
        return;
      case 'half':
        this.#links.get(action.who)?.end();
        return;
      case 'drop':
        this.#links.get(action.who)?.destroy();
        return;
    }
  }

  async #expect(link: WildLink | undefined, reasons: readonly number[] | 'open'): Promise<void> {
    if (link === undefined) throw new Error('nobody of that name');
    if (reasons === 'open') {
      await turns(QUIET_TURNS);
      if (link.isClosed || !link.isAccepted) throw new Error('not served');
      return;
    }
    await this.#until(() => link.isClosed, 'the connection is open still');
    if (link.version < 5 || (!link.isAccepted && link.lastReason === undefined)) return;
    if (!reasons.includes(link.lastReason ?? -1)) throw new Error(`closed with ${link.lastReason?.toString(16)}`);
  }

  async #until(isSo: () => boolean, otherwise: string): Promise<void> {
    for (const end = performance.now() + PATIENCE_MS; performance.now() < end && !isSo(); ) await turns(1);
    if (!isSo()) throw new Error(otherwise);
  }

  #check(): void {
    const { broker, lines } = this.#world;
    const errors = lines.filter(({ level }) => level === 'error');
    for (const { text, fields } of errors) {
      const { error } = fields;
      throw new Error(`${text}: ${error instanceof Error ? error.stack : JSON.stringify(fields)}`);
    }
    lines.length = 0;
    const { clients, sessions, waitingBytes, filterLevels } = broker.counts;
    if (clients !== 2) throw new Error(`${clients} clients, but only the bystanders are here`);
    if (waitingBytes < 0 || waitingBytes > LIMITS.waitingBytes) throw new Error(`${waitingBytes} bytes wait`);
    if (sessions > LIMITS.sessions) throw new Error(`${sessions} sessions`);
    if (filterLevels < 2 || filterLevels > LIMITS.allFilterLevels) throw new Error(`${filterLevels} filter levels`);
  }
}

/** Plays scripts on a broker of their own. */
export async function playAlone(scripts: readonly Script[], dial: Dial = dialMemory): Promise<void> {
  const arena = new Arena(dial);
  for (const script of scripts) await arena.play(script);
  await arena.close();
}
