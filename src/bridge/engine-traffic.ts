import type { IPublishPacket, MqttClient } from 'mqtt';
import type { Bus } from '../bus/bus.ts';
import type { Message } from '../bus/message.ts';
import type { Cancel, Clock } from '../kit/clock.ts';
import type { Log } from '../kit/log.ts';
import { ROOT } from '../schemes/topics.ts';
import type { EngineVersion } from './engine-client.ts';
import type { EngineOutbox } from './engine-outbox.ts';
import { Outgoing } from './engine-outgoing.ts';
import { propsOf } from './engine-props.ts';
import { ENGINE_ORIGIN, outboundFilters, purposeOf } from './engine-topics.ts';

export interface TrafficWorld {
  readonly bus: Bus;
  readonly node: string;
  readonly clock: Clock;
  readonly log: Log;
  /** What the policies of points want kept goes this way. */
  readonly kept?: EngineOutbox | undefined;
}

/** How long the engine may take to tell what it has retained of this node, in ms. */
const LEARN_MS = 3_000;
/** Topics of this node that an engine may tell. */
const MOST_REMEMBERED = 10_000;

/** What the engine has retained of this node, as far as it told within the first seconds. */
interface Memory {
  readonly topics: Set<string>;
  isLearning: boolean;
}

/**
 * Lets messages flow between the bus and a connected engine, until the returned function is called. What the node
 * retains is sent at once; what the engine still retains of this node and the node no longer has is deleted there.
 */
export function startTraffic(world: TrafficWorld, client: MqttClient, version: EngineVersion): () => void {
  const { bus, node, clock, kept } = world;
  const memory: Memory = { topics: new Set(), isLearning: true };
  const outgoing = new Outgoing({ ...world, way: client, hasProperties: version === 5 });
  const send = (message: Message): void => {
    if (message.topic.startsWith(`${ROOT}/${node}/$req/`) || kept?.holds(message) === true) return;
    outgoing.send(message);
  };
  const receive = makeReceive(world, memory);
  const catchUp = () => outgoing.catchUp();
  client.on('message', receive);
  client.stream.on('drain', catchUp);
  // All of the tree: commands for this node, the other nodes, and what the engine remembers of this one.
  client.subscribe(`${ROOT}/#`, version === 5 ? { qos: 1, nl: true, rap: true, rh: 0 } : { qos: 1 });
  const filters = outboundFilters(node);
  const leave = filters.map((filter) => bus.subscribe(filter, send, { origin: ENGINE_ORIGIN, noLocal: true }));
  const retained = filters.flatMap((filter) => [...bus.retained(filter)]);
  outgoing.sendRetained(retained.filter((message) => kept?.holds(message) !== true).map(({ topic }) => topic));
  kept?.connected({
    way: client,
    hasProperties: version === 5,
    onCaughtUp: (late) => outgoing.sendRetained(late.filter((topic) => bus.retainedAt(topic) !== undefined)),
  });
  const cancel: Cancel = clock.after(LEARN_MS, () => {
    memory.isLearning = false;
    // Deletes from the engine what the node no longer has.
    outgoing.sendRetained([...memory.topics].filter((topic) => bus.retainedAt(topic) === undefined));
    memory.topics.clear();
  });

  return () => {
    cancel();
    outgoing.end();
    kept?.lost();
    for (const each of leave) each();
    client.off('message', receive);
    client.stream.off('drain', catchUp);
  };
}

function makeReceive(world: TrafficWorld, memory: Memory) {
  let hasComplained = false;
  const complain = (topic: string): void => {
    if (!hasComplained) world.log.warn('a retained command was refused', { code: 'HB181', topic });
    hasComplained = true;
  };
  return (topic: string, payload: Buffer, packet: IPublishPacket): void => {
    const purpose = purposeOf(topic, world.node);
    if (packet.retain && purpose === 'command' && payload.length > 0) complain(topic);
    const isKept = packet.retain && (purpose === 'command' || purpose === 'own');
    if (isKept && payload.length > 0) remember(memory, topic);
    else if (purpose === 'command' || purpose === 'foreign') deliver(world, purpose, { ...packet, topic, payload });
  };
}

function remember({ topics, isLearning }: Memory, topic: string): void {
  if (isLearning && topics.size < MOST_REMEMBERED) topics.add(topic);
}

function deliver({ bus, clock }: TrafficWorld, purpose: 'command' | 'foreign', packet: IPublishPacket): void {
  const { topic, payload, qos } = packet;
  const props = propsOf(packet.properties, clock.now());
  // A 3.1.1 engine passes the retain flag only to new subscribers: what was retained stays so.
  const retain = purpose === 'foreign' && (packet.retain || bus.retainedAt(topic) !== undefined);
  const message = { topic, payload, qos, retain, origin: ENGINE_ORIGIN, ...(props === undefined ? {} : { props }) };
  // A full store must not keep the live value back.
  bus.put(bus.hasRoomFor(message) ? message : { ...message, retain: false });
}
