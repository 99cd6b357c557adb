import { Bystanders } from '../../fuzz/bystanders.ts';
import { openRawLink, type RawLink } from '../../fuzz/raw-link.ts';
import { type ConnectFields, connect, type FilterFields, publish, subscribe, type Version } from '../../fuzz/wire.ts';
import { makeTestBroker, turns } from '../packet-client.ts';

/** A broker with two honest clients that must not notice what the others do. */
export async function openSiege(...options: Parameters<typeof makeTestBroker>) {
  const world = makeTestBroker(...options);
  const bystanders = new Bystanders(world.broker);
  await bystanders.ready();
  return {
    ...world,
    /** A client that is connected. */
    async join(version: Version, clientId: string, fields: Partial<ConnectFields> = {}): Promise<RawLink> {
      const link = openRawLink(world.broker, version);
      link.write(connect(version, { clientId, clean: true, ...fields }));
      await until(() => link.inbox.length > 0 || link.isClosed);
      const [first] = link.inbox.splice(0, 1);
      if (first?.packet.cmd !== 'connack')
        throw new Error(`${clientId} got ${first?.packet.cmd}, closed ${link.isClosed}`);
      return link;
    },
    /** The two honest clients say something to each other, and hear it. */
    async checkBystanders(): Promise<void> {
      bystanders.speak();
      await bystanders.listen();
    },
  };
}

export type Siege = Awaited<ReturnType<typeof openSiege>>;

/** Turns of the event loop until it is so, or nothing more can come. */
export async function until(isSo: () => boolean, most = 20_000): Promise<void> {
  for (let turn = 0; turn < most && !isSo(); turn += 1) await turns(1);
}

/** The reason codes of a SUBACK for these filters; the retained messages stay in the inbox. */
export async function ask(link: RawLink, filters: readonly FilterFields[]): Promise<readonly number[]> {
  link.write(subscribe(link.version, 9, filters));
  const find = () => link.inbox.findIndex(({ packet }) => packet.cmd === 'suback');
  await until(() => find() >= 0 || link.isClosed);
  const [answer] = link.inbox.splice(find(), 1);
  if (answer?.packet.cmd !== 'suback') throw new Error(`no SUBACK, closed ${link.isClosed}`);
  return answer.packet.granted.map((one) => (typeof one === 'number' ? one : -1));
}

/** The reason code with which the broker ended the connection of an MQTT 5 client. */
export function farewell(link: RawLink): number | undefined {
  const last = link.inbox.at(-1)?.packet;
  return last?.cmd === 'disconnect' ? last.reasonCode : undefined;
}

export function say(
  link: RawLink,
  topic: string,
  payload: string,
  more: Partial<Parameters<typeof publish>[1]> = {},
): void {
  link.write(publish(link.version, { topic, payload: Buffer.from(payload), qos: 0, ...more }));
}

/** How often any `Map` was asked while `work` ran: what a lookup costs, whatever the machine. */
export async function mapReadsOf(work: () => Promise<void> | void): Promise<number> {
  const get: unknown = Reflect.get(Map.prototype, 'get');
  if (typeof get !== 'function') throw new Error('no maps here');
  let reads = 0;
  Map.prototype.get = function count(this: Map<unknown, unknown>, key: unknown): unknown {
    reads += 1;
    return Reflect.apply(get, this, [key]);
  };
  try {
    await work();
  } finally {
    Reflect.set(Map.prototype, 'get', get);
  }
  return reads;
}
