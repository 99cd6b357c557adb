import { expect } from 'vitest';
import type { Access } from '../../src/broker/access.ts';
import { closesWith, publish, subscribe } from './steps.ts';
import type { Proof } from './table.ts';

/** Sends everybody elsewhere. */
const away: Access = {
  admit: ({ clientId }) => ({
    ...{
      reason: clientId === 'for ever' ? 0x9d : 0x9c,
      code: 'HB180',
      why: 'use the other one',
      server: 'other.home:1883',
    },
  }),
};

/** MQTT 5, 3.2.2.3: what CONNACK tells. */
export const connackProofs: readonly Proof[] = [
  {
    proves: ['MQTT-3.1.2-28'],
    name: 'a client that asks for response information gets a topic for its answers, which it may use',
    async run({ connect }) {
      const { client, connack } = await connect({ properties: { requestResponseInformation: true } });
      const answers = connack.properties?.responseInformation ?? '';
      expect(answers).not.toBe('');
      expect(await subscribe(client, `${answers}/#`)).toEqual([0]);
      const { client: other, connack: second } = await connect({
        ...{ clientId: 'c2', properties: { requestResponseInformation: true } },
      });
      expect(second.properties?.responseInformation).not.toBe(answers);
      other.send(publish(`${answers}/1`, 'x'));
      expect(await client.takePublishes(1)).toMatchObject([{ topic: `${answers}/1` }]);
    },
  },
  {
    proves: ['MQTT-3.2.2-22', 'MQTT-3.1.2-22'],
    name: 'the keep alive that CONNACK gives is the one that counts',
    world: { limits: { keepAlive: 60 } },
    async run(world) {
      const none = await world.connect({ clientId: 'none', keepalive: 0 });
      const long = await world.connect({ clientId: 'long', keepalive: 600 });
      const short = await world.connect({ clientId: 'short', keepalive: 10 });
      const given = [none, long, short].map(({ connack }) => connack.properties?.serverKeepAlive);
      expect(given).toEqual([60, 60, undefined]);
      await world.advance(15_000);
      await closesWith(short.client, 0x8d);
      await world.advance(74_999);
      expect([none.client.isClosed, long.client.isClosed]).toEqual([false, false]);
      await world.advance(1);
      for (const { client } of [none, long]) await closesWith(client, 0x8d);
    },
  },
  {
    proves: ['MQTT-3.2.2-7', 'MQTT-3.2.2-8', 'MQTT-3.1.4-2'],
    name: 'a client that is to use another server is told which, and closed',
    world: { access: away },
    async run({ connect }) {
      for (const [clientId, reasonCode] of [
        ['c1', 0x9c],
        ['for ever', 0x9d],
      ] as const) {
        const { client, connack } = await connect({ clientId });
        expect(connack).toMatchObject({ reasonCode, properties: { serverReference: 'other.home:1883' } });
        expect(await client.takeUntilClosed()).toEqual([]);
      }
    },
  },
];
