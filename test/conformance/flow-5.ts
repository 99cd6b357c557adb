import { expect } from 'vitest';
import { acknowledge, closesWith, payloads, publish, publishOnce, subscribe } from './steps.ts';
import type { Proof } from './table.ts';

/** A lasting session that takes so many messages at a time. */
const options = (receiveMaximum: number) => ({
  ...{ clientId: 'c1', clean: false, properties: { sessionExpiryInterval: 100, receiveMaximum } },
});

/** MQTT 5, 3.3.4 and 4.9: how much may be on its way. */
export const flowProofs: readonly Proof[] = [
  {
    proves: ['MQTT-3.3.4-9', 'MQTT-4.9.0-1', 'MQTT-4.9.0-2'],
    name: 'no more QoS 1 messages than receive maximum are on their way; each PUBACK lets one more go',
    async run({ connect }) {
      const { client } = await connect({ properties: { receiveMaximum: 3 } });
      await subscribe(client, 'a', { qos: 1 });
      const { client: sender } = await connect({ clientId: 'c2' });
      for (let at = 0; at < 8; at += 1) await publishOnce(sender, publish('a', `${at}`));
      const first = await client.takePublishes(3);
      expect(payloads(first)).toEqual(['0', '1', '2']);
      acknowledge(client, first.slice(1, 2));
      expect(payloads(await client.takePublishes(1))).toEqual(['3']);
      acknowledge(client, [...first.slice(0, 1), ...first.slice(2)]);
      expect(payloads(await client.takePublishes(2))).toEqual(['4', '5']);
    },
  },
  {
    proves: ['MQTT-3.3.4-9', 'MQTT-4.9.0-2'],
    name: 'a QoS 2 message counts until PUBCOMP, or until a PUBREC that refuses it',
    async run({ connect }) {
      const { client } = await connect({ properties: { receiveMaximum: 1 } });
      await subscribe(client, 'a', { qos: 2 });
      const { client: sender } = await connect({ clientId: 'c2' });
      for (let id = 1; id <= 3; id += 1) await sender.ask(publish('a', `${id}`, { qos: 2, messageId: id }), 'pubrec');
      const [one] = await client.takePublishes(1);
      const messageId = one?.messageId ?? 0;
      await client.ask({ cmd: 'pubrec', messageId }, 'pubrel');
      client.send({ cmd: 'pubcomp', messageId });
      const [two] = await client.takePublishes(1);
      client.send({ cmd: 'pubrec', messageId: two?.messageId ?? 0, reasonCode: 0x83 });
      expect(payloads(await client.takePublishes(1))).toEqual(['3']);
    },
  },
  {
    proves: ['MQTT-4.9.0-2', 'MQTT-3.3.4-9'],
    name: 'a PUBACK for nothing lets nothing more go',
    async run({ connect }) {
      const { client } = await connect({ properties: { receiveMaximum: 1 } });
      await subscribe(client, 'a', { qos: 1 });
      const { client: sender } = await connect({ clientId: 'c2' });
      for (let at = 0; at < 3; at += 1) await publishOnce(sender, publish('a', `${at}`));
      const [first] = await client.takePublishes(1);
      const messageId = first?.messageId ?? 0;
      client.send({ cmd: 'puback', messageId: messageId + 100 });
      client.send({ cmd: 'pubcomp', messageId: messageId + 100 });
      expect(await client.take()).toEqual([]);
      client.send({ cmd: 'puback', messageId });
      client.send({ cmd: 'puback', messageId });
      expect(payloads(await client.takePublishes(1))).toEqual(['1']);
    },
  },
  {
    proves: ['MQTT-3.3.4-10', 'MQTT-4.9.0-3'],
    name: 'a client whose quota is used up gets everything but QoS 1 and 2, and is heard',
    async run({ connect }) {
      const { client } = await connect({ properties: { receiveMaximum: 1 } });
      await subscribe(client, 'a', { qos: 1 });
      const { client: sender } = await connect({ clientId: 'c2' });
      await publishOnce(sender, publish('a', '1'));
      await publishOnce(sender, publish('a', '2'));
      const [first] = await client.takePublishes(1);
      await client.ask({ cmd: 'pingreq' }, 'pingresp');
      await subscribe(client, 'b', { qos: 0 });
      sender.send(publish('b', 'passes'));
      expect(payloads(await client.takePublishes(1))).toEqual(['passes']);
      await client.ask(publish('c', 'x', { qos: 1, messageId: 5 }), 'puback');
      await client.ask(publish('c', 'x', { qos: 2, messageId: 6 }), 'pubrec');
      await client.ask({ cmd: 'pubrel', messageId: 6 }, 'pubcomp');
      await client.ask({ cmd: 'unsubscribe', messageId: 7, unsubscriptions: ['b'] }, 'unsuback');
      acknowledge(client, first === undefined ? [] : [first]);
      expect(payloads(await client.takePublishes(1))).toEqual(['2']);
    },
  },
  {
    proves: ['MQTT-4.9.0-1'],
    name: 'the quota is full again in a new connection, with the receive maximum of that one',
    async run({ connect }) {
      const { client } = await connect(options(2));
      await subscribe(client, 'a', { qos: 1 });
      const { client: sender } = await connect({ clientId: 'c2' });
      for (let at = 0; at < 6; at += 1) await publishOnce(sender, publish('a', `${at}`));
      expect(payloads(await client.takePublishes(2))).toEqual(['0', '1']);
      const { client: again } = await connect(options(3));
      expect(payloads(await again.takePublishes(3))).toEqual(['0', '1', '2']);
    },
  },
  {
    proves: ['MQTT-4.9.0-1', 'MQTT-3.3.4-9'],
    name: 'what is sent again keeps to a receive maximum that has become smaller',
    async run({ connect }) {
      const { client } = await connect(options(5));
      await subscribe(client, 'a', { qos: 1 });
      const { client: sender } = await connect({ clientId: 'c2' });
      for (let at = 0; at < 5; at += 1) await publishOnce(sender, publish('a', `${at}`));
      await client.takePublishes(5);
      const { client: again } = await connect(options(2));
      const first = await again.takePublishes(2);
      expect(payloads(first)).toEqual(['0', '1']);
      acknowledge(again, first);
      expect(payloads(await again.takePublishes(2))).toEqual(['2', '3']);
    },
  },
  {
    proves: ['MQTT-4.13.1-1', 'MQTT-4.9.0-1'],
    name: 'a client that sends more than receive maximum is closed with 0x93',
    world: { limits: { receiveMaximum: 2 } },
    async run({ connect }) {
      const { client, connack } = await connect();
      expect(connack.properties?.receiveMaximum).toBe(2);
      for (const messageId of [1, 2]) await client.ask(publish('a', 'x', { qos: 2, messageId }), 'pubrec');
      await client.ask({ cmd: 'pubrel', messageId: 1 }, 'pubcomp');
      await client.ask(publish('a', 'x', { qos: 2, messageId: 3 }), 'pubrec');
      await client.ask(publish('a', 'x', { qos: 1, messageId: 9 }), 'puback');
      client.send(publish('a', 'x', { qos: 2, messageId: 4 }));
      await closesWith(client, 0x93);
    },
  },
];
