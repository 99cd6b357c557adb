import { expect } from 'vitest';
import { bytes, connectBytes, packet, props, text, u16, u32 } from './raw.ts';
import { publish, refusesConnect, subscribe } from './steps.ts';
import type { Proof } from './table.ts';

const id = text('c1');
const will = bytes(props(), text('w'), text('gone'));

/** A CONNECT that must not be accepted, and the reason if one is given. */
type Bad = readonly [name: string, proves: readonly string[], reason: number, sent: Buffer];

const BAD: readonly Bad[] = [
  ['with the reserved flag', ['3.1.2-3'], 0x81, connectBytes({ flags: 0x03 })],
  ['with a reserved bit in its first byte', ['2.1.3-1'], 0x81, Buffer.from(connectBytes()).fill(0x11, 0, 1)],
  ['with a will QoS but no will', ['3.1.2-11'], 0x81, connectBytes({ flags: 0x0a })],
  ['with will retain but no will', ['3.1.2-13'], 0x81, connectBytes({ flags: 0x22 })],
  ['with will QoS 3', ['3.1.2-12'], 0x81, connectBytes({ flags: 0x1e, payload: bytes(id, will) })],
  ['with the will flag but no will', ['3.1.2-9'], 0x81, connectBytes({ flags: 0x06 })],
  [
    'with a will without a payload',
    ['3.1.2-9'],
    0x81,
    connectBytes({ flags: 6, payload: bytes(id, props(), text('w')) }),
  ],
  ['with a user name but no flag', ['3.1.2-16'], 0x81, connectBytes({ payload: bytes(id, text('u')) })],
  ['with the user name flag but no user name', ['3.1.2-17'], 0x81, connectBytes({ flags: 0x82 })],
  ['with a password but no flag', ['3.1.2-18'], 0x81, connectBytes({ flags: 0x82, payload: bytes(id, id, id) })],
  ['with the password flag but no password', ['3.1.2-19'], 0x81, connectBytes({ flags: 0x42 })],
  ['without a client id', ['3.1.3-3'], 0x81, connectBytes({ payload: [] })],
  ['with a client id that is cut off', ['3.1.3-3'], 0x81, connectBytes({ payload: [0, 9, 0x61] })],
  ['without properties', ['2.2.2-1'], 0x81, packet(0x10, text('MQTT'), 5, 2, u16(0))],
  ['with a property length beyond its end', [], 0x81, connectBytes({ properties: [50] })],
  ['with a property that nobody knows', [], 0x81, connectBytes({ properties: props(4, 0) })],
  ['with a property of another packet', [], 0x81, connectBytes({ properties: props(35, u16(1)) })],
  ['with a property that is cut off', [], 0x81, connectBytes({ properties: props(17, 0, 0) })],
  ['with a property twice', [], 0x82, connectBytes({ properties: props(33, u16(9), 33, u16(9)) })],
  ['with receive maximum 0', ['4.9.0-1'], 0x82, connectBytes({ properties: props(33, u16(0)) })],
  ['with maximum packet size 0', [], 0x82, connectBytes({ properties: props(39, u32(0)) })],
  ['with request response information 2', [], 0x82, connectBytes({ properties: props(25, 2) })],
  ['with request problem information 2', [], 0x82, connectBytes({ properties: props(23, 2) })],
  ['with authentication data and no method', [], 0x82, connectBytes({ properties: props(22, text('x')) })],
  ['with a will delay among its own properties', [], 0x81, connectBytes({ properties: props(24, u32(1)) })],
  [
    'with a property of CONNECT in its will',
    [],
    0x81,
    connectBytes({ flags: 6, payload: bytes(id, props(33, u16(9)), text('w'), text('x')) }),
  ],
  [
    'with a will property twice',
    [],
    0x82,
    connectBytes({ flags: 6, payload: bytes(id, props(24, u32(1), 24, u32(1)), text('w'), text('x')) }),
  ],
];

const bad = BAD.map(
  ([name, proves, reason, sent]): Proof => ({
    proves: ['MQTT-3.1.4-1', 'MQTT-4.13.1-1', ...proves.map((number) => `MQTT-${number}`)],
    name: `CONNECT ${name} is not accepted`,
    async run({ open, broker }) {
      const caller = await open();
      caller.sendBytes(sent);
      await refusesConnect(caller, reason);
      expect(broker.counts).toMatchObject({ clients: 0, sessions: 0 });
    },
  }),
);

const others: readonly Proof[] = [
  {
    proves: ['MQTT-3.1.2-1'],
    name: 'a protocol name other than MQTT ends the connection',
    async run({ open }) {
      for (const protocol of ['MQTX', 'mqtt', 'MQIsdp', 'MQTTX', '']) {
        const caller = await open();
        caller.sendBytes(connectBytes({ protocol }));
        await refusesConnect(caller, 0x84);
      }
    },
  },
  {
    proves: ['MQTT-3.1.2-2', 'MQTT-3.2.2-7', 'MQTT-4.13.2-1'],
    name: 'a protocol version that nobody knows is answered by 0x84, and the connection ends',
    async run({ open }) {
      for (const version of [6, 7, 127]) {
        const caller = await open();
        caller.sendBytes(connectBytes({ version, properties: props() }));
        expect(await caller.takeUntilClosed()).toMatchObject([{ cmd: 'connack', reasonCode: 0x84 }]);
      }
    },
  },
  {
    proves: ['MQTT-3.1.2-9', 'MQTT-3.1.2-17', 'MQTT-3.1.2-19', 'MQTT-3.1.3-1', 'MQTT-3.1.3-3'],
    name: 'the fields of the payload are read in their order: id, will, user name, password',
    async run(world) {
      const caller = await world.open();
      const payload = bytes(text('c9'), will, text('user'), text('secret'));
      caller.sendBytes(connectBytes({ flags: 0xc6, payload }));
      await caller.takeOne('connack');
      const { client } = await world.connect({ clientId: 'watch' });
      await subscribe(client, '#');
      caller.vanish();
      expect(await client.takePublishes(1)).toMatchObject([{ topic: 'w', payload: Buffer.from('gone') }]);
    },
  },
  {
    proves: ['MQTT-3.1.2-19'],
    name: 'a password without a user name is allowed in MQTT 5',
    async run({ open }) {
      const caller = await open();
      caller.sendBytes(connectBytes({ flags: 0x42, payload: bytes(id, text('secret')) }));
      expect(await caller.takeOne('connack')).toMatchObject({ reasonCode: 0 });
    },
  },
  {
    proves: ['MQTT-3.1.3-5'],
    name: 'client ids of 1 to 23 letters and digits are accepted, and longer and stranger ones too',
    async run({ connect }) {
      const all = '0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ';
      const ids = [
        ...all.split(''),
        all.slice(0, 23),
        all.slice(23, 46),
        all.slice(39),
        all,
        'Küche/1 #+$',
        'x'.repeat(1_000),
      ];
      for (const clientId of ids) {
        const { client, connack } = await connect({ clientId });
        expect(connack).toMatchObject({ reasonCode: 0, sessionPresent: false });
        client.vanish();
      }
    },
  },
  {
    proves: ['MQTT-3.1.3-6', 'MQTT-3.1.3-7', 'MQTT-3.2.2-16'],
    name: 'a client without an id gets one of its own in CONNACK, and can come back with it',
    async run({ connect, settle }) {
      const options = { clientId: '', properties: { sessionExpiryInterval: 100 } };
      const first = await connect(options);
      const second = await connect(options);
      const clientId = first.connack.properties?.assignedClientIdentifier ?? '';
      expect(clientId).not.toBe('');
      expect(second.connack.properties?.assignedClientIdentifier).not.toBe(clientId);
      await subscribe(first.client, 'a', { qos: 1 });
      first.client.vanish();
      await settle();
      second.client.send(publish('a', 'kept', { qos: 1, messageId: 1 }));
      const { client, connack } = await connect({ ...options, clientId, clean: false });
      expect(connack).toMatchObject({ sessionPresent: true });
      expect(connack.properties?.assignedClientIdentifier).toBeUndefined();
      expect(await client.takePublishes(1)).toMatchObject([{ payload: Buffer.from('kept') }]);
    },
  },
];

/** MQTT 5, 3.1: what a CONNECT must look like. */
export const connectProofs: readonly Proof[] = [...bad, ...others];
