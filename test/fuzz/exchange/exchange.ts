import type { Packet } from 'mqtt-packet';
import { makeTestBroker, type TestBroker, turns } from '../../broker/packet-client.ts';
import { makeRandom, type Random } from '../random.ts';
import { makeSlowAccess } from '../slow-access.ts';
import { burst } from './burst.ts';
import { Crew } from './crew.ts';
import { Model, type Said } from './model.ts';
import { makeCharacter, Player } from './player.ts';
import { Foul, Referee } from './referee.ts';
import { enter, leave, unwind } from './seats.ts';
import { subscribeSome, unsubscribeSome } from './wishes.ts';

/** Turns of the event loop without a word that mean: the broker has nothing more to say. */
const QUIET_TURNS = 5;

export interface Exchange {
  readonly world: TestBroker;
  readonly random: Random;
  readonly model: Model;
  readonly referee: Referee;
  readonly players: readonly Player[];
  readonly crews: readonly Crew[];
  readonly topicAliases: number;
  /** Said by the program itself, and not yet seen on the bus. */
  readonly unheardHere: Said[];
  /** Waits until all is quiet, and compares all that came; returns what answers CONNECT, SUBSCRIBE and UNSUBSCRIBE. */
  readonly settle: () => Promise<ReadonlyMap<Player, readonly Packet[]>>;
}

/** Plays so many random steps with a broker, and compares all that comes with the model. Throws Foul. */
export async function playExchange(seed: number, steps: number): Promise<void> {
  const random = makeRandom(seed);
  const topicAliases = random.pick([64, 64, 0, 3]);
  const inflight = random.pick([1_024, 1_024, 1, 3, 20]);
  const access = makeSlowAccess(() => random.pick([0, 0, 1, 3]));
  const world = makeTestBroker({ inflight, topicAliases }, undefined, {}, access);
  const exchange = makeExchange(world, random, { topicAliases, inflight });
  for (const player of exchange.players) {
    await enter(exchange, player);
    await subscribeSome(exchange, player);
  }
  for (const crew of exchange.crews)
    for (let count = random.between(1, 4); count > 0; count -= 1) crew.join(world.broker);
  await exchange.settle();
  for (let step = 0; step < steps; step += 1) await play(exchange);
  await unwind(exchange);
}

async function play(exchange: Exchange): Promise<void> {
  const { random, players, world } = exchange;
  const player = random.any(players);
  const dice = random.below(100);
  if (player === undefined) return;
  if (dice < 4) await world.clock.advance(random.between(1, 30_000));
  if (dice < 10) await strike(exchange);
  else if (dice < 50) await burst(exchange);
  else if (player.link === undefined) await enter(exchange, player);
  else if (dice < 65) await subscribeSome(exchange, player);
  else if (dice < 75) await unsubscribeSome(exchange, player);
  else if (dice < 90) await leave(exchange, player);
  else await enter(exchange, player); // takes its own session over
}

/** Members of shared groups stop answering while all talk, then they go and others come. */
async function strike(exchange: Exchange): Promise<void> {
  const { crews, random, world } = exchange;
  for (const crew of crews) crew.strike(random);
  await burst(exchange);
  for (const crew of crews) crew.dismiss();
  await exchange.settle();
  for (const crew of crews) if (crew.size < 3) crew.join(world.broker);
  await exchange.settle();
}

function makeExchange(
  world: TestBroker,
  random: Random,
  limits: { readonly topicAliases: number; readonly inflight: number },
): Exchange {
  const model = new Model();
  const referee = new Referee({ inflight: limits.inflight, now: () => world.clock.now() });
  const players = Array.from({ length: random.between(2, 5) }, (_, index) => new Player(makeCharacter(random, index)));
  const crews = ['left', 'right'].map((name) => new Crew(name, random, () => world.clock.now()));
  const unheardHere: Said[] = [];
  const fouls: string[] = [];
  let routed = 0;
  world.bus.subscribe(
    '#',
    (message) => {
      routed += 1;
      const from = message.origin.startsWith('mqtt:') ? message.origin.slice('mqtt:'.length) : undefined;
      const said = players.find(({ character }) => character.name === from)?.unheard ?? unheardHere;
      const next = said.shift();
      const isSame =
        next !== undefined &&
        next.topic === message.topic &&
        next.qos === message.qos &&
        next.retain === message.retain &&
        message.payload instanceof Uint8Array &&
        next.payload.equals(message.payload);
      if (!isSame) fouls.push(`the bus heard ${message.topic} of ${from}, said was ${next?.topic}`);
      else {
        model.route(next);
        for (const crew of crews) crew.route(next);
      }
    },
    { origin: 'referee' },
  );
  const heard = () =>
    [...players.map(({ link }) => link?.heard ?? 0), ...crews.map((crew) => crew.heard)].reduce(
      (sum, one) => sum + one,
      routed,
    );

  return {
    world,
    random,
    model,
    referee,
    players,
    crews,
    topicAliases: limits.topicAliases,
    unheardHere,
    settle: async () => {
      for (let quiet = 0, before = heard(); quiet < QUIET_TURNS; quiet += 1) {
        await turns(1);
        const isNew = crews.map((crew) => crew.take()).includes(true);
        const now = heard();
        if (isNew || now !== before) quiet = 0;
        before = now;
      }
      const silent = players.filter(({ unheard }) => unheard.length > 0).map(({ character }) => character.name);
      if (silent.length > 0 || unheardHere.length > 0) fouls.push(`not all came to the bus: ${silent.join(' ')}`);
      const errors = world.lines.filter(({ level }) => level !== 'debug');
      for (const { text, fields } of errors)
        fouls.push(`${text}: ${fields.error instanceof Error ? fields.error.stack : JSON.stringify(fields)}`);
      if (fouls.length > 0) throw new Error(fouls.join('\n'));
      for (const crew of crews) if (crew.isComplete) crew.settle();
      return judge(model, referee, players);
    },
  };
}

function judge(model: Model, referee: Referee, players: readonly Player[]): Map<Player, Packet[]> {
  const answers = new Map<Player, Packet[]>();
  for (const player of players) {
    const session = model.sessions.get(player.character.name);
    if (player.link === undefined || session === undefined) continue;
    answers.set(player, referee.take(player, session));
    if (player.link.isClosed)
      throw new Foul(player, `the connection is closed after ${JSON.stringify(answers.get(player))}`);
    referee.settle(player, session);
  }
  return answers;
}
