import type { Packet } from 'mqtt-packet';
import { connect, makeTestBroker, type PacketClient, publishPacket, turns } from '../packet-client.ts';

/** Tight enough that every limit is met. */
const LIMITS = {
  queueMessages: 24,
  queueBytes: 60_000,
  sessionMessages: 6,
  sessionBytes: 20_000,
  waitingBytes: 90_000,
  inflight: 4,
  sessions: 3,
  receiveMaximum: 3,
};

/** The retained store holds few messages. */
const BUS_LIMITS = { retained: 3, queue: 100, turn: 40 };

const FILTERS = ['t/0', 't/+', '#', '$share/g/t/#', 't/1'];
const SIZES = [3, 300, 7_000];
const SPANS_S = { clean: 0, short: 5, long: 600 };

/** What happens next: an act, and what it is done with as far as it matters to it. */
export interface Step {
  readonly act: Act;
  /** Which client. */
  readonly seat: number;
  readonly version: 4 | 5;
  readonly span: keyof typeof SPANS_S;
  readonly topic: number;
  readonly qos: 0 | 1 | 2;
  readonly size: number;
  readonly count: number;
  /** A message has an expiry, a client takes small packets only. */
  readonly isSpecial: boolean;
}

export type Act = keyof typeof ACTS;

/** A broker, four clients, and a node that publishes. */
export class LedgerWorld {
  readonly world = makeTestBroker(LIMITS, undefined, BUS_LIMITS);
  readonly clients = new Map<number, PacketClient>();
  #id = 10;

  async play(step: Step): Promise<void> {
    await ACTS[step.act](step, this);
    await turns();
  }

  /** The client of a seat when it can speak. */
  at(seat: number): PacketClient | undefined {
    const client = this.clients.get(seat);
    return client === undefined || client.isClosed || client.stream.destroyed ? undefined : client;
  }

  nextId(): number {
    this.#id = (this.#id % 60_000) + 10;
    return this.#id;
  }

  async stop(): Promise<void> {
    const stopping = this.world.broker.stop();
    await turns();
    await this.world.clock.advance(1_000);
    await stopping;
  }
}

const ACTS = {
  again({ seat }: Step, day: LedgerWorld) {
    for (const dup of [false, true]) day.at(seat)?.send(publishPacket('t/2', 'x', { qos: 2, messageId: 9, dup }));
  },
  answer({ seat, count }: Step, day: LedgerWorld) {
    const client = day.at(seat);
    for (const packet of client?.inbox.splice(0, count) ?? []) {
      const reply = replyTo(packet);
      if (reply !== undefined) client?.send(reply);
    }
  },
  break({ seat }: Step, day: LedgerWorld) {
    day.at(seat)?.stream.destroy();
  },
  bye({ seat }: Step, day: LedgerWorld) {
    day.at(seat)?.send({ cmd: 'disconnect', reasonCode: 0 });
  },
  async connect({ seat, version, span, isSpecial }: Step, day: LedgerWorld) {
    const properties = {
      sessionExpiryInterval: SPANS_S[span],
      ...(isSpecial ? { maximumPacketSize: 500, receiveMaximum: 2 } : {}),
    };
    const will = { topic: `t/${seat}`, payload: Buffer.from('gone'), qos: 1 as const, retain: seat === 0 };
    const options = { clientId: `c${seat}`, clean: span === 'clean', will, ...(version === 5 ? { properties } : {}) };
    const { client, connack } = await connect(day.world, version, options);
    if ((connack.reasonCode ?? connack.returnCode) === 0) day.clients.set(seat, client);
  },
  /** The connection breaks while messages are on their way to it. */
  dash(step: Step, day: LedgerWorld) {
    ACTS.flood(step, day);
    day.at(step.seat)?.stream.destroy();
  },
  flood({ qos, size, count, isSpecial }: Step, { world }: LedgerWorld) {
    const payload = payloadOf(size);
    const timed = isSpecial ? { props: { expiresAt: world.clock.now() + 1_000 } } : {};
    for (let at = 0; at < count * 5; at += 1) {
      world.bus.publish({ topic: `t/${at % 4}`, payload, qos, origin: 'node', ...timed });
    }
  },
  forbidden({ seat, qos }: Step, day: LedgerWorld) {
    day.at(seat)?.send(publishPacket('$no/entry', 'x', { qos, messageId: day.nextId() }));
  },
  freeze({ seat }: Step, day: LedgerWorld) {
    day.at(seat)?.stream.pause();
  },
  garbage({ seat }: Step, day: LedgerWorld) {
    day.at(seat)?.sendBytes(Buffer.from([0xf7, 0, 0, 0]));
  },
  kick({ seat }: Step, { world }: LedgerWorld) {
    world.broker.kick(`c${seat}`);
  },
  say({ seat, version, topic, qos, size, isSpecial }: Step, day: LedgerWorld) {
    const properties = isSpecial && version === 5 ? { properties: { messageExpiryInterval: 1 } } : {};
    const more = { qos, messageId: day.nextId(), retain: topic > 3, ...properties };
    day.at(seat)?.send(publishPacket(`t/${topic}`, payloadOf(size), more));
  },
  subscribe({ seat, topic, qos }: Step, day: LedgerWorld) {
    const filter = FILTERS[topic % FILTERS.length] ?? '#';
    day.at(seat)?.send({ cmd: 'subscribe', messageId: day.nextId(), subscriptions: [{ topic: filter, qos }] });
  },
  thaw({ seat }: Step, day: LedgerWorld) {
    day.at(seat)?.stream.resume();
  },
  unsubscribe({ seat, topic }: Step, day: LedgerWorld) {
    const filter = FILTERS[topic % FILTERS.length] ?? '#';
    day.at(seat)?.send({ cmd: 'unsubscribe', messageId: day.nextId(), unsubscriptions: [filter] });
  },
  async wait({ count }: Step, { world }: LedgerWorld) {
    await world.clock.advance(count * 1_000);
  },
};

const payloadOf = (size: number): string => 'x'.repeat(SIZES[size % SIZES.length] ?? 1);

function replyTo({ cmd, messageId = 0, ...packet }: Packet): Packet | undefined {
  if (cmd === 'publish' && 'qos' in packet && packet.qos === 1) return { cmd: 'puback', messageId };
  if (cmd === 'publish' && 'qos' in packet && packet.qos === 2) return { cmd: 'pubrec', messageId };
  if (cmd === 'pubrel') return { cmd: 'pubcomp', messageId };
  if (cmd === 'pubrec') return { cmd: 'pubrel', messageId };
  return undefined;
}
