import { describe, expect, it } from 'vitest';
import { textOf } from '../../src/bus/message.ts';
import { connect, makeTestBroker, publishPacket, turns } from './packet-client.ts';

const OWNED = [
  'hanbus/kitchen',
  'hanbus/kitchen/',
  'hanbus/kitchen/$state',
  'hanbus/kitchen/$info',
  'hanbus/kitchen/$res/read',
  'hanbus/kitchen/set',
  'hanbus/kitchen/$cmd',
  'hanbus/kitchen/$req',
  'hanbus/kitchen/$req/read/set',
  'hanbus/kitchen/air/$state',
  'hanbus/kitchen/air/$meta',
  'hanbus/kitchen/air/set',
  'hanbus/kitchen/air/$cmd',
  'hanbus/kitchen/air/temperature',
  'hanbus/kitchen/air/temperature/$v',
  'hanbus/kitchen/air/temperature/$ack',
  'hanbus/kitchen/air/temperature/$publish',
  'hanbus/kitchen/air/temperature/$v/set',
  'hanbus/kitchen/a/b/c/set',
  'hanbus/kitchen/$group/lamps',
  'hanbus/kitchen/$group/lamps/$ack',
  'hanbus/kitchen/$group/$all/set',
  'hanbus/kitchen/$other/lamps/set',
];

const OPEN = [
  'hanbus/kitchen/air/fan/set',
  'hanbus/kitchen/air/fan/$cmd',
  'hanbus/kitchen/air/fan/$publish/set',
  'hanbus/kitchen/$group/lamps/set',
  'hanbus/kitchen/$scene/evening/$cmd',
  'hanbus/kitchen/air/$publish/set',
  'hanbus/kitchen/$publish/set',
  'hanbus/kitchen/$req/read',
  'hanbus/kitchen2/air/temperature',
  'hanbus/cellar/air/temperature',
  'hanbus/home/guests',
  'hanbusy/kitchen/$state',
  'kitchen/air/temperature',
];

/** A node called kitchen whose client says something; what the bus carried. */
async function saying(topic: string, options: { version?: 4 | 5; qos?: 0 | 1 | 2; retain?: boolean } = {}) {
  const { version = 5, qos = 1, retain = false } = options;
  const world = makeTestBroker({}, 'kitchen');
  const heard: string[] = [];
  world.bus.subscribe('#', (message) => void heard.push(`${message.topic} ${textOf(message)}`), { origin: 'test' });
  const { client } = await connect(world, version);
  const packet = { qos, retain, ...(qos === 0 ? {} : { messageId: 7 }) };
  client.send(publishPacket(topic, 'x', packet));
  return { world, heard, client, answers: await client.take() };
}

describe('the topics of a node', () => {
  it.each(OWNED)('%s is written by the node alone', async (topic) => {
    const { world, heard, answers } = await saying(topic);
    expect(heard).toEqual([]);
    expect(answers).toMatchObject([{ cmd: 'puback', messageId: 7, reasonCode: 0x87 }]);
    expect(world.broker.counts.dropped.refused).toBe(1);
  });

  it.each(OPEN)('%s is open to clients', async (topic) => {
    const { heard, answers } = await saying(topic);
    expect(heard).toEqual([`${topic} x`]);
    expect(answers).toMatchObject([{ cmd: 'puback', reasonCode: 0 }]);
  });

  it('keep what the node has retained', async () => {
    const world = makeTestBroker({}, 'kitchen');
    world.bus.publish({ topic: 'hanbus/kitchen/$state', payload: 'ready', retain: true, origin: 'node' });
    const { client } = await connect(world, 5);
    client.send(publishPacket('hanbus/kitchen/$state', 'lost', { retain: true }));
    client.send(publishPacket('hanbus/kitchen/$state', '', { retain: true }));
    await turns();
    const kept = world.bus.retainedAt('hanbus/kitchen/$state');
    expect(kept && textOf(kept)).toBe('ready');
  });

  it('refuse QoS 2 in PUBREC, which ends it there', async () => {
    const { client, answers } = await saying('hanbus/kitchen/$state', { qos: 2 });
    expect(answers).toMatchObject([{ cmd: 'pubrec', messageId: 7, reasonCode: 0x87 }]);
    client.send({ cmd: 'pubrel', messageId: 7 });
    expect(await client.takeOne('pubcomp')).toMatchObject({ reasonCode: 0x92 });
  });

  it.each([
    [4, 0],
    [4, 1],
    [5, 0],
  ] as const)('drop a message of version %i with QoS %i in silence, said once per client', async (version, qos) => {
    const { world, heard, client, answers } = await saying('hanbus/kitchen/$state', { version, qos });
    client.send(publishPacket('hanbus/kitchen/$info', 'x'));
    expect(await client.take()).toEqual([]);
    expect(heard).toEqual([]);
    expect(answers).toHaveLength(qos);
    expect(world.broker.counts.dropped.refused).toBe(2);
    expect(world.lines.filter(({ fields }) => fields.code === 'HB188')).toHaveLength(1);
    expect(client.isClosed).toBe(false);
  });

  it('refuse a client whose will would write there', async () => {
    const will = { topic: 'hanbus/kitchen/$state', payload: Buffer.from('lost'), qos: 0 as const, retain: true };
    const { connack } = await connect(makeTestBroker({}, 'kitchen'), 5, { will });
    expect(connack.reasonCode).toBe(0x87);
    const { connack: other } = await connect(makeTestBroker({}, 'cellar'), 5, { will });
    expect(other.reasonCode).toBe(0);
  });
});
