import { expect } from 'vitest';
import { bytes, connectBytes, packet, text } from './raw.ts';
import type { Proof } from './table.ts';

const id = text('c1');
const will = bytes(text('w'), text('gone'));
const raw = (more: object = {}) => connectBytes({ version: 4, ...more });

/** A CONNECT that ends the connection without an answer. */
type Bad = readonly [name: string, proves: readonly string[], sent: Buffer];

const BAD: readonly Bad[] = [
  ['with the reserved flag', ['3.1.2-3'], raw({ flags: 0x03 })],
  ['with a reserved bit in its first byte', ['2.2.2-1', '2.2.2-2'], Buffer.from(raw()).fill(0x11, 0, 1)],
  ['with a will QoS but no will', ['3.1.2-13'], raw({ flags: 0x0a })],
  ['with will retain but no will', ['3.1.2-15'], raw({ flags: 0x22 })],
  ['with will QoS 3', ['3.1.2-14'], raw({ flags: 0x1e, payload: bytes(id, will) })],
  ['with the will flag but no will', ['3.1.2-9'], raw({ flags: 0x06 })],
  ['with a will topic but no message', ['3.1.2-9'], raw({ flags: 0x06, payload: bytes(id, text('w')) })],
  ['with a user name but no flag', ['3.1.2-18'], raw({ payload: bytes(id, text('u')) })],
  ['with the user name flag but no user name', ['3.1.2-19'], raw({ flags: 0x82 })],
  ['with a password but no flag', ['3.1.2-20'], raw({ flags: 0x82, payload: bytes(id, text('u'), text('p')) })],
  ['with the password flag but no password', ['3.1.2-21'], raw({ flags: 0xc2, payload: bytes(id, text('u')) })],
  ['with a password but no user name', ['3.1.2-22'], raw({ flags: 0x42, payload: bytes(id, text('p')) })],
  ['without a client id', [], raw({ payload: [] })],
  ['with a client id that is cut off', [], raw({ payload: [0, 9, 0x61] })],
  ['without a keep alive', [], packet(0x10, text('MQTT'), 4, 2)],
  ['with bytes after its end', [], raw({ payload: bytes(id, 0) })],
];

/** MQTT 3.1.1, 3.1: what a CONNECT must not look like. */
export const badConnectProofs3: readonly Proof[] = BAD.map(
  ([name, proves, sent]): Proof => ({
    proves: ['MQTT-3.1.4-1', 'MQTT-3.2.2-6', 'MQTT-4.8.0-1', ...proves.map((number) => `MQTT-${number}`)],
    name: `CONNECT ${name} ends the connection without CONNACK`,
    async run({ open, broker }) {
      const caller = await open();
      caller.sendBytes(sent);
      expect(await caller.takeUntilClosed()).toEqual([]);
      expect(caller.bytes.length).toBe(0);
      expect(broker.counts).toMatchObject({ clients: 0, sessions: 0 });
    },
  }),
);
