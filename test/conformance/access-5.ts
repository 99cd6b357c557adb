import { expect } from 'vitest';
import type { Access, Admission, Rights } from '../../src/broker/access.ts';
import { connectPacket } from './connect-packet.ts';
import type { World } from './harness.ts';
import { bytes, connectBytes, packet, packetsIn, props, text, u16 } from './raw.ts';
import { publish, subscribe } from './steps.ts';
import type { Proof } from './table.ts';

const NO = { reason: 0x87, code: 'HB182', why: 'not yours' };

const rights: Rights = {
  ...{ name: 'tester', role: 'operator' },
  write: ({ topic }) => (topic.startsWith('private') ? NO : undefined),
  read: (filter) => (filter.startsWith('private') ? NO : undefined),
};

/** Lets in who knows the password, after a while: some turns of the event loop. */
const access: Access = {
  async admit({ username, password }): Promise<Admission> {
    for (let turn = 0; turn < 5; turn += 1) await new Promise((resolve) => setImmediate(resolve));
    const knows = username === 'user' && password !== undefined && Buffer.from(password).equals(Buffer.from('secret'));
    return knows ? { rights } : { reason: 0x86, code: 'HB194', why: 'a wrong password' };
  },
};

const named = (name: string): Rights => ({ name, role: 'operator', write: () => undefined, read: () => undefined });
const PEOPLE = new Map([named('anna'), named('berta')].map((each) => [each.name, each]));

/** Lets in anna and berta. */
const people: Access = {
  admit({ username = '' }) {
    const found = PEOPLE.get(username);
    return found === undefined ? { reason: 0x86, code: 'HB194', why: 'nobody knows it' } : { rights: found };
  },
};

const LOGIN = { username: 'user', password: Buffer.from('secret') };

/** A CONNECT with these words, and right behind it SUBSCRIBE, PUBLISH and PINGREQ. */
async function hasty({ open }: World, password: string) {
  const caller = await open();
  caller.sendBytes(
    connectBytes({ flags: 0xc2, payload: bytes(text('hasty'), text('user'), text(password)) }),
    packet(0x82, u16(7), props(), text('a'), 0),
    packet(0x31, text('a'), props(), Buffer.from('x')),
    packet(0xc0),
  );
  return caller;
}

/** MQTT 5, 3.1.4: logins that take a while, and what a client may do. */
export const accessProofs: readonly Proof[] = [
  {
    proves: ['MQTT-3.1.2-17', 'MQTT-3.1.2-19', 'MQTT-3.1.3-1', 'MQTT-3.1.4-5'],
    name: 'user name and password are read from their places, behind the will',
    world: { access },
    async run({ open }) {
      const will = bytes(props(), text('user'), text('secret'));
      const caller = await open();
      caller.sendBytes(connectBytes({ flags: 0xc6, payload: bytes(text('c9'), will, text('user'), text('secret')) }));
      expect(await caller.takeOne('connack')).toMatchObject({ reasonCode: 0 });
      for (const wrong of [bytes(text('secret'), text('user')), bytes(text('user'), text('Secret'))]) {
        const refused = await open();
        refused.sendBytes(connectBytes({ flags: 0xc2, payload: bytes(text('c9'), wrong) }));
        expect(await refused.takeUntilClosed()).toMatchObject([{ cmd: 'connack', reasonCode: 0x86 }]);
      }
    },
  },
  {
    proves: ['MQTT-3.2.0-1', 'MQTT-3.1.4-5'],
    name: 'what a client sends right behind CONNECT waits for CONNACK, then counts in its order',
    world: { access },
    async run(world) {
      const caller = await hasty(world, 'secret');
      const packets = await caller.take(4);
      expect(packets[0]).toMatchObject({ cmd: 'connack', reasonCode: 0 });
      expect(packets.map(({ cmd }) => cmd).sort()).toEqual(['connack', 'pingresp', 'publish', 'suback']);
    },
  },
  {
    proves: ['MQTT-3.1.4-6', 'MQTT-3.1.4-2', 'MQTT-3.2.2-7', 'MQTT-3.14.0-1', 'MQTT-3.2.2-6'],
    name: 'a client with a wrong password gets 0x86 and is closed; nothing it sent behind CONNECT is done',
    world: { access },
    async run(world) {
      const refused = await hasty(world, 'wrong');
      expect(await refused.takeUntilClosed()).toMatchObject([
        { cmd: 'connack', reasonCode: 0x86, sessionPresent: false },
      ]);
      const { client } = await world.connect(LOGIN);
      await subscribe(client, '#');
      expect(await client.take()).toEqual([]);
      expect(world.broker.counts).toMatchObject({ clients: 1, sessions: 1 });
    },
  },
  {
    proves: ['MQTT-3.1.4-3'],
    name: 'a client that is refused does not take over the one with its id',
    world: { access },
    async run({ connect, open }) {
      const { client } = await connect(LOGIN);
      const thief = await open();
      thief.send(connectPacket(5, { username: 'user', password: Buffer.from('guess') }));
      await thief.takeUntilClosed();
      await client.ask({ cmd: 'pingreq' }, 'pingresp');
    },
  },
  {
    proves: ['MQTT-3.4.2-1', 'MQTT-3.5.2-1', 'MQTT-3.9.3-2', 'MQTT-3.8.4-7'],
    name: 'what a client may not write or read is refused with 0x87, and it stays connected',
    world: { access },
    async run({ connect }) {
      const { client } = await connect(LOGIN);
      const { client: reader } = await connect({ ...LOGIN, clientId: 'reader' });
      await subscribe(reader, '#');
      expect(await subscribe(client, 'private/a')).toEqual([0x87]);
      const puback = await client.ask(publish('private/a', 'x', { qos: 1, messageId: 5 }), 'puback');
      const pubrec = await client.ask(publish('private/a', 'x', { qos: 2, messageId: 6 }), 'pubrec');
      expect([puback.reasonCode, pubrec.reasonCode]).toEqual([0x87, 0x87]);
      client.send(publish('private/a', 'x'));
      client.send(publish('public', 'y'));
      expect(await reader.takePublishes(1)).toMatchObject([{ topic: 'public' }]);
    },
  },
  {
    proves: ['MQTT-3.1.4-2', 'MQTT-3.2.2-8'],
    name: 'a will on a topic that access forbids is refused with 0x87',
    world: { access },
    async run({ connect }) {
      const will = { topic: 'private/a', payload: Buffer.from('x'), qos: 0, retain: false } as const;
      const { client, connack } = await connect({ ...LOGIN, will });
      expect(connack.reasonCode).toBe(0x87);
      expect(await client.takeUntilClosed()).toEqual([]);
      expect(packetsIn(client.bytes)).toHaveLength(1);
    },
  },
  {
    proves: ['MQTT-3.1.3-8', 'MQTT-3.1.3-2', 'MQTT-3.1.4-3'],
    name: 'a client id whose session belongs to another login is refused with 0x85, and nobody is taken over',
    world: { access: people },
    async run({ connect }) {
      const { client } = await connect({ username: 'anna', properties: { sessionExpiryInterval: 100 } });
      const { client: thief, connack } = await connect({ username: 'berta', clean: false });
      expect(connack).toMatchObject({ reasonCode: 0x85, sessionPresent: false });
      expect(await thief.takeUntilClosed()).toEqual([]);
      await client.ask({ cmd: 'pingreq' }, 'pingresp');
      const again = await connect({ username: 'anna', clean: false, properties: { sessionExpiryInterval: 100 } });
      expect(again.connack.sessionPresent).toBe(true);
    },
  },
];
