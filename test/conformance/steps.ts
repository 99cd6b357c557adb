import type { IPublishPacket, ISubscribePacket, ISubscription, Packet } from 'mqtt-packet';
import type { Caller } from './caller.ts';

/** PUBLISH, QoS 0, without retain. */
export function publish(topic: string, payload: string | Buffer, more: Partial<IPublishPacket> = {}): IPublishPacket {
  return { cmd: 'publish', topic, payload, qos: 0, dup: false, retain: false, ...more };
}

/** Subscribes to one filter; the codes of SUBACK. Packets that came with it stay in the inbox. */
export async function subscribe(
  client: Caller,
  topic: string,
  options: Partial<ISubscription> = {},
  properties?: ISubscribePacket['properties'],
): Promise<readonly number[]> {
  const subscriptions = [{ topic, qos: 0 as const, ...options }];
  client.send({ cmd: 'subscribe', messageId: 1, subscriptions, ...(properties === undefined ? {} : { properties }) });
  const packets = await client.take(1);
  const at = packets.findIndex(({ cmd }) => cmd === 'suback');
  const [suback] = packets.splice(at, at < 0 ? 0 : 1);
  client.inbox.push(...packets);
  if (suback?.cmd !== 'suback') throw new Error(`expected suback, got ${JSON.stringify(packets)}`);
  return suback.granted.map(Number);
}

/** Publishes with QoS 1 and waits for PUBACK: the broker has it. */
export async function publishOnce(client: Caller, packet: IPublishPacket): Promise<Kind<'puback'>> {
  return await client.ask({ ...packet, qos: 1, messageId: packet.messageId ?? 1 }, 'puback');
}

type Kind<C extends Packet['cmd']> = Extract<Packet, { cmd: C }>;

/** The payloads as text. */
export const payloads = (packets: readonly IPublishPacket[]): string[] => packets.map(({ payload }) => String(payload));
