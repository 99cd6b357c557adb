import { turns } from '../../broker/packet-client.ts';
import { openRawLink, type RawLink } from '../raw-link.ts';
import { wrongSums } from '../sums.ts';
import { connect, disconnect, publish } from '../wire.ts';
import { acknowledgeOne } from './compose.ts';
import type { Exchange } from './exchange.ts';
import { type ModelSession, makeModelSession } from './model.ts';
import type { Player } from './player.ts';
import { Foul } from './referee.ts';

/** Rounds of acknowledgements after which a client that still is owed something never gets it. */
const ROUNDS = 20_000;

/** The player connects, or takes its own session over from an open connection. */
export async function enter(exchange: Exchange, player: Player): Promise<void> {
  const { model, random, world } = exchange;
  const { name } = player.character;
  const old = player.link;
  if (old !== undefined && !player.isLasting) model.sessions.delete(name);
  const isClean = random.percent(15);
  const kept = isClean ? undefined : model.sessions.get(name);
  const session = kept ?? makeModelSession(player.maxPayload);
  model.sessions.set(name, session);
  session.isConnected = true;
  player.receiveMaximum = random.pick([65_535, 65_535, 1, 2, 7, 100]);
  player.enter(world.broker, isClean);
  player.resent = [...session.flights.keys()];
  if (kept === undefined) player.unreleased.clear();
  const [answer, ...more] = (await exchange.settle()).get(player) ?? [];
  const isPresent =
    player.version === 3 || (answer?.cmd === 'connack' && answer.sessionPresent === (kept !== undefined));
  const code = answer?.cmd === 'connack' ? (answer.reasonCode ?? answer.returnCode) : -1;
  if (code !== 0 || !isPresent || more.length > 0)
    throw new Foul(player, `CONNECT, session ${kept !== undefined}: ${JSON.stringify(answer)}`);
  if (old !== undefined) checkTakenOver(player, old);
}

/** [MQTT-3.1.4-3]: the old connection hears why it ends. */
function checkTakenOver(player: Player, old: RawLink): void {
  const last = old.inbox.at(-1)?.packet;
  if (!old.isClosed) throw new Foul(player, 'the connection that was taken over is open');
  if (player.version < 5) return;
  if (last?.cmd !== 'disconnect' || last.reasonCode !== 0x8e)
    throw new Foul(player, `taken over: ${JSON.stringify(last)}`);
}

/** The player goes: with a goodbye, without, or in the middle of a packet. */
export async function leave({ model, random, settle }: Exchange, player: Player): Promise<void> {
  const { link, version } = player;
  if (link === undefined) return;
  const dice = random.below(3);
  if (dice === 0) link.write(disconnect(version));
  if (dice === 1) {
    const whole = publish(version, { topic: 'a/b', payload: random.bytes(50), qos: random.below(3), id: 1 });
    link.write(whole.subarray(0, random.between(1, whole.length - 1)));
    await turns(3);
  }
  if (dice !== 0) link.destroy();
  player.link = undefined;
  player.due = [];
  player.expectedReleases.clear();
  const session = model.sessions.get(player.character.name);
  if (session === undefined) return;
  if (player.isLasting) {
    session.isConnected = false;
    session.once.clear();
  } else model.sessions.delete(player.character.name);
  await settle();
}

/** The player acknowledges until nothing is owed to it. */
export async function drain({ random, settle }: Exchange, player: Player, session: ModelSession): Promise<void> {
  for (let round = 0; round < ROUNDS; round += 1) {
    if (player.due.length === 0 && session.flights.size === 0 && session.sure.length === 0) return;
    const parts = Array.from({ length: player.due.length }, () => acknowledgeOne(player, session, random));
    player.link?.write(Buffer.concat(parts));
    await settle();
  }
  throw new Foul(player, `${session.flights.size} under way, ${session.sure.length} wait for ever`);
}

/** Everybody gets what is owed, then all sessions end: nothing of them may stay. */
export async function unwind(exchange: Exchange): Promise<void> {
  const { players, model, world } = exchange;
  for (const player of players) {
    if (player.link === undefined) await enter(exchange, player);
    const session = model.sessions.get(player.character.name);
    if (session !== undefined) await drain(exchange, player, session);
  }
  for (const player of players) {
    await leave(exchange, player);
    const { name, version } = player.character;
    if (!player.isLasting) continue;
    const link = openRawLink(world.broker, version);
    link.write(Buffer.concat([connect(version, { clientId: name, clean: true }), disconnect(version)]));
    await exchange.settle();
  }
  for (const crew of exchange.crews) crew.end();
  await turns(10);
  const { clients, sessions, filterLevels, waitingBytes } = world.broker.counts;
  const left = { clients, sessions, filterLevels, waitingBytes, subscriptions: world.bus.counts.subscriptions - 1 };
  if (Object.values(left).some((count) => count !== 0)) throw new Error(`left: ${JSON.stringify(left)}`);
  await world.broker.stop();
  const wrong = wrongSums(world.broker.counts);
  if (wrong.length > 0) throw new Error(`the counts do not add up: ${wrong.join('; ')}`);
}
