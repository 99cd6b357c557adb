import { type Script, sorted } from './mqtt-diff-table.ts';

const V5 = ['5'] as const;
const NUMBERS = Array.from({ length: 20 }, (_, index) => `n${String(index).padStart(2, '0')}`);

const overlapping: Script = {
  name: 'overlapping subscriptions of one client',
  async run(kit) {
    const { client, heard, hears } = await kit.open();
    const id = (subscriptionIdentifier: number) =>
      kit.version === '5' ? { properties: { subscriptionIdentifier } } : {};
    await client.subscribeAsync(kit.topic('a/#'), { qos: 2, ...id(1) });
    await client.subscribeAsync(kit.topic('a/+'), { qos: 0, ...id(2) });
    await client.publishAsync(kit.topic('a/b'), 'x', { qos: 1 });
    await client.publishAsync(kit.topic('a'), 'end', { qos: 1 });
    await hears('end');
    return heard.map((line) => line.replace(/ id:.*/, ''));
  },
};

/** SUBSCRIBE, UNSUBSCRIBE and shared subscriptions. */
export const subscriptionScripts: readonly Script[] = [
  {
    name: 'a shared subscription: each message to one member, all together get all',
    versions: V5,
    async run(kit) {
      const members = await Promise.all(['1', '2', '3'].map(() => kit.sub('$share/group/a')));
      const { client } = await kit.open();
      for (const number of NUMBERS) await client.publishAsync(kit.topic('a'), number, { qos: 1 });
      const all = () => members.flatMap(({ heard }) => heard);
      while (all().length < NUMBERS.length)
        await Promise.race(members.map((one) => one.hearsSome(one.heard.length + 1)));
      const got = await Promise.all(members.map((member) => member.leave()));
      return [got.map((lines) => (lines.length > 0 ? 'some' : 'none')), sorted(got.flat())];
    },
  },
  {
    name: 'two groups and one without a group: each gets all',
    versions: V5,
    async run(kit) {
      const listeners = [await kit.sub('$share/one/a'), await kit.sub('$share/two/a/#'), await kit.sub('a')];
      for (const number of NUMBERS.slice(0, 3)) await kit.pub('a', number);
      for (const listener of listeners) await listener.hearsSome(3);
      return await Promise.all(listeners.map((listener) => listener.leave()));
    },
  },
  {
    name: 'a shared subscription gets nothing that is retained',
    versions: V5,
    async run(kit) {
      await kit.pub('a', 'kept', '-r');
      const member = await kit.sub('$share/group/a');
      await kit.pub('a', 'end');
      await member.hears('end');
      return member.leave();
    },
    differs: {
      why: '4.8.2: a shared subscription is not sent what is retained when it is made. Mosquitto sends it.',
      hanbus: ['a q2 r0 end'],
      mosquitto: ['a q2 r1 kept', 'a q2 r0 end'],
    },
  },
  {
    name: 'when a member goes, the others get all',
    versions: V5,
    async run(kit) {
      const staying = await kit.sub('$share/group/a');
      await kit.visit('$share/group/a');
      for (const number of NUMBERS.slice(0, 4)) await kit.pub('a', number);
      await staying.hearsSome(4);
      return staying.leave();
    },
  },
  {
    name: 'subscription identifiers',
    versions: V5,
    async run(kit) {
      const identifier = (id: string) => ['-D', 'subscribe', 'subscription-identifier', id];
      await kit.pub('a/kept', 'kept', '-r');
      const one = await kit.sub('a/#', ...identifier('7'));
      const two = await kit.sub('a/+', ...identifier('268435455'));
      const none = await kit.sub('a/+');
      await kit.pub('a/b', 'x');
      for (const listener of [one, two, none]) await listener.hears('x');
      return [await one.leave(), await two.leave(), await none.leave()];
    },
  },
  {
    ...overlapping,
    versions: V5,
    differs: {
      why:
        '[MQTT-3.3.4-2] and the remark after it leave open one copy with the highest QoS, or one for each filter. Ours ' +
        'sends one, with all identifiers; Mosquitto sends one for each filter.',
      hanbus: ['a/b q1 r0 x', 'a q1 r0 end'],
      mosquitto: ['a/b q0 r0 x', 'a/b q1 r0 x', 'a q1 r0 end'],
    },
  },
  {
    ...overlapping,
    versions: ['311'],
    differs: {
      why: '3.1.1 [MQTT-3.3.5-1]: the copy has the highest QoS of all that match. Mosquitto takes that of the first it finds.',
      hanbus: ['a/b q1 r0 x', 'a q1 r0 end'],
      mosquitto: ['a/b q0 r0 x', 'a q1 r0 end'],
    },
  },
  {
    name: 'overlapping subscriptions of two clients',
    async run(kit) {
      const [one, two] = [await kit.sub('a/#'), await kit.sub('a/b', '-q', '0')];
      await kit.pub('a/b', 'x', '-q', '1');
      await one.hears('x');
      await two.hears('x');
      return [await one.leave(), await two.leave()];
    },
  },
  {
    name: 'who is unsubscribed gets no more',
    async run(kit) {
      const { client, heard, hears } = await kit.open();
      await client.subscribeAsync([kit.topic('a'), kit.topic('b')], { qos: 1 });
      await client.publishAsync(kit.topic('a'), 'before', { qos: 1 });
      await hears('before');
      await client.unsubscribeAsync(kit.topic('a'));
      await client.publishAsync(kit.topic('a'), 'after', { qos: 1 });
      await client.publishAsync(kit.topic('b'), 'end', { qos: 1 });
      await hears('end');
      return [...heard];
    },
  },
  {
    name: 'the answer to UNSUBSCRIBE says what was there',
    versions: V5,
    async run(kit) {
      const { client } = await kit.open();
      await client.subscribeAsync(kit.topic('a'), { qos: 1 });
      const codes: string[] = [];
      client.on('packetreceive', (packet) => void (packet.cmd === 'unsuback' && codes.push(String(packet.granted))));
      await client.unsubscribeAsync([kit.topic('a'), kit.topic('never')]).catch(() => undefined);
      return codes;
    },
  },
  {
    name: 'no local',
    versions: V5,
    async run(kit) {
      const { client, heard, hears } = await kit.open();
      await client.subscribeAsync(kit.topic('a'), { qos: 1, nl: true });
      await client.subscribeAsync(kit.topic('b'), { qos: 1 });
      await client.publishAsync(kit.topic('a'), 'mine', { qos: 1 });
      await kit.pub('a', 'of another', '-q', '1');
      await client.publishAsync(kit.topic('b'), 'end', { qos: 1 });
      await hears('end');
      return [...heard];
    },
  },
  {
    name: 'a subscription replaces the same one',
    async run(kit) {
      const { client, heard, hears } = await kit.open();
      for (const qos of [2, 0] as const) await client.subscribeAsync(kit.topic('a'), { qos });
      await client.publishAsync(kit.topic('a'), 'end', { qos: 2 });
      await hears('end');
      return [...heard];
    },
  },
  {
    name: 'many filters in one SUBSCRIBE',
    async run(kit) {
      const filters = NUMBERS.map((number) => `a/${number}`);
      const listener = await kit.sub(filters, '-q', '1');
      for (const number of ['n00', 'n07', 'n19']) await kit.pub(`a/${number}`, number, '-q', '1');
      await listener.hearsSome(3);
      return [listener.granted, await listener.leave()];
    },
  },
];
