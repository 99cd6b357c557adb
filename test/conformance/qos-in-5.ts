import { expect } from 'vitest';
import { connectLasting, payloads, publish, publishOnce, subscribe, vanish } from './steps.ts';
import type { Proof } from './table.ts';

const qos2 = (messageId: number, payload: string, dup = false) => publish('a', payload, { qos: 2, messageId, dup });

/** MQTT 5, 4.3: the three qualities of service, the broker as receiver. */
export const qosInProofs: readonly Proof[] = [
  {
    proves: ['MQTT-2.2.1-5', 'MQTT-4.3.2-4'],
    name: 'QoS 1: PUBACK carries the identifier, once the message is taken',
    async run({ connect }) {
      const { client } = await connect();
      await subscribe(client, 'a');
      for (const messageId of [1, 256, 65_535]) {
        client.send(publish('a', 'x', { qos: 1, messageId }));
        const packets = await client.take(2);
        expect(packets.map(({ cmd }) => cmd).sort()).toEqual(['puback', 'publish']);
        expect(packets.find(({ cmd }) => cmd === 'puback')).toMatchObject({ messageId });
      }
    },
  },
  {
    proves: ['MQTT-4.3.2-5'],
    name: 'QoS 1: after PUBACK the same identifier is a new message, with and without DUP',
    async run({ connect }) {
      const { client } = await connect();
      const { client: reader } = await connect({ clientId: 'c2' });
      await subscribe(reader, 'a');
      for (const dup of [false, true, true]) await publishOnce(client, publish('a', `${dup}`, { dup, messageId: 5 }));
      expect(payloads(await reader.takePublishes(3))).toEqual(['false', 'true', 'true']);
    },
  },
  {
    proves: ['MQTT-4.3.3-8', 'MQTT-4.3.3-11', 'MQTT-2.2.1-5'],
    name: 'QoS 2: PUBREC and PUBCOMP carry the identifier, and the message is delivered once',
    async run({ connect }) {
      const { client } = await connect();
      const { client: reader } = await connect({ clientId: 'c2' });
      await subscribe(reader, 'a');
      for (const messageId of [1, 256, 65_535]) {
        expect(await client.ask(qos2(messageId, 'x'), 'pubrec')).toMatchObject({ messageId, reasonCode: 0 });
        const pubcomp = await client.ask({ cmd: 'pubrel', messageId }, 'pubcomp');
        expect(pubcomp).toMatchObject({ messageId, reasonCode: 0 });
      }
      expect(payloads(await reader.takePublishes(3))).toEqual(['x', 'x', 'x']);
    },
  },
  {
    proves: ['MQTT-4.3.3-10'],
    name: 'QoS 2: until PUBREL the same identifier is answered by PUBREC and not delivered again',
    async run(world) {
      const { client } = await connectLasting(world, 'c1');
      const { client: reader } = await world.connect({ clientId: 'c2' });
      await subscribe(reader, 'a');
      for (const dup of [false, true, false]) await client.ask(qos2(7, 'x', dup), 'pubrec');
      await vanish(world, client);
      const { client: again } = await connectLasting(world, 'c1');
      expect(await again.ask(qos2(7, 'x', true), 'pubrec')).toMatchObject({ messageId: 7, reasonCode: 0 });
      expect(payloads(await reader.takePublishes(1))).toEqual(['x']);
    },
  },
  {
    proves: ['MQTT-4.3.3-12'],
    name: 'QoS 2: after PUBCOMP the identifier stands for a new message',
    async run({ connect }) {
      const { client } = await connect();
      const { client: reader } = await connect({ clientId: 'c2' });
      await subscribe(reader, 'a');
      for (const payload of ['one', 'two']) {
        await client.ask(qos2(7, payload, true), 'pubrec');
        await client.ask({ cmd: 'pubrel', messageId: 7 }, 'pubcomp');
      }
      expect(payloads(await reader.takePublishes(2))).toEqual(['one', 'two']);
    },
  },
  {
    proves: ['MQTT-4.3.3-9', 'MQTT-3.5.2-1'],
    name: 'QoS 2: after a PUBREC that refuses, the identifier stands for a new message',
    async run({ connect }) {
      const { client } = await connect();
      await subscribe(client, 'a');
      const refused = await client.ask(publish('$SYS/x', 'x', { qos: 2, messageId: 7 }), 'pubrec');
      expect(refused.reasonCode).toBe(0x87);
      client.send(qos2(7, 'new'));
      expect(await client.take(2)).toMatchObject(
        expect.arrayContaining([
          expect.objectContaining({ cmd: 'pubrec', messageId: 7, reasonCode: 0 }),
          expect.objectContaining({ cmd: 'publish', payload: Buffer.from('new') }),
        ]),
      );
    },
  },
  {
    proves: ['MQTT-4.3.3-11', 'MQTT-3.7.2-1'],
    name: 'QoS 2: PUBREL for an identifier that is not known is answered by PUBCOMP with 0x92',
    async run({ connect }) {
      const { client } = await connect();
      const pubcomp = await client.ask({ cmd: 'pubrel', messageId: 99 }, 'pubcomp');
      expect(pubcomp).toMatchObject({ messageId: 99, reasonCode: 0x92 });
    },
  },
  {
    proves: ['MQTT-4.3.3-13'],
    name: 'QoS 2: the handshake goes on when the message has expired on its way',
    async run(world) {
      const { client } = await world.connect();
      const properties = { messageExpiryInterval: 1 };
      await client.ask({ ...qos2(7, 'x'), properties }, 'pubrec');
      await world.advance(5_000);
      expect(await client.ask({ ...qos2(7, 'x', true), properties }, 'pubrec')).toMatchObject({ reasonCode: 0 });
      const pubcomp = await client.ask({ cmd: 'pubrel', messageId: 7 }, 'pubcomp');
      expect(pubcomp).toMatchObject({ messageId: 7, reasonCode: 0 });
    },
  },
];
