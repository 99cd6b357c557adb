import { expect } from 'vitest';
import { bytes, packet, props, text, u16 } from './raw.ts';
import { closesWith, payloads, publish, subscribe } from './steps.ts';
import type { Proof } from './table.ts';

/** MQTT 5, 3.3: what is published, and what of it arrives. */
export const publishProofs: readonly Proof[] = [
  {
    proves: ['MQTT-3.3.1-4', 'MQTT-4.13.1-1'],
    name: 'PUBLISH with QoS 3 is malformed',
    async run({ connect }) {
      const { client } = await connect();
      client.sendBytes(packet(0x36, text('a'), u16(1), props()));
      await closesWith(client, 0x81);
    },
  },
  {
    proves: ['MQTT-3.3.1-2', 'MQTT-3.3.1-3'],
    name: 'the DUP flag that comes in is not passed on',
    async run({ connect }) {
      const { client } = await connect();
      await subscribe(client, 'a', { qos: 2 });
      const { client: sender } = await connect({ clientId: 'c2' });
      for (const qos of [1, 2] as const) {
        sender.send(publish('a', 'x', { qos, messageId: 3, dup: true }));
        expect(await client.takePublishes(1)).toMatchObject([{ qos, dup: false }]);
      }
    },
  },
  {
    proves: ['MQTT-3.3.2-1'],
    name: 'an empty topic without an alias is a protocol error',
    async run({ connect }) {
      const { client } = await connect();
      client.sendBytes(packet(0x30, text(''), props(), Buffer.from('x')));
      await closesWith(client, 0x82);
    },
  },
  {
    proves: ['MQTT-3.3.2-2', 'MQTT-4.7.0-1'],
    name: 'a topic with wildcards is refused',
    async run({ connect }) {
      for (const topic of ['a/#', '+/a', 'a+b', '#', 'a#']) {
        const { client } = await connect();
        client.sendBytes(packet(0x30, text(topic), props()));
        await closesWith(client, 0x90);
      }
    },
  },
  {
    proves: ['MQTT-3.3.2-3'],
    name: 'what a subscriber gets has the topic it was published on, which matches its filter',
    async run({ connect }) {
      const { client } = await connect();
      await subscribe(client, 'a/+/c');
      for (const topic of ['a/b/c', 'a//c', 'a/b/d', 'a/b/c/d', 'a/b', 'a/x/c']) client.send(publish(topic, 'x'));
      expect((await client.takePublishes(3)).map(({ topic }) => topic)).toEqual(['a/b/c', 'a//c', 'a/x/c']);
    },
  },
  {
    proves: ['MQTT-3.3.2-4', 'MQTT-3.3.2-15', 'MQTT-3.3.2-16', 'MQTT-3.3.2-17', 'MQTT-3.3.2-18', 'MQTT-3.3.2-20'],
    name: 'every property is forwarded unchanged, byte for byte, the user properties in their order',
    async run({ connect }) {
      const { client: one } = await connect({ clientId: 'one' });
      const { client: two } = await connect({ clientId: 'two' });
      await subscribe(one, 'a', { qos: 1 });
      await subscribe(two, '#', { qos: 1 });
      const { client } = await connect();
      const pairs = ['b', 'a', 'b', '', 'ä'].map((name, at) => bytes(38, text(name), text(`${at}`)));
      const own = props(1, 1, 3, text('text/plain'), 8, text('answers/1'), 9, text([0, 255, 128]), ...pairs);
      for (const flags of [0x30, 0x32]) {
        const before = [one.bytes.length, two.bytes.length];
        const id = flags === 0x30 ? [] : u16(9);
        client.sendBytes(packet(flags, text('a'), id, own, Buffer.from('x')));
        for (const [at, receiver] of [one, two].entries()) {
          await receiver.takePublishes(1);
          const came = receiver.bytes.subarray(before[at]);
          expect(came[0]).toBe(flags);
          expect(came.subarray(came.length - own.length - 1)).toEqual(bytes(own, Buffer.from('x')));
        }
        await client.take();
      }
    },
  },
  {
    proves: ['MQTT-3.3.2-4'],
    name: 'payload format indicator 0, and none, stay what they are',
    async run({ connect }) {
      const { client } = await connect();
      await subscribe(client, 'a');
      for (const own of [props(1, 0), props()]) {
        const before = client.bytes.length;
        client.sendBytes(packet(0x30, text('a'), own, Buffer.from('x')));
        await client.takePublishes(1);
        expect(client.bytes.subarray(before)).toEqual(packet(0x30, text('a'), own, Buffer.from('x')));
      }
    },
  },
  {
    proves: ['MQTT-3.3.2-14'],
    name: 'a response topic with wildcards is a protocol error',
    async run({ connect }) {
      for (const topic of ['a/#', '+']) {
        const { client } = await connect();
        client.sendBytes(packet(0x30, text('a'), props(8, text(topic))));
        await closesWith(client, 0x82);
      }
    },
  },
  {
    proves: ['MQTT-3.3.2-15', 'MQTT-3.3.2-16'],
    name: 'a request finds its way to the responder and the answer back',
    async run({ connect }) {
      const { client: asks } = await connect({ clientId: 'asks' });
      const { client: answers } = await connect({ clientId: 'answers' });
      await subscribe(asks, 'reply/asks');
      await subscribe(answers, 'question');
      const correlationData = Buffer.from([7, 0, 7]);
      asks.send(publish('question', 'q', { properties: { responseTopic: 'reply/asks', correlationData } }));
      const [question] = await answers.takePublishes(1);
      const { responseTopic = '', correlationData: echo } = question?.properties ?? {};
      answers.send(publish(responseTopic, 'a', { properties: echo === undefined ? {} : { correlationData: echo } }));
      const [answer] = await asks.takePublishes(1);
      expect(answer).toMatchObject({ topic: 'reply/asks', payload: Buffer.from('a'), properties: { correlationData } });
    },
  },
  {
    proves: ['MQTT-3.3.4-1'],
    name: 'PUBLISH is answered as its QoS asks: not, with PUBACK, with PUBREC',
    async run({ connect }) {
      const { client } = await connect();
      client.send(publish('a', 'x'));
      client.send(publish('a', 'x', { qos: 1, messageId: 0x0102 }));
      client.send(publish('a', 'x', { qos: 2, messageId: 0x0103 }));
      expect(await client.take(2)).toMatchObject([
        { cmd: 'puback', messageId: 0x0102 },
        { cmd: 'pubrec', messageId: 0x0103 },
      ]);
    },
  },
  {
    proves: ['MQTT-3.3.4-6', 'MQTT-4.13.1-1'],
    name: 'PUBLISH with a subscription identifier is a protocol error',
    async run({ connect }) {
      const { client } = await connect();
      client.sendBytes(packet(0x30, text('a'), props(11, 5)));
      await closesWith(client, 0x82);
    },
  },
  {
    proves: ['MQTT-4.6.0-5', 'MQTT-4.6.0-6'],
    name: 'messages of one client, topic and QoS arrive in their order',
    async run({ connect }) {
      const { client: one } = await connect({ clientId: 'one' });
      const { client: two } = await connect({ clientId: 'two' });
      await subscribe(one, 'a', { qos: 2 });
      await subscribe(two, '+', { qos: 0 });
      const { client } = await connect();
      const numbers = Array.from({ length: 60 }, (_, at) => `${at}`);
      for (const qos of [0, 1, 2] as const) {
        for (const [at, number] of numbers.entries()) client.send(publish('a', number, { qos, messageId: at + 1 }));
        expect(payloads(await one.takePublishes(60))).toEqual(numbers);
        expect(payloads(await two.takePublishes(60))).toEqual(numbers);
      }
    },
  },
];
