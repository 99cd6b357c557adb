import type { Packet } from 'mqtt-packet';
import type { Received } from '../raw-link.ts';
import { type ReadPublish, readPublish } from '../read-frames.ts';
import type { Property } from '../wire.ts';
import { describe, type ModelSession, type Owed, wordsOf } from './model.ts';
import type { Player } from './player.ts';

/** What the broker did and should not have done. */
export class Foul extends Error {
  constructor(player: Player, what: string) {
    const { name, version } = player.character;
    super(`${name} (MQTT ${version}): ${what}`);
    this.name = 'Foul';
  }
}

export interface RefereeWorld {
  /** The broker's own limit of messages under way. */
  readonly inflight: number;
  /** Wall time now, ms. */
  now(): number;
}

/** Checks what came to one client against what it is owed. Retained messages of a new subscription: `gifts`, in any order. */
export class Referee {
  readonly #world: RefereeWorld;
  readonly gifts = new Map<string, Owed[]>();

  constructor(world: RefereeWorld) {
    this.#world = world;
  }

  /** Takes everything that came. Answers to CONNECT, SUBSCRIBE and UNSUBSCRIBE are returned. */
  take(player: Player, session: ModelSession): Packet[] {
    const answers: Packet[] = [];
    for (const received of player.link?.inbox.splice(0) ?? []) {
      const { packet } = received;
      if (packet.cmd === 'publish') this.#publish(player, session, received);
      else if (packet.cmd === 'pubrel') release(player, session, packet.messageId ?? 0);
      else if (packet.cmd === 'puback' || packet.cmd === 'pubrec' || packet.cmd === 'pubcomp')
        acknowledge(player, packet);
      else if (packet.cmd === 'pingresp') player.awaited.pingresp -= 1;
      else answers.push(packet);
    }
    return answers;
  }

  /** Whether all that is owed now has come. The connection must be quiet. */
  settle(player: Player, session: ModelSession): void {
    const { awaited, link } = player;
    const missing = Object.entries(awaited).filter(([, left]) => (Array.isArray(left) ? left.length : left) !== 0);
    if (missing.length > 0) throw new Foul(player, `answers are missing: ${JSON.stringify(missing)}`);
    if (link?.left !== 0) throw new Foul(player, `a packet is cut off`);
    if (player.expectedReleases.size > 0)
      throw new Foul(player, `PUBREL is missing: ${[...player.expectedReleases].join(' ')}`);
    if (player.resent.length > 0 && session.flights.size - player.resent.length < this.#windowOf(player)) {
      throw new Foul(player, `not sent again: ${player.resent.join(' ')}`);
    }
    for (const [topic, list] of session.once) {
      if (list.length > 0) throw new Foul(player, `${list.length} QoS 0 on ${topic}: ${this.#words(list[0], player)}`);
    }
    if (session.sure.length > 0 && session.flights.size < this.#windowOf(player)) {
      throw new Foul(
        player,
        `${session.sure.length} wait, the window is free: ${this.#words(session.sure[0], player)}`,
      );
    }
  }

  #windowOf(player: Player): number {
    return Math.min(player.window, this.#world.inflight);
  }

  #words(owed: Owed | undefined, player: Player): string {
    return owed === undefined ? 'nothing' : wordsOf(owed, player.version, this.#world.now());
  }

  #publish(player: Player, session: ModelSession, { bytes, packet }: Received): void {
    const read = readPublish(player.version, bytes);
    compareReadings(player, read, packet);
    const publish = { ...read, ...unalias(player, read) };
    const words = describe(publish);
    if (publish.dup) this.#again(player, session, { id: publish.id, words });
    else {
      const owed = this.#owedFor(player, session, { words, ...publish });
      if (publish.qos > 0) this.#fly(player, session, { id: publish.id, owed });
    }
    if (publish.qos > 0) player.due.push({ kind: publish.qos === 1 ? 'puback' : 'pubrec', id: publish.id });
  }

  #owedFor(player: Player, session: ModelSession, got: { words: string; topic: string; qos: number }): Owed {
    const gift = this.gifts.get(got.words)?.pop();
    if (gift !== undefined) return gift;
    const owed = got.qos > 0 ? session.sure.shift() : session.once.get(got.topic)?.shift();
    const expected = this.#words(owed, player);
    if (owed === undefined || expected !== got.words) throw new Foul(player, `got ${got.words}, not ${expected}`);
    return owed;
  }

  #fly(player: Player, session: ModelSession, { id, owed }: { id: number; owed: Owed }): void {
    if (id === 0 || session.flights.has(id)) throw new Foul(player, `the identifier ${id} is in use`);
    session.flights.set(id, { owed, isReleased: false });
    const window = this.#windowOf(player);
    if (session.flights.size > window) throw new Foul(player, `${session.flights.size} under way, not ${window}`);
    if (player.resent.length > 0)
      throw new Foul(player, `a new message before those sent again: ${player.resent.join(' ')}`);
  }

  #again(player: Player, session: ModelSession, { id, words }: { id: number; words: string }): void {
    const expected = player.resent.find((unseen) => session.flights.get(unseen)?.isReleased !== true);
    player.resent = player.resent.filter((unseen) => unseen !== id);
    if (session.flights.size - player.resent.length > this.#windowOf(player)) throw new Foul(player, 'too much again');
    if (expected !== id) throw new Foul(player, `sent again ${id}, not ${expected}`);
    const flight = session.flights.get(id);
    const old = this.#words(flight?.owed, player);
    if (old !== words) throw new Foul(player, `sent again ${words}, not ${old}`);
  }
}

/** Two independent readings of the same bytes. */
function compareReadings(player: Player, read: ReadPublish, packet: Packet): void {
  if (packet.cmd !== 'publish') return;
  const same =
    packet.topic === read.topic &&
    Buffer.from(packet.payload).equals(read.payload) &&
    packet.qos === read.qos &&
    packet.retain === read.retain &&
    packet.dup === read.dup &&
    (packet.messageId ?? 0) === read.id;
  if (!same) throw new Foul(player, `read in two ways: ${JSON.stringify(packet)}`);
}

/** MQTT 5, 3.3.2.3.4: the topic of an alias that the broker has set. */
function unalias(player: Player, { topic, properties }: ReadPublish): { topic: string; properties: Property[] } {
  const alias = properties.find(([id]) => id === 0x23)?.[1];
  const rest = properties.filter(([id]) => id !== 0x23);
  if (typeof alias !== 'number') return { topic, properties: rest };
  if (alias === 0 || alias > player.character.aliases) throw new Foul(player, `the alias ${alias} is not allowed`);
  if (topic !== '') player.brokerAliases.set(alias, topic);
  const known = player.brokerAliases.get(alias);
  if (known === undefined) throw new Foul(player, `the alias ${alias} is not known`);
  return { topic: known, properties: rest };
}

function release(player: Player, session: ModelSession, id: number): void {
  const isExpected = player.expectedReleases.delete(id) || player.resent.includes(id);
  player.resent = player.resent.filter((unseen) => unseen !== id);
  if (!isExpected || session.flights.get(id)?.isReleased !== true)
    throw new Foul(player, `PUBREL ${id} is not expected`);
  player.due.push({ kind: 'pubcomp', id });
}

function acknowledge(player: Player, packet: Extract<Packet, { cmd: 'puback' | 'pubrec' | 'pubcomp' }>): void {
  const expected = player.awaited[packet.cmd].shift();
  const reason = packet.reasonCode ?? 0;
  if (packet.messageId !== expected || (reason !== 0 && reason !== 0x10)) {
    throw new Foul(player, `${packet.cmd} ${packet.messageId} ${reason}, not ${expected}`);
  }
}
