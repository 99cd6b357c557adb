import { expect } from 'vitest';
import { access, auth, data, hello, METHOD, question } from './auth-method-5.ts';
import type { Caller } from './caller.ts';
import type { World } from './harness.ts';
import { connectBytes, packet, packetsIn, props, text } from './raw.ts';
import { closesWith, payloads, publish, subscribe } from './steps.ts';
import type { Proof } from './table.ts';

/** A client that has answered everything right. */
async function authenticated({ open }: World): Promise<Caller> {
  const client = await open();
  client.send(hello());
  expect(await client.takeOne('auth')).toMatchObject(question('one?'));
  expect(await client.ask(auth('1'), 'auth')).toMatchObject(question('two?'));
  const { reasonCode, properties } = await client.ask(auth('2'), 'connack');
  expect(reasonCode).toBe(0);
  expect(properties).toMatchObject({ authenticationMethod: METHOD, authenticationData: data('well done') });
  return client;
}

/** MQTT 5, 4.12: authentication in steps. */
export const authStepProofs: readonly Proof[] = [
  {
    proves: ['MQTT-4.12.0-2', 'MQTT-4.12.0-5', 'MQTT-3.15.2-1', 'MQTT-3.2.0-1', 'MQTT-3.1.4-5'],
    name: 'AUTH asks with 0x18 until the client is known; AUTH and CONNACK name the method of CONNECT',
    world: { access },
    async run(world) {
      const client = await authenticated(world);
      await subscribe(client, 'a');
      client.send(publish('a', 'in'));
      expect(payloads(await client.takePublishes(1))).toEqual(['in']);
    },
  },
  {
    proves: ['MQTT-4.12.0-4', 'MQTT-3.2.2-7', 'MQTT-3.2.2-6', 'MQTT-3.1.4-2'],
    name: 'a wrong answer, at the first step or the last, is refused by CONNACK, and the connection ends',
    world: { access },
    async run({ open, broker }) {
      for (const answers of [[], ['1']]) {
        const client = await open();
        client.send(hello());
        await client.takeOne('auth');
        for (const answer of answers) await client.ask(auth(answer), 'auth');
        client.send(auth('wrong'));
        expect(await client.takeUntilClosed()).toMatchObject([
          { cmd: 'connack', reasonCode: 0x87, sessionPresent: false },
        ]);
      }
      expect(broker.counts).toMatchObject({ clients: 0, sessions: 0 });
    },
  },
  {
    proves: ['MQTT-4.13.1-1', 'MQTT-3.14.0-1', 'MQTT-3.1.4-6'],
    name: 'what is neither AUTH nor DISCONNECT before CONNACK ends the connection, and is not done',
    world: { access },
    async run({ open, connect }) {
      const { client: reader } = await connect({ clientId: 'reader' });
      await subscribe(reader, '#');
      for (const hasty of [packet(0x30, text('a'), props()), packet(0xc0), connectBytes()]) {
        const client = await open();
        client.send(hello());
        await client.takeOne('auth');
        client.sendBytes(hasty);
        const packets = await client.takeUntilClosed();
        expect(packets.filter(({ cmd }) => cmd !== 'connack')).toEqual([]);
      }
      expect(await reader.take()).toEqual([]);
    },
  },
  {
    proves: ['MQTT-4.13.1-1', 'MQTT-4.12.0-5'],
    name: 'AUTH with another method than CONNECT, or with another reason than is due, is a protocol error',
    world: { access },
    async run(world) {
      for (const wrong of [auth('1', 0x18, 'OTHER'), auth('1', 0x19)]) {
        const client = await world.open();
        client.send(hello());
        await client.takeOne('auth');
        client.send(wrong);
        expect((await client.takeUntilClosed()).filter(({ cmd }) => cmd !== 'connack')).toEqual([]);
      }
      for (const wrong of [auth('0', 0x19, 'OTHER'), auth('1', 0x18)]) {
        const client = await authenticated(world);
        client.send(wrong);
        await closesWith(client, 0x82);
      }
    },
  },
  {
    proves: ['MQTT-4.12.0-5', 'MQTT-3.15.2-1', 'MQTT-4.12.0-2'],
    name: 'a client may authenticate anew: AUTH asks with 0x18 and ends with 0x00, and all goes on meanwhile',
    world: { access },
    async run(world) {
      const client = await authenticated(world);
      await subscribe(client, 'a');
      expect(await client.ask(auth('0', 0x19), 'auth')).toMatchObject(question('one?'));
      client.send(publish('a', 'meanwhile'));
      expect(payloads(await client.takePublishes(1))).toEqual(['meanwhile']);
      expect(await client.ask(auth('1'), 'auth')).toMatchObject(question('two?'));
      const last = await client.ask(auth('2'), 'auth');
      expect(last).toMatchObject({ reasonCode: 0, properties: { authenticationMethod: METHOD } });
      await client.ask({ cmd: 'pingreq' }, 'pingresp');
    },
  },
  {
    proves: ['MQTT-4.12.1-2', 'MQTT-4.13.2-1', 'MQTT-3.14.2-1'],
    name: 'a client that fails to authenticate anew is told so by DISCONNECT and closed',
    world: { access },
    async run(world) {
      const client = await authenticated(world);
      await client.ask(auth('0', 0x19), 'auth');
      client.send(auth('wrong'));
      await closesWith(client, 0x87);
    },
  },
  {
    proves: ['MQTT-4.12.0-4'],
    name: 'a client that does not go on with its authentication is closed when the time for CONNECT is over',
    world: { access },
    async run(world) {
      const client = await world.open();
      client.send(hello());
      await client.takeOne('auth');
      await world.advance(4_999);
      expect(client.isClosed).toBe(false);
      await world.advance(1);
      const packets = await client.takeUntilClosed();
      expect(packets.filter(({ cmd }) => cmd !== 'connack')).toEqual([]);
    },
  },
  {
    proves: ['MQTT-3.15.2-2', 'MQTT-3.15.2-3'],
    name: 'AUTH from the broker has neither reason string nor user properties, so it is never longer for them',
    world: { access },
    async run(world) {
      const client = await authenticated(world);
      await client.ask(auth('0', 0x19), 'auth');
      const names = packetsIn(client.bytes).filter(([first]) => first === 0xf0);
      const bare = (words: string) => packet(0xf0, 0x18, props(21, text(METHOD), 22, text(words)));
      expect(names).toEqual([bare('one?'), bare('two?'), bare('one?')]);
    },
  },
];
