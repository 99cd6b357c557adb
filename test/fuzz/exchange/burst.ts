import { turns } from '../../broker/packet-client.ts';
import type { Random } from '../random.ts';
import { compose, makeSaid } from './compose.ts';
import type { Exchange } from './exchange.ts';
import type { Player } from './player.ts';

/** Something that happens: a player writes a piece of its stream, or the program says something. */
type Event = () => void;

/** Many clients, and the program itself, talk at once; their streams come in pieces that end anywhere. */
export async function burst(exchange: Exchange): Promise<void> {
  const { players, random } = exchange;
  const strands = players.flatMap((player) => (player.link === undefined ? [] : [strandOf(exchange, player)]));
  strands.push(hereStrand(exchange));
  for (const happens of weave(strands, random)) {
    happens();
    if (random.percent(10)) await turns(random.between(1, 3));
  }
  await exchange.settle();
}

/** The packets of one player, as pieces in order. */
function strandOf(exchange: Exchange, player: Player): Event[] {
  const { random, model, world, topicAliases } = exchange;
  const session = model.sessions.get(player.character.name);
  const packets: Buffer[] = [];
  for (let count = random.below(40); count > 0 && session !== undefined; count -= 1) {
    const due = player.due;
    if (!random.percent(player.character.diligence)) player.due = [];
    packets.push(compose(player, session, { random, now: world.clock.now(), topicAliases }));
    if (player.due.length === 0) player.due = due;
  }
  const { link } = player;
  return cut(packets, random).map((piece) => () => link?.write(piece));
}

function hereStrand({ random, unheardHere, world }: Exchange): Event[] {
  return Array.from({ length: random.below(8) }, (_, number) => () => {
    const now = world.clock.now();
    const { topic, payload, qos, retain, ...rest } = makeSaid(random, { from: undefined, number, isRich: false, now });
    unheardHere.push({ topic, payload, qos, retain, ...rest });
    world.bus.publish({ topic, payload, qos, retain, origin: 'here' });
  });
}

/** A stream cut anywhere: packet by packet, byte by byte, in random pieces, or not at all. */
export function cut(packets: readonly Buffer[], random: Random): Buffer[] {
  const whole = Buffer.concat(packets);
  const most = random.pick([0, 1, 5, 40, 1_000, 65_536]);
  if (most === 0) return [...packets];
  const pieces: Buffer[] = [];
  for (let at = 0; at < whole.length; ) {
    const size = whole.length > 20_000 && most < 1_000 ? random.between(1, 2_000) : random.between(1, most);
    pieces.push(whole.subarray(at, at + size));
    at += size;
  }
  return pieces;
}

/** One row of events from many; each strand stays in order. */
function* weave(strands: readonly Event[][], random: Random): Generator<Event> {
  const left = strands.filter((strand) => strand.length > 0).map((strand) => strand.values());
  while (left.length > 0) {
    const at = random.below(left.length);
    const next = left[at]?.next();
    if (next === undefined || next.done === true) left.splice(at, 1);
    else yield next.value;
  }
}
