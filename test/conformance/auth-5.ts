import { expect } from 'vitest';
import { access, auth } from './auth-method-5.ts';
import { connectBytes, packet, props, text } from './raw.ts';
import { closesWith } from './steps.ts';
import type { Proof } from './table.ts';

/** MQTT 5, 4.12: authentication without steps, or by a method that is not known. */
export const authProofs: readonly Proof[] = [
  {
    proves: ['MQTT-4.12.0-1', 'MQTT-4.12.0-4', 'MQTT-3.2.2-7'],
    name: 'an authentication method that the broker does not know is refused with 0x8C',
    async run({ connect }) {
      const { client, connack } = await connect({ properties: { authenticationMethod: 'NOBODY-KNOWS' } });
      expect(connack).toMatchObject({ reasonCode: 0x8c, sessionPresent: false });
      expect(await client.takeUntilClosed()).toEqual([]);
    },
  },
  {
    proves: ['MQTT-4.12.0-6'],
    name: 'a client without an authentication method gets neither AUTH nor a method in CONNACK',
    world: { access },
    async run({ connect }) {
      const { client, connack } = await connect({ username: 'u', password: Buffer.from('p') });
      expect(connack.properties?.authenticationMethod).toBeUndefined();
      expect(connack.properties?.authenticationData).toBeUndefined();
      expect(await client.take()).toEqual([]);
    },
  },
  {
    proves: ['MQTT-4.13.1-1'],
    name: 'AUTH to authenticate anew, without a method in CONNECT, is a protocol error',
    world: { access },
    async run({ connect }) {
      const { client } = await connect();
      client.send(auth('0', 0x19));
      await closesWith(client, 0x82);
    },
  },
  {
    proves: ['MQTT-3.1.0-1'],
    name: 'AUTH before CONNECT closes the connection',
    async run({ open }) {
      const caller = await open();
      caller.sendBytes(packet(0xf0, 0x18, props(21, text('x'))), connectBytes());
      expect(await caller.takeUntilClosed()).toEqual([]);
    },
  },
];
