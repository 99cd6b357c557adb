import type { IPublishPacket, MqttClient } from 'mqtt';
import type { Bus } from '../bus/bus.ts';
import { bytesOf, type Message } from '../bus/message.ts';
import type { Cancel, Clock } from '../kit/clock.ts';
import type { Log } from '../kit/log.ts';
import { ROOT } from '../schemes/topics.ts';
import type { EngineVersion } from './engine-client.ts';
import { propertiesOf, propsOf } from './engine-props.ts';
import { outboundFilters, purposeOf } from './engine-topics.ts';

export interface TrafficWorld {
  readonly bus: Bus;
  readonly node: string;
  readonly clock: Clock;
  readonly log: Log;
}

/** Whatever comes from the engine has this origin. */
export const ENGINE_ORIGIN = 'engine';

/** How long the engine may take to tell what it has retained of this node, in ms. */
const LEARN_MS = 3_000;
/** Bytes that may wait for the engine; live messages beyond it are left out, the retained ones are sent again after. */
const WAITING_BYTES = 1_048_576;

/**
 * Lets messages flow between the bus and a connected engine, until the returned function is called. What the node
 * retains is sent at once; what the engine still retains of this node and the node no longer has is deleted there.
 */
export function startTraffic(world: TrafficWorld, client: MqttClient, version: EngineVersion): () => void {
  const { bus, node, clock, log } = world;
  const remembered = new Set<string>();
  let isBehind = false;

  const send = (message: Message): void => {
    if (message.topic.startsWith(`${ROOT}/${node}/$req/`)) return;
    if (client.stream.writableLength > WAITING_BYTES) {
      if (!isBehind) log.warn('the engine does not keep up; live messages are left out', { code: 'HB187' });
      isBehind = true;
      return;
    }
    const { topic, qos, retain } = message;
    const properties = version === 5 ? { properties: propertiesOf(message, clock.now()) } : {};
    client.publish(topic, bytesOf(message), { qos, retain, ...properties });
  };
  const sendRetained = (): void => {
    for (const filter of outboundFilters(node)) for (const message of bus.retained(filter)) send(message);
  };
  const catchUp = (): void => {
    if (!isBehind) return;
    isBehind = false;
    sendRetained();
  };

  const receive = makeReceive(world, remembered);
  client.on('message', receive);
  client.stream.on('drain', catchUp);
  // All of the tree: commands for this node, the other nodes, and what the engine remembers of this one.
  client.subscribe(`${ROOT}/#`, version === 5 ? { qos: 1, nl: true, rap: true, rh: 0 } : { qos: 1 });
  const leave = outboundFilters(node).map((filter) =>
    bus.subscribe(filter, send, { origin: ENGINE_ORIGIN, noLocal: true }),
  );
  sendRetained();
  const cancel: Cancel = clock.after(LEARN_MS, () => forget(bus, client, remembered));

  return () => {
    cancel();
    for (const each of leave) each();
    client.off('message', receive);
    client.stream.off('drain', catchUp);
  };
}

/** Deletes from the engine what the node no longer has. */
function forget(bus: Bus, client: MqttClient, remembered: Set<string>): void {
  for (const topic of remembered) {
    if (bus.retainedAt(topic) === undefined) client.publish(topic, '', { qos: 1, retain: true });
  }
  remembered.clear();
}

function makeReceive(world: TrafficWorld, remembered: Set<string>) {
  return (topic: string, payload: Buffer, packet: IPublishPacket): void => {
    const purpose = purposeOf(topic, world.node);
    if (packet.retain && purpose === 'command' && payload.length > 0) {
      world.log.warn('a retained command was refused', { code: 'HB181', topic });
    }
    const isKept = packet.retain && (purpose === 'command' || purpose === 'own');
    if (isKept && payload.length > 0) remembered.add(topic);
    else if (purpose === 'command' || purpose === 'foreign') deliver(world, purpose, { ...packet, topic, payload });
  };
}

function deliver({ bus, clock }: TrafficWorld, purpose: 'command' | 'foreign', packet: IPublishPacket): void {
  const { topic, payload, qos } = packet;
  const props = propsOf(packet.properties, clock.now());
  // A 3.1.1 engine passes the retain flag only to new subscribers: what was retained stays so.
  const retain = purpose === 'foreign' && (packet.retain || bus.retainedAt(topic) !== undefined);
  bus.put({ topic, payload, qos, retain, origin: ENGINE_ORIGIN, ...(props === undefined ? {} : { props }) });
}
