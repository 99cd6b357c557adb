import type { Random } from '../random.ts';
import { type Property, subscribe, unsubscribe } from '../wire.ts';
import { TOPICS } from './compose.ts';
import type { Exchange } from './exchange.ts';
import { type ModelSession, type Wanted, wordsOf } from './model.ts';
import type { Player } from './player.ts';
import { Foul } from './referee.ts';
import { drain } from './seats.ts';

const FILTERS: readonly [string, ...string[]] = [
  '#',
  '+',
  'a/#',
  'a/+',
  '+/b',
  'a/+/c',
  '+/+/#',
  '/+',
  '+/',
  'é/#',
  'hanbus/+/air/#',
  'nothing/here',
  ...TOPICS,
];

interface Wish extends Wanted {
  /** MQTT 5, 3.8.3.1: retain handling. */
  readonly handling: 0 | 1 | 2;
}

/** The player asks for some filters, and gets their retained messages and nothing else. */
export async function subscribeSome(exchange: Exchange, player: Player): Promise<void> {
  const { random, model, referee } = exchange;
  const { name, version } = player.character;
  const session = model.sessions.get(name);
  if (session === undefined || player.link === undefined) return;
  await drain(exchange, player, session);
  const wishes = makeWishes(player, random);
  for (const wish of wishes) {
    const isFed = wish.handling === 0 || (wish.handling === 1 && !session.wanted.has(wish.filter));
    if (isFed) expectGifts(exchange, player, { wish, session });
    session.wanted.set(wish.filter, wish);
  }
  const id = player.freeId(random);
  const [first] = wishes;
  const list: Property[] = first?.id === undefined ? [] : [[0x0b, first.id]];
  player.link.write(
    subscribe(
      version,
      id,
      wishes.map(({ filter, ...wish }) => ({ filter, options: optionsOf(wish) })),
      list,
    ),
  );
  const [answer, ...more] = (await exchange.settle()).get(player) ?? [];
  const granted = answer?.cmd === 'suback' && answer.messageId === id ? answer.granted : [];
  if (JSON.stringify(granted) !== JSON.stringify(wishes.map(({ qos }) => qos)) || more.length > 0) {
    throw new Foul(player, `SUBSCRIBE ${JSON.stringify(wishes)}: ${JSON.stringify(answer)}`);
  }
  await drain(exchange, player, session);
  const missing = [...referee.gifts.values()].flat();
  if (missing.length > 0)
    throw new Foul(player, `${missing.length} retained messages are missing: ${JSON.stringify(missing[0])}`);
  referee.gifts.clear();
}

function expectGifts(
  { model, referee, world }: Exchange,
  player: Player,
  { wish, session }: { readonly wish: Wish; readonly session: ModelSession },
): void {
  for (const owed of model.retainedFor(player.character.name, wish, session.maxPayload)) {
    const words = wordsOf(owed, player.version, world.clock.now());
    referee.gifts.set(words, [...(referee.gifts.get(words) ?? []), owed]);
  }
}

function makeWishes({ version }: Player, random: Random): Wish[] {
  const isNew = version === 5;
  const id = isNew && random.percent(50) ? random.pick([1, 127, 128, 16_384, 268_435_455]) : undefined;
  const filters = new Set(Array.from({ length: random.between(1, 4) }, () => random.pick(FILTERS)));
  return [...filters].map((filter) => ({
    filter,
    qos: random.pick([0, 1, 2]),
    noLocal: isNew && random.percent(30),
    retainAsPublished: isNew && random.percent(50),
    handling: isNew ? random.pick([0, 0, 1, 2]) : 0,
    id,
  }));
}

function optionsOf({ qos, noLocal, retainAsPublished, handling }: Omit<Wish, 'filter'>): number {
  return qos | (noLocal ? 4 : 0) | (retainAsPublished ? 8 : 0) | (handling << 4);
}

/** The player gives up some filters, with one that it does not have. */
export async function unsubscribeSome(exchange: Exchange, player: Player): Promise<void> {
  const { random, model } = exchange;
  const session = model.sessions.get(player.character.name);
  if (session === undefined || player.link === undefined) return;
  const known = [...session.wanted.keys()].filter(() => random.percent(40));
  const filters = random.shuffle([...known, 'never/asked/for']);
  for (const filter of known) session.wanted.delete(filter);
  const id = player.freeId(random);
  player.link.write(unsubscribe(player.version, id, filters));
  const [answer, ...more] = (await exchange.settle()).get(player) ?? [];
  const expected = player.version === 5 ? filters.map((filter) => (known.includes(filter) ? 0 : 0x11)) : [];
  const granted = answer?.cmd === 'unsuback' && answer.messageId === id ? [answer.granted ?? []].flat() : ['none'];
  if (JSON.stringify(granted) !== JSON.stringify(expected) || more.length > 0) {
    throw new Foul(player, `UNSUBSCRIBE ${filters.join(' ')}: ${JSON.stringify(answer)}`);
  }
}
