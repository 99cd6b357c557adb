import { expect } from 'vitest';
import { acknowledge, connectLasting, payloads, publish, publishOnce, subscribe, vanish } from './steps.ts';
import type { Proof } from './table.ts';

/** MQTT 5, 4.4 and 4.6: what is sent again, when, and in which order. */
export const redeliveryProofs: readonly Proof[] = [
  {
    proves: ['MQTT-4.4.0-1', 'MQTT-3.3.1-1', 'MQTT-4.3.2-3', 'MQTT-4.3.3-3', 'MQTT-4.6.0-6'],
    name: 'a resumed session gets what is unacknowledged again: same identifiers, same order, with DUP',
    async run(world) {
      const { client } = await connectLasting(world, 'c1');
      await subscribe(client, 'a', { qos: 2 });
      const { client: sender } = await world.connect({ clientId: 'c2' });
      for (let id = 1; id <= 6; id += 1) {
        const qos = id % 2 === 0 ? 2 : 1;
        await sender.ask(publish('a', `${id}`, { qos, messageId: id }), qos === 1 ? 'puback' : 'pubrec');
      }
      const first = await client.takePublishes(6);
      acknowledge(client, first.slice(2, 3));
      await client.take();
      for (let round = 0; round < 2; round += 1) {
        const { client: again } = await connectLasting(world, 'c1');
        const second = await again.takePublishes(5);
        const expected = [0, 1, 3, 4, 5].map((at) => ({ ...first[at], dup: true }));
        const facts = (list: readonly object[]) => list.map((each) => ({ ...each, length: 0 }));
        expect(facts(second)).toEqual(facts(expected));
      }
    },
  },
  {
    proves: ['MQTT-4.4.0-1', 'MQTT-4.3.3-5', 'MQTT-4.3.3-6'],
    name: 'a resumed session gets PUBREL again, and never PUBLISH after it',
    async run(world) {
      const { client } = await connectLasting(world, 'c1');
      await subscribe(client, 'a', { qos: 2 });
      const { client: sender } = await world.connect({ clientId: 'c2' });
      await sender.ask(publish('a', 'x', { qos: 2, messageId: 1 }), 'pubrec');
      const [message] = await client.takePublishes(1);
      const messageId = message?.messageId ?? 0;
      await client.ask({ cmd: 'pubrec', messageId }, 'pubrel');
      for (let round = 0; round < 2; round += 1) {
        const { client: again } = await connectLasting(world, 'c1');
        expect(await again.take(1)).toMatchObject([{ cmd: 'pubrel', messageId }]);
      }
      const { client: last } = await connectLasting(world, 'c1');
      await last.takeOne('pubrel');
      last.send({ cmd: 'pubcomp', messageId });
      await last.take();
      const { client: done } = await connectLasting(world, 'c1');
      expect(await done.take()).toEqual([]);
    },
  },
  {
    proves: ['MQTT-4.4.0-1', 'MQTT-4.3.2-3'],
    name: 'nothing is sent again while the connection lasts, however long',
    async run(world) {
      const { client } = await connectLasting(world, 'c1');
      await subscribe(client, 'a', { qos: 2 });
      const { client: sender } = await world.connect({ clientId: 'c2' });
      await publishOnce(sender, publish('a', 'one'));
      await sender.ask(publish('a', 'two', { qos: 2, messageId: 2 }), 'pubrec');
      const [, two] = await client.takePublishes(2);
      await client.ask({ cmd: 'pubrec', messageId: two?.messageId ?? 0 }, 'pubrel');
      for (let hour = 0; hour < 24; hour += 1) await world.advance(3_600_000);
      expect(await client.take()).toEqual([]);
    },
  },
  {
    proves: ['MQTT-4.4.0-1'],
    name: 'a session that begins anew gets nothing again',
    async run(world) {
      const { client } = await connectLasting(world, 'c1');
      await subscribe(client, 'a', { qos: 1 });
      const { client: sender } = await world.connect({ clientId: 'c2' });
      await publishOnce(sender, publish('a', 'x'));
      await client.takePublishes(1);
      const { client: anew } = await world.connect({ clientId: 'c1', clean: true });
      expect(await anew.take()).toEqual([]);
    },
  },
  {
    proves: ['MQTT-4.6.0-5', 'MQTT-4.6.0-6', 'MQTT-4.4.0-1'],
    name: 'what is sent again comes before what waited, and that before what is new',
    async run(world) {
      const properties = { sessionExpiryInterval: 100, receiveMaximum: 2 };
      const options = { clientId: 'c1', clean: false, properties };
      const { client } = await world.connect(options);
      await subscribe(client, 'a', { qos: 1 });
      const { client: sender } = await world.connect({ clientId: 'c2' });
      for (const payload of ['1', '2', '3']) await publishOnce(sender, publish('a', payload));
      await client.takePublishes(2);
      await vanish(world, client);
      await publishOnce(sender, publish('a', '4'));
      const { client: again } = await world.connect({ ...options, properties: { sessionExpiryInterval: 100 } });
      const messages = await again.takePublishes(4);
      await publishOnce(sender, publish('a', '5'));
      expect([...payloads(messages), ...payloads(await again.takePublishes(1))]).toEqual(['1', '2', '3', '4', '5']);
      expect(messages.map(({ dup }) => dup)).toEqual([true, true, false, false]);
    },
  },
];
