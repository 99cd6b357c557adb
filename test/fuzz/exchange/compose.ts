import type { Random } from '../random.ts';
import { acknowledge, PINGREQ, type Property, publish } from '../wire.ts';
import { type ModelSession, type Said, sorted } from './model.ts';
import { LARGE_PAYLOAD, type Player, SMALL_PAYLOAD } from './player.ts';

export const TOPICS: readonly [string, ...string[]] = [
  'a',
  'a/b',
  'a/b/c',
  'a//b',
  '/',
  '/x',
  'x/',
  'é/日本/𝒳',
  'hanbus/kitchen/air/temperature',
  `long/${'0123456789'.repeat(8)}/end`,
];

export interface ComposeWorld {
  readonly random: Random;
  /** Wall time, ms. */
  readonly now: number;
  /** Topic aliases that the broker allows. */
  readonly topicAliases: number;
}

/** One packet that the player may send now; the player's books are kept. */
export function compose(player: Player, session: ModelSession, world: ComposeWorld): Buffer {
  const { random } = world;
  const dice = random.below(100);
  if (dice < 30 && player.due.length > 0) return acknowledgeOne(player, session, random);
  if (dice < 38 && player.unreleased.size > 0) return releaseOne(player, random);
  if (dice < 41 && player.unreleased.size > 0) return repeatOne(player, random);
  if (dice < 44) {
    player.awaited.pingresp += 1;
    return PINGREQ;
  }
  return sayOne(player, world);
}

/** Acknowledges one of the packets that are due, in any order. */
export function acknowledgeOne(player: Player, session: ModelSession, random: Random): Buffer {
  const at = random.below(player.due.length);
  const [due] = player.due.splice(at, 1);
  if (due === undefined) return PINGREQ;
  const { kind, id } = due;
  const reason = reasonFor(player, kind, random);
  const isRefusal = (reason ?? 0) >= 0x80;
  const flight = session.flights.get(id);
  if (kind === 'pubrec' && !isRefusal) {
    if (flight !== undefined) flight.isReleased = true;
    player.expectedReleases.add(id);
  } else session.flights.delete(id);
  return acknowledge(kind, id, reason);
}

function reasonFor(player: Player, kind: string, random: Random): number | undefined {
  if (player.version < 5 || random.percent(50)) return undefined;
  if (kind === 'pubcomp' || random.percent(80)) return 0;
  return random.pick([0x10, 0x80, 0x83, 0x97]);
}

function releaseOne(player: Player, random: Random): Buffer {
  const id = random.any([...player.unreleased.keys()]) ?? 0;
  player.unreleased.delete(id);
  player.awaited.pubcomp.push(id);
  return acknowledge('pubrel', id, player.version === 5 && random.percent(50) ? 0 : undefined);
}

/** A QoS 2 message again that the broker has: it must acknowledge it and do nothing else. */
function repeatOne(player: Player, random: Random): Buffer {
  const [id, said] = random.any([...player.unreleased]) ?? [];
  if (id === undefined || said === undefined) return PINGREQ;
  player.awaited.pubrec.push(id);
  return publish(player.version, { ...said, id, dup: true, properties: said.properties });
}

function sayOne(player: Player, { random, now, topicAliases }: ComposeWorld): Buffer {
  const { version } = player;
  player.said += 1;
  const said = makeSaid(random, { from: player.character.name, number: player.said, isRich: version === 5, now });
  const id = said.qos === 0 ? 0 : player.freeId(random);
  player.unheard.push(said);
  if (said.qos === 1) player.awaited.puback.push(id);
  if (said.qos === 2) {
    player.awaited.pubrec.push(id);
    player.unreleased.set(id, said);
  }
  const { topic, alias } = named(player, said.topic, version === 5 ? topicAliases : 0, random);
  const list = [
    ...propertiesOf(said, said.expiresAt === undefined ? undefined : (said.expiresAt - now) / 1_000),
    ...alias,
  ];
  return publish(version, {
    ...said,
    topic,
    id,
    dup: said.qos > 0 && random.percent(3),
    properties: mix(random, list),
  });
}

/** Properties may stand in any order, but user properties keep theirs. */
function mix(random: Random, list: readonly Property[]): Property[] {
  const pairs = list.filter(([id]) => id === 0x26).values();
  return random.shuffle(list).map((one) => (one[0] === 0x26 ? (pairs.next().value ?? one) : one));
}

function propertiesOf({ properties }: Said, expiry: number | undefined): Property[] {
  return expiry === undefined ? [...properties] : [...properties, [0x02, expiry]];
}

/** The topic by name, by a new alias and name, or by a known alias alone. */
function named(player: Player, topic: string, limit: number, random: Random): { topic: string; alias: Property[] } {
  if (limit === 0 || random.percent(50)) return { topic, alias: [] };
  const known = [...player.ownAliases].find(([, name]) => name === topic);
  if (known !== undefined && random.percent(80)) return { topic: '', alias: [[0x23, known[0]]] };
  const alias = random.between(1, Math.min(limit, 6));
  player.ownAliases.set(alias, topic);
  return { topic, alias: [[0x23, alias]] };
}

interface Origin {
  readonly from: string | undefined;
  readonly number: number;
  readonly isRich: boolean;
  readonly now: number;
}

export function makeSaid(random: Random, { from, number, isRich, now }: Origin): Said {
  const retain = random.percent(20);
  const expiry = isRich && random.percent(15) ? random.between(3_600, 100_000) : undefined;
  return {
    topic: random.pick(TOPICS),
    payload: random.percent(5) ? Buffer.alloc(0) : makePayload(random, `${from ?? 'here'}.${number}.`),
    qos: random.pick([0, 0, 1, 1, 2]),
    retain,
    from,
    properties: isRich && random.percent(40) ? makeProperties(random) : [],
    expiresAt: expiry === undefined ? undefined : now + expiry * 1_000,
  };
}

function makePayload(random: Random, mark: string): Buffer {
  const dice = random.below(100);
  const room = SMALL_PAYLOAD - mark.length;
  if (dice < 85) return Buffer.concat([Buffer.from(mark), random.bytes(random.below(dice < 60 ? 10 : room))]);
  const length = dice < 98 ? random.between(LARGE_PAYLOAD, 3_000) : random.between(15_000, 140_000);
  return Buffer.concat([Buffer.from(mark), Buffer.alloc(length, random.below(256))]);
}

function makeProperties(random: Random): Property[] {
  const word = () => random.pick(['', 'u', 'e', 'name', 'Größe', '\u{1F600}', 'value with blanks', '0']);
  const all: Property[] = [
    [0x01, random.below(2)],
    [0x03, word()],
    [0x08, random.pick(['answer', 'answer/to/me', '/'])],
    [0x09, random.bytes(random.below(12))],
  ];
  const list = all.filter(() => random.percent(50));
  for (let count = random.below(5); count > 0; count -= 1) list.push([0x26, [word(), word()]]);
  return sorted(list);
}
