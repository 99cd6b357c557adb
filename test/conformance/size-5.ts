import type { Packet } from 'mqtt-packet';
import { expect } from 'vitest';
import type { Caller } from './caller.ts';
import { packet, packetsIn, props, text, u16 } from './raw.ts';
import { payloads, publish, publishOnce, subscribe } from './steps.ts';
import type { Proof } from './table.ts';

/** The size of the largest packet that the broker has sent to this client, in bytes. */
const largest = ({ bytes }: Caller): number => Math.max(...packetsIn(bytes).map(({ length }) => length));

const refused = (qos: 1 | 2, messageId: number) => publish('$SYS/x', 'x', { qos, messageId });

/** The reason string and the user properties of a packet. */
function words(packet: Packet | undefined): unknown[] {
  const properties: object = packet !== undefined && 'properties' in packet ? (packet.properties ?? {}) : {};
  return Object.entries(properties).flatMap(([name, value]) =>
    /^(reasonString|userProperties)$/.test(name) ? [value] : [],
  );
}

/** What makes the broker say why in each kind of packet, on a fresh client. */
const CAUSES: Readonly<Record<string, (client: Caller) => void>> = {
  puback: (client) => client.send(refused(1, 5)),
  pubrec: (client) => client.send(refused(2, 5)),
  pubrel: (client) => client.send({ cmd: 'pubrec', messageId: 99 }),
  pubcomp: (client) => client.send({ cmd: 'pubrel', messageId: 99 }),
  suback: (client) => client.send({ cmd: 'subscribe', messageId: 5, subscriptions: [{ topic: 'a#', qos: 0 }] }),
  unsuback: (client) => client.send({ cmd: 'unsubscribe', messageId: 5, unsubscriptions: ['a#'] }),
  disconnect: (client) => client.sendBytes(packet(0x82, u16(1), props(), text([0xff]), 0)),
};

const SIZES: Readonly<Record<string, readonly string[]>> = {
  puback: ['MQTT-3.4.2-2', 'MQTT-3.4.2-3'],
  pubrec: ['MQTT-3.5.2-2', 'MQTT-3.5.2-3'],
  pubrel: ['MQTT-3.6.2-2', 'MQTT-3.6.2-3'],
  pubcomp: ['MQTT-3.7.2-2', 'MQTT-3.7.2-3'],
  suback: ['MQTT-3.9.2-1', 'MQTT-3.9.2-2'],
  unsuback: ['MQTT-3.11.2-1', 'MQTT-3.11.2-2'],
  disconnect: ['MQTT-3.14.2-3', 'MQTT-3.14.2-4'],
};

/** Room for the CONNACK of this broker, and for no reason string. */
const SMALL = 24;

const reasons = Object.entries(CAUSES).flatMap(([cmd, cause]): Proof[] => [
  {
    proves: SIZES[cmd] ?? [],
    name: `${cmd} says why in words, unless that made it larger than the client takes`,
    async run({ connect }) {
      const { client } = await connect();
      cause(client);
      const [told] = await client.take(1);
      expect(told?.cmd).toBe(cmd);
      expect(words(told)).toHaveLength(1);
      const { client: small } = await connect({ clientId: 'c2', properties: { maximumPacketSize: SMALL } });
      cause(small);
      const [short] = await small.take(1);
      expect(short?.cmd).toBe(cmd);
      expect(words(short)).toEqual([]);
      expect(largest(small)).toBeLessThanOrEqual(SMALL);
    },
  },
  ...(cmd === 'disconnect'
    ? []
    : [
        {
          proves: ['MQTT-3.1.2-29'],
          name: `${cmd} has no words for a client that wants no problem information`,
          async run({ connect }) {
            const { client } = await connect({ properties: { requestProblemInformation: false } });
            cause(client);
            const [told] = await client.take(1);
            expect(told?.cmd).toBe(cmd);
            expect(words(told)).toEqual([]);
          },
        } satisfies Proof,
      ]),
]);

const others: readonly Proof[] = [
  {
    proves: ['MQTT-3.1.2-24', 'MQTT-3.1.2-25'],
    name: 'a message that is too large for a client is left out as if it had been sent',
    async run({ connect }) {
      const properties = { maximumPacketSize: 100, receiveMaximum: 1, sessionExpiryInterval: 100 };
      const { client } = await connect({ properties });
      await subscribe(client, 'a', { qos: 2 });
      const { client: sender } = await connect({ clientId: 'c2' });
      for (const size of [91, 92, 500, 3]) {
        sender.send(publish('a', 'x'.repeat(size)));
        await publishOnce(sender, publish('a', 'y'.repeat(size - 2)));
      }
      const messages = [];
      for (let more = await client.take(3); more.length > 0; more = await client.take()) {
        for (const each of more) if (each.cmd === 'publish') messages.push(each);
        for (const each of more)
          if (each.messageId !== undefined) client.send({ cmd: 'puback', messageId: each.messageId });
      }
      const came = payloads(messages).map((payload) => `${payload[0]}${payload.length}`);
      expect(came.filter((each) => each.startsWith('x'))).toEqual(['x91', 'x92', 'x3']);
      expect(came.filter((each) => each.startsWith('y'))).toEqual(['y89', 'y90', 'y1']);
      expect(largest(client)).toBeLessThanOrEqual(100);
    },
  },
  {
    proves: ['MQTT-3.1.2-24'],
    name: 'a packet of exactly the maximum size is sent, one byte more is not',
    async run({ connect }) {
      const { client } = await connect({ properties: { maximumPacketSize: 50 } });
      await subscribe(client, 'a');
      for (const size of [45, 44]) client.send(publish('a', 'x'.repeat(size)));
      expect((await client.takePublishes(1))[0]?.payload.length).toBe(44);
      expect(largest(client)).toBe(50);
    },
  },
  {
    proves: ['MQTT-3.1.2-25'],
    name: 'what waits for an absent client and is too large when it comes back is left out',
    async run({ connect }) {
      const options = { clientId: 'c1', clean: false };
      const { client } = await connect({ ...options, properties: { sessionExpiryInterval: 100 } });
      await subscribe(client, 'a', { qos: 1 });
      const { client: sender } = await connect({ clientId: 'c2' });
      await publishOnce(sender, publish('a', 'sent already'.repeat(20)));
      await client.takePublishes(1);
      client.vanish();
      await publishOnce(sender, publish('a', 'waits'.repeat(50)));
      await publishOnce(sender, publish('a', 'small'));
      const properties = { sessionExpiryInterval: 100, maximumPacketSize: 100, receiveMaximum: 1 };
      const { client: again } = await connect({ ...options, properties });
      expect(payloads(await again.takePublishes(1))).toEqual(['small']);
      expect(largest(again)).toBeLessThanOrEqual(100);
    },
  },
  {
    proves: ['MQTT-3.1.2-24'],
    name: 'SUBACK and UNSUBACK that would be too large are not sent: the client is closed with 0x95',
    async run({ connect }) {
      const filters = Array.from({ length: 100 }, (_, at) => `f${at}`);
      for (const cmd of ['subscribe', 'unsubscribe'] as const) {
        const { client } = await connect({ properties: { maximumPacketSize: 50 } });
        const subscriptions = filters.map((topic) => ({ topic, qos: 0 as const }));
        client.send(
          cmd === 'subscribe' ? { cmd, messageId: 1, subscriptions } : { cmd, messageId: 1, unsubscriptions: filters },
        );
        expect(await client.takeUntilClosed()).toMatchObject([{ cmd: 'disconnect', reasonCode: 0x95 }]);
        expect(largest(client)).toBeLessThanOrEqual(50);
      }
    },
  },
  {
    proves: ['MQTT-3.1.2-24', 'MQTT-3.2.2-19', 'MQTT-3.2.2-20'],
    name: 'CONNACK keeps within the maximum size of the client, also when it refuses',
    async run({ open, connect }) {
      for (const properties of [{ maximumPacketSize: 20 }, { maximumPacketSize: 20, authenticationMethod: 'x' }]) {
        const { client, connack } = await connect({ properties });
        expect(connack.reasonCode).toBe('authenticationMethod' in properties ? 0x8c : 0);
        expect(largest(client)).toBeLessThanOrEqual(20);
      }
      const tiny = await open();
      tiny.send({
        cmd: 'connect',
        clientId: '',
        protocolVersion: 5,
        clean: true,
        properties: { maximumPacketSize: 8 },
      });
      await tiny.takeUntilClosed();
      expect(packetsIn(tiny.bytes).filter(({ length }) => length > 8)).toEqual([]);
    },
  },
];

/** MQTT 5, 3.1.2.11.4 and the reason strings: no packet is larger than the client takes. */
export const sizeProofs: readonly Proof[] = [...reasons, ...others];
