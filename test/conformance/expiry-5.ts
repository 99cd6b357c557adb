import { expect } from 'vitest';
import { packet, props, text, u32 } from './raw.ts';
import { connectLasting, publish, publishOnce, subscribe, vanish } from './steps.ts';
import type { Proof } from './table.ts';

/** MQTT 5, 3.3.2.3.3: messages that do not last. */
export const expiryProofs: readonly Proof[] = [
  {
    proves: ['MQTT-3.3.2-5', 'MQTT-3.3.2-6'],
    name: 'a message that waits loses that time of its expiry, and is dropped when nothing is left',
    async run(world) {
      const { client } = await connectLasting(world, 'c1');
      await subscribe(client, 'a', { qos: 1 });
      await vanish(world, client);
      const { client: sender } = await world.connect({ clientId: 'c2' });
      for (const seconds of [5, 10, 20]) {
        await publishOnce(sender, publish('a', `${seconds}`, { properties: { messageExpiryInterval: seconds } }));
      }
      await publishOnce(sender, publish('a', 'for ever'));
      await world.advance(7_000);
      const { client: again } = await connectLasting(world, 'c1');
      const came = await again.takePublishes(3);
      expect(came.map(({ payload, properties }) => [String(payload), properties?.messageExpiryInterval])).toEqual([
        ['10', 3],
        ['20', 13],
        ['for ever', undefined],
      ]);
    },
  },
  {
    proves: ['MQTT-3.3.2-5', 'MQTT-3.3.2-6'],
    name: 'a retained message loses the time it was kept, and expires',
    async run(world) {
      const { client } = await world.connect();
      await publishOnce(client, publish('a', 'x', { retain: true, properties: { messageExpiryInterval: 10 } }));
      await world.advance(4_000);
      await subscribe(client, 'a');
      expect(await client.takePublishes(1)).toMatchObject([{ properties: { messageExpiryInterval: 6 } }]);
      await world.advance(6_000);
      await subscribe(client, 'a');
      expect(await client.take()).toEqual([]);
    },
  },
  {
    proves: ['MQTT-3.3.2-6'],
    name: 'a message that does not wait keeps its expiry',
    async run({ connect }) {
      const { client } = await connect();
      await subscribe(client, 'a');
      const own = props(2, u32(0xffff_ffff));
      const before = client.bytes.length;
      client.sendBytes(packet(0x30, text('a'), own, Buffer.from('x')));
      await client.takePublishes(1);
      expect(client.bytes.subarray(before)).toEqual(packet(0x30, text('a'), own, Buffer.from('x')));
    },
  },
];
