import type { Broker } from '../../src/broker/broker.ts';
import { turns } from '../broker/packet-client.ts';
import { openRawLink, type RawLink } from './raw-link.ts';
import { readPublish } from './read-frames.ts';
import { acknowledge, connect, publish, subscribe, type Version } from './wire.ts';

/** Turns after which a message that is still not there is lost. */
const PATIENCE = 400;

interface Bystander {
  readonly link: RawLink;
  readonly hears: string;
  readonly says: string;
  readonly expected: string[];
}

/** Two honest clients, one of MQTT 5 and one of 3.1.1, that talk to each other whatever the others do. */
export class Bystanders {
  readonly #both: readonly Bystander[];
  #count = 0;

  constructor(broker: Broker) {
    this.#both = [
      open(broker, 5, 'bystander-of-5', 'bystander-of-4'),
      open(broker, 4, 'bystander-of-4', 'bystander-of-5'),
    ];
  }

  /** Once both are subscribed. */
  async ready(): Promise<void> {
    const isReady = () => this.#both.every(({ link }) => link.inbox.some(({ packet }) => packet.cmd === 'suback'));
    for (let turn = 0; turn < PATIENCE && !isReady(); turn += 1) await turns(1);
  }

  /** Each says something to the other with QoS 1. */
  speak(): void {
    this.#count += 1;
    for (const [index, one] of this.#both.entries()) {
      const words = `${this.#count}`;
      one.link.write(
        publish(one.link.version, {
          topic: one.says,
          payload: Buffer.from(words),
          qos: 1,
          id: 1 + (this.#count % 60_000),
        }),
      );
      this.#both[1 - index]?.expected.push(words);
    }
  }

  /** Waits until both have heard all, exactly once and in order. Throws when they do not. */
  async listen(): Promise<void> {
    for (let turn = 0; turn < PATIENCE; turn += 1) {
      for (const one of this.#both) take(one);
      if (this.#both.every(({ expected }) => expected.length === 0)) return;
      await turns(1);
    }
    const missing = this.#both.map(
      ({ expected, hears, link }) => `${hears}: ${expected.length} missing, closed ${link.isClosed}`,
    );
    throw new Error(`a bystander does not get its messages: ${missing.join('; ')}`);
  }

  leave(): void {
    for (const { link } of this.#both) link.destroy();
  }
}

function open(broker: Broker, version: Version, hears: string, says: string): Bystander {
  const link = openRawLink(broker, version);
  link.write(connect(version, { clientId: hears, clean: true }));
  link.write(subscribe(version, 1, [{ filter: hears, options: 1 }]));
  return { link, hears, says, expected: [] };
}

function take({ link, expected, hears }: Bystander): void {
  for (const { packet, bytes } of link.inbox.splice(0)) {
    if (packet.cmd !== 'publish') continue;
    const { id, payload, topic, qos, dup } = readPublish(link.version, bytes);
    const next = expected.shift();
    if (topic !== hears || qos !== 1 || dup || payload.toString() !== next) {
      throw new Error(`${hears} got ${payload.toString()} on ${topic} of QoS ${qos}, not ${next}`);
    }
    link.write(acknowledge('puback', id));
  }
}
