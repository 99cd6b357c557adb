import { expect } from 'vitest';
import { closesWith, publish, subscribe } from './steps.ts';
import type { Proof } from './table.ts';

/** MQTT 5, 3.1.2.10 and 3.12: keep alive and pings. */
export const keepAliveProofs: readonly Proof[] = [
  {
    proves: ['MQTT-3.1.2-22', 'MQTT-3.2.2-22', 'MQTT-4.13.2-1'],
    name: 'a client that is silent for one and a half times its keep alive is closed with 0x8D',
    async run(world) {
      const { client, connack } = await world.connect({ keepalive: 10 });
      expect(connack.properties?.serverKeepAlive).toBeUndefined();
      await world.advance(14_999);
      expect(client.isClosed).toBe(false);
      await world.advance(1);
      await closesWith(client, 0x8d);
    },
  },
  {
    proves: ['MQTT-3.1.2-22', 'MQTT-3.12.4-1'],
    name: 'any packet keeps a client alive, PINGREQ among them; what it gets does not',
    async run(world) {
      const { client } = await world.connect({ keepalive: 10 });
      await subscribe(client, 'a');
      for (let round = 0; round < 3; round += 1) {
        await world.advance(14_000);
        client.send({ cmd: 'pingreq' });
        await client.takeOne('pingresp');
        await world.advance(14_000);
        client.send(publish('b', 'x'));
      }
      const { client: other } = await world.connect({ clientId: 'c2' });
      for (let second = 0; second < 16; second += 1) {
        await world.advance(1_000);
        other.send(publish('a', 'x'));
      }
      const packets = await client.takeUntilClosed();
      expect(packets.at(-1)).toMatchObject({ cmd: 'disconnect', reasonCode: 0x8d });
    },
  },
  {
    proves: ['MQTT-3.1.2-22'],
    name: 'half a packet does not keep a client alive',
    async run(world) {
      const { client } = await world.connect({ keepalive: 10 });
      await world.advance(14_000);
      client.sendBytes(Buffer.from([0x30, 0x7f]));
      await world.advance(1_000);
      await closesWith(client, 0x8d);
    },
  },
  {
    proves: ['MQTT-3.1.2-22', 'MQTT-3.2.2-22'],
    name: 'keep alive 0 lets a client be silent for ever, 65535 for 27 hours',
    async run(world) {
      const { client: free } = await world.connect({ keepalive: 0 });
      const { client: slow } = await world.connect({ keepalive: 65_535, clientId: 'c2' });
      await world.advance(98_302_000);
      expect([free.isClosed, slow.isClosed]).toEqual([false, false]);
      await world.advance(500);
      await closesWith(slow, 0x8d);
      await world.advance(1_000_000_000);
      await free.ask({ cmd: 'pingreq' }, 'pingresp');
    },
  },
  {
    proves: ['MQTT-3.12.4-1'],
    name: 'every PINGREQ is answered by PINGRESP, byte for byte',
    async run({ connect }) {
      const { client } = await connect();
      const before = client.bytes.length;
      client.sendBytes(Buffer.from([0xc0, 0, 0xc0, 0, 0xc0, 0]));
      expect(await client.take(3)).toHaveLength(3);
      expect(client.bytes.subarray(before)).toEqual(Buffer.from([0xd0, 0, 0xd0, 0, 0xd0, 0]));
    },
  },
];
