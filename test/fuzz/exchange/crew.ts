import type { Broker } from '../../../src/broker/broker.ts';
import type { Random } from '../random.ts';
import { openRawLink, type RawLink } from '../raw-link.ts';
import { readPublish } from '../read-frames.ts';
import { acknowledge, connect, subscribe, type Version } from '../wire.ts';
import { describe, isMatch, type Owed, type Said, wordsOf } from './model.ts';

/** The subscription identifier of all members, MQTT 5. */
const ID = 77;

interface Member {
  readonly link: RawLink;
  /** Takes messages and answers none. */
  isOnStrike: boolean;
  /** QoS 1 messages that it took and did not acknowledge. */
  unanswered: string[];
}

/** The clients of one shared group: each message goes to exactly one of them. MQTT 5, 4.8.2 */
export class Crew {
  readonly #name: string;
  readonly #filter: string;
  readonly #version: Version;
  readonly #qos: 0 | 1 | 2;
  readonly #now: () => number;
  #members: Member[] = [];
  #joined = 0;
  /** What must come to some member, and how often. */
  readonly #owed = new Map<string, number>();

  constructor(name: string, random: Random, now: () => number) {
    this.#name = name;
    this.#now = now;
    this.#filter = random.pick(['#', 'a/#', '+/b', '+', 'é/#']);
    this.#version = random.pick([4, 5]);
    this.#qos = random.pick([0, 1, 2]);
  }

  get size(): number {
    return this.#members.length;
  }

  get heard(): number {
    return this.#members.reduce((sum, { link }) => sum + link.heard, 0);
  }

  /** One member more; its SUBACK is taken with what comes first. */
  join(broker: Broker): void {
    this.#joined += 1;
    const link = openRawLink(broker, this.#version);
    const filter = `$share/${this.#name}/${this.#filter}`;
    link.write(connect(this.#version, { clientId: `${this.#name}-${this.#joined}`, clean: true }));
    link.write(subscribe(this.#version, 1, [{ filter, options: this.#qos }], this.#version === 5 ? [[0x0b, ID]] : []));
    this.#members.push({ link, isOnStrike: false, unanswered: [] });
  }

  strike(random: Random): void {
    const member = random.any(this.#members);
    if (member !== undefined && this.size > 1) member.isOnStrike = true;
  }

  get isComplete(): boolean {
    return this.#members.every(({ isOnStrike }) => !isOnStrike);
  }

  /** Those who do not answer go; others must get what they did not acknowledge, but for QoS 2 that they had already. */
  dismiss(): void {
    for (const { link, isOnStrike, unanswered } of this.#members) {
      if (!isOnStrike) continue;
      link.destroy();
      for (const words of unanswered) this.#owe(words, 1);
    }
    this.#members = this.#members.filter(({ isOnStrike }) => !isOnStrike);
  }

  route(said: Said): void {
    if (!isMatch(this.#filter, said.topic) || this.size === 0) return;
    const owed: Owed = { said, qos: said.qos < this.#qos ? said.qos : this.#qos, retain: false, ids: [ID] };
    this.#owe(wordsOf(owed, this.#version, this.#now()), 1);
  }

  /** Takes and acknowledges what came; true when something did. Throws when it is not owed. */
  take(): boolean {
    let isNew = false;
    for (const member of this.#members) {
      for (const { bytes, packet } of member.link.inbox.splice(0)) {
        isNew = true;
        if (packet.cmd === 'publish') this.#publish(member, bytes);
        else if (packet.cmd === 'pubrel') member.link.write(acknowledge('pubcomp', packet.messageId ?? 0));
        else if (packet.cmd !== 'connack' && packet.cmd !== 'suback')
          throw new Error(`${this.#name} got ${packet.cmd}`);
      }
      if (member.link.isClosed) throw new Error(`a member of ${this.#name} is closed`);
    }
    return isNew;
  }

  /** Throws when something did not come. */
  settle(): void {
    const missing = [...this.#owed].filter(([, count]) => count !== 0);
    if (missing.length > 0)
      throw new Error(`${this.#name} ${this.#filter}: ${missing.length} missing, such as ${missing[0]?.[0]}`);
    this.#owed.clear();
  }

  end(): void {
    for (const { link } of this.#members) link.destroy();
    this.#members = [];
  }

  #publish(member: Member, bytes: Buffer): void {
    const publish = readPublish(this.#version, bytes);
    const words = describe(publish);
    if (publish.dup) throw new Error(`${this.#name} got again ${words}`);
    if ((this.#owed.get(words) ?? 0) <= 0) throw new Error(`${this.#name} is not owed ${words}`);
    this.#owe(words, -1);
    if (publish.qos === 0) return;
    if (!member.isOnStrike) member.link.write(acknowledge(publish.qos === 1 ? 'puback' : 'pubrec', publish.id));
    else if (publish.qos === 1) member.unanswered.push(words);
  }

  #owe(words: string, count: number): void {
    this.#owed.set(words, (this.#owed.get(words) ?? 0) + count);
  }
}
