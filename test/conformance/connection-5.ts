import { expect } from 'vitest';
import type { Proof } from './table.ts';

/** MQTT 5, 3.1.0 and 3.1.4: who may speak, and what becomes of the others. */
export const connectionProofs: readonly Proof[] = [
  {
    proves: ['MQTT-3.1.0-1'],
    name: 'the first packet must be CONNECT: whoever starts with another is closed without an answer',
    async run({ open }) {
      const caller = await open();
      caller.send({ cmd: 'pingreq' });
      expect(await caller.takeUntilClosed()).toEqual([]);
    },
  },
  {
    proves: ['MQTT-3.1.0-2'],
    name: 'a second CONNECT is a protocol error',
    async run({ connect }) {
      const { client } = await connect();
      client.send({ cmd: 'connect', clientId: 'c2', protocolVersion: 5 });
      expect(await client.takeUntilClosed()).toMatchObject([{ cmd: 'disconnect', reasonCode: 0x82 }]);
    },
  },
];
