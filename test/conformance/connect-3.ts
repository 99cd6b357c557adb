import { expect } from 'vitest';
import { bytes, connectBytes, packet, text, u16 } from './raw.ts';
import { publish, subscribe } from './steps.ts';
import type { Proof } from './table.ts';

const will = bytes(text('w'), text('gone'));
const raw = (more: object = {}) => connectBytes({ version: 4, ...more });

/** MQTT 3.1.1, 3.1 and 3.2: CONNECT and its answer. */
export const connectProofs3: readonly Proof[] = [
  {
    proves: ['MQTT-3.1.0-1', 'MQTT-3.2.0-1'],
    name: 'the first packet must be CONNECT: whoever starts with another is closed without an answer',
    async run({ open }) {
      for (const first of [packet(0xc0), packet(0x30, text('a')), packet(0xe0), packet(0x82, u16(1), text('a'), 0)]) {
        const caller = await open();
        caller.sendBytes(first);
        expect(await caller.takeUntilClosed()).toEqual([]);
      }
    },
  },
  {
    proves: ['MQTT-3.2.0-1', 'MQTT-3.1.4-4', 'MQTT-7.1.1-1'],
    name: 'CONNACK comes before all other answers, in the four bytes of its format',
    async run({ open }) {
      const caller = await open();
      caller.sendBytes(raw(), packet(0xc0), packet(0x82, u16(1), text('a'), 0));
      expect((await caller.take(3)).map(({ cmd }) => cmd)).toEqual(['connack', 'pingresp', 'suback']);
      expect(caller.bytes.subarray(0, 4).toString('hex')).toBe('20020000');
    },
  },
  {
    proves: ['MQTT-3.1.0-2', 'MQTT-4.8.0-1'],
    name: 'a second CONNECT ends the connection',
    async run({ connect }) {
      const { client } = await connect();
      client.sendBytes(raw());
      expect(await client.takeUntilClosed()).toEqual([]);
    },
  },
  {
    proves: ['MQTT-3.1.2-1'],
    name: 'a protocol name other than MQTT ends the connection',
    async run({ open }) {
      for (const protocol of ['MQTX', 'mqtt', 'MQIsdp', 'MQTTX', '']) {
        const caller = await open();
        caller.sendBytes(raw({ protocol }));
        expect((await caller.takeUntilClosed()).filter(({ cmd }) => cmd !== 'connack')).toEqual([]);
        expect(caller.bytes.subarray(0, 4).toString('hex')).not.toBe('20020000');
      }
    },
  },
  {
    proves: ['MQTT-3.1.2-2', 'MQTT-3.2.2-4', 'MQTT-3.2.2-5'],
    name: 'a protocol level that nobody knows is answered with return code 1, and the connection ends',
    async run({ open }) {
      for (const version of [0, 1, 2]) {
        const caller = await open();
        caller.sendBytes(raw({ version }));
        await caller.takeUntilClosed();
        expect(caller.bytes.toString('hex')).toBe('20020001');
      }
    },
  },
  {
    proves: ['MQTT-3.1.2-9', 'MQTT-3.1.2-19', 'MQTT-3.1.2-21', 'MQTT-3.1.3-1'],
    name: 'the fields of the payload are read in their order: id, will, user name, password',
    async run(world) {
      const caller = await world.open();
      caller.sendBytes(raw({ flags: 0xc6, payload: bytes(text('c9'), will, text('user'), text('secret')) }));
      await caller.takeOne('connack');
      const { client } = await world.connect({ clientId: 'watch' });
      await subscribe(client, '#');
      caller.vanish();
      expect(await client.takePublishes(1)).toMatchObject([{ topic: 'w', payload: Buffer.from('gone') }]);
    },
  },
  {
    proves: ['MQTT-3.1.3-5', 'MQTT-3.1.4-4'],
    name: 'client ids of 1 to 23 letters and digits are accepted, and longer and stranger ones too',
    async run({ connect }) {
      const all = '0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ';
      for (const clientId of [
        ...all.split(''),
        all.slice(0, 23),
        all.slice(39),
        all,
        'Küche/1 #+$',
        'x'.repeat(1_000),
      ]) {
        const { client, connack } = await connect({ clientId });
        expect(connack).toMatchObject({ returnCode: 0, sessionPresent: false });
        client.vanish();
      }
    },
  },
  {
    proves: ['MQTT-3.1.3-6'],
    name: 'clients without an id with Clean Session are clients of their own',
    async run({ connect, broker }) {
      const one = await connect({ clientId: '' });
      const two = await connect({ clientId: '' });
      expect([one.connack.returnCode, two.connack.returnCode, broker.counts.clients]).toEqual([0, 0, 2]);
      for (const { client } of [one, two]) expect(client.isClosed).toBe(false);
    },
  },
  {
    proves: ['MQTT-3.1.3-8', 'MQTT-3.1.3-9', 'MQTT-3.2.2-4', 'MQTT-3.2.2-5'],
    name: 'no id and no Clean Session is answered with return code 2, and the connection ends',
    async run({ open }) {
      const caller = await open();
      caller.sendBytes(raw({ flags: 0, payload: text('') }));
      await caller.takeUntilClosed();
      expect(caller.bytes.toString('hex')).toBe('20020002');
    },
  },
  {
    proves: ['MQTT-3.1.4-5'],
    name: 'nothing after a CONNECT that is rejected is processed',
    async run({ open, bus }) {
      const heard: string[] = [];
      bus.subscribe('#', ({ topic }) => void heard.push(topic), { origin: 'test' });
      for (const connect of [raw({ flags: 0, payload: text('') }), raw({ version: 2 }), raw({ flags: 3 })]) {
        const caller = await open();
        caller.sendBytes(connect, packet(0x30, text('a'), text('x')), packet(0x82, u16(1), text('a'), 0), raw());
        const packets = await caller.takeUntilClosed();
        expect(packets.filter(({ cmd }) => cmd !== 'connack')).toEqual([]);
      }
      expect(heard).toEqual([]);
    },
  },
  {
    proves: ['MQTT-3.1.4-2', 'MQTT-3.1.3-2'],
    name: 'a client with the id of a connected one takes its place, without a word to the older',
    async run({ connect, broker }) {
      const { client: old } = await connect();
      const { client: young } = await connect();
      expect(await old.takeUntilClosed()).toEqual([]);
      await young.ask({ cmd: 'pingreq' }, 'pingresp');
      expect(broker.counts.clients).toBe(1);
      const { client: other } = await connect({ clientId: 'C1' });
      await other.ask({ cmd: 'pingreq' }, 'pingresp');
      expect([young.isClosed, broker.counts.clients]).toEqual([false, 2]);
    },
  },
  {
    proves: ['MQTT-3.1.2-24'],
    name: 'a client that is silent for one and a half keep alives is closed, any packet keeps it',
    async run({ connect, advance, bus }) {
      const { client: silent } = await connect({ keepalive: 10, will: { topic: 'w', payload: Buffer.from('x') } });
      const { client: awake } = await connect({ clientId: 'c2', keepalive: 10 });
      const { client: free } = await connect({ clientId: 'c3', keepalive: 0 });
      const heard: string[] = [];
      bus.subscribe('w', ({ topic }) => void heard.push(topic), { origin: 'test' });
      await advance(14_900);
      expect(silent.isClosed).toBe(false);
      awake.send(publish('a', 'x'));
      await advance(101);
      expect(await silent.takeUntilClosed()).toEqual([]);
      await advance(10_000);
      expect([awake.isClosed, free.isClosed, heard]).toEqual([false, false, ['w']]);
    },
  },
  {
    proves: ['MQTT-3.12.4-1'],
    name: 'PINGREQ is answered with PINGRESP, each one',
    async run({ connect }) {
      const { client } = await connect();
      client.sendBytes(packet(0xc0), packet(0xc0));
      expect((await client.take(2)).map(({ cmd }) => cmd)).toEqual(['pingresp', 'pingresp']);
    },
  },
];
