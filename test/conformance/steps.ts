import type { IPublishPacket, ISubscribePacket, ISubscription, Packet } from 'mqtt-packet';
import { expect } from 'vitest';
import type { Caller } from './caller.ts';
import type { Connected, World } from './harness.ts';

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

/** Publishes with QoS 1 and waits for PUBACK, which must not refuse: the broker has it. */
export async function publishOnce(client: Caller, packet: IPublishPacket): Promise<void> {
  const puback = await client.ask({ ...packet, qos: 1, messageId: packet.messageId ?? 1 }, 'puback');
  if ((puback.reasonCode ?? 0) >= 0x80) throw new Error(`refused: ${JSON.stringify(puback)}`);
}

/** The payloads as text. */
export const payloads = (packets: readonly IPublishPacket[]): string[] => packets.map(({ payload }) => String(payload));

/** Answers QoS 1 messages with PUBACK. */
export function acknowledge(client: Caller, messages: readonly IPublishPacket[]): void {
  for (const { messageId = 0 } of messages) client.send({ cmd: 'puback', messageId });
}

/** DISCONNECT, normal unless told otherwise, and the end of the stream. */
export async function disconnect(client: Caller, reasonCode = 0): Promise<void> {
  client.send({ cmd: 'disconnect', reasonCode });
  expect(await client.takeUntilClosed()).toEqual([]);
}

/** The network fails, and the broker has noticed. */
export async function vanish({ settle }: World, client: Caller): Promise<void> {
  client.vanish();
  await settle();
}

/** A client whose session lives for so many seconds after its connection. */
export async function connectLasting(world: World, clientId: string, seconds = 100): Promise<Connected> {
  return await world.connect({ clientId, clean: false, properties: { sessionExpiryInterval: seconds } });
}

/** The broker says with this reason why it closes, nothing else, and closes. */
export async function closesWith(client: Caller, reasonCode: number): Promise<void> {
  expect(withoutText(await client.takeUntilClosed())).toEqual([{ cmd: 'disconnect', reasonCode }]);
}

/** CONNECT is not accepted: the broker closes, without a word or with a CONNACK that has this reason. */
export async function refusesConnect(client: Caller, reasonCode: number): Promise<void> {
  const packets = withoutText(await client.takeUntilClosed());
  if (packets.length > 0) expect(packets).toEqual([{ cmd: 'connack', sessionPresent: false, reasonCode }]);
}

/** Only what says which packet it is and why. */
function withoutText(packets: readonly Packet[]): object[] {
  return packets.map((packet) => {
    if (packet.cmd === 'disconnect') return { cmd: packet.cmd, reasonCode: packet.reasonCode };
    if (packet.cmd !== 'connack') return packet;
    return { cmd: packet.cmd, sessionPresent: packet.sessionPresent, reasonCode: packet.reasonCode };
  });
}
