import { Errors } from 'typebox/value';
import { describe, expect, it } from 'vitest';
import { brokerAnswer } from '../../../src/node/broker-answers.ts';
import { clientAnswer, clientsAnswer, kickAnswer } from '../../../src/node/client-answers.ts';
import { CONTRACTS } from '../../../src/schemes/contracts.ts';
import { connect, makeTestBroker, openPacketClient, publishPacket, subscribe, turns } from '../packet-client.ts';

const keep = { clean: false, properties: { sessionExpiryInterval: 60 } };

async function setUp() {
  const world = makeTestBroker({ packetBytes: 1_048_576 });
  for (const clientId of ['pump', 'sensor_1', 'sensor_2']) {
    const { client } = await connect(world, 5, { clientId, ...keep });
    await subscribe(client, '$share/g/t/#', { qos: 1 });
    if (clientId === 'sensor_2') client.stream.destroy();
    else client.send(publishPacket('$no', 'x'));
  }
  openPacketClient(world, 4).sendBytes(Buffer.from([0x30, 2, 0, 0]));
  await turns();
  const place = { node: 'kitchen', broker: world.broker, now: world.clock.now() };
  /** The answer, when the first rates have been measured. */
  const answered = async <T>(asking: Promise<T>): Promise<T> => {
    await world.clock.advance(500);
    return await asking;
  };
  return { ...world, place, answered };
}

function expectContract(name: string, answer: object): void {
  const schema = CONTRACTS[name];
  if (schema === undefined) throw new Error(`no contract ${name}`);
  expect([...Errors(schema, answer)]).toEqual([]);
}

describe('the node answers', () => {
  it('broker: counts, refusals with what they mean, limits with what the scheme says', async () => {
    const { place, answered } = await setUp();
    const wanted = { packetBytes: 2_097_152 };
    const answer = await answered(brokerAnswer({ ...place, listeners: [], retained: 3, wanted }));
    expectContract('broker', answer);
    expect(answer).toMatchObject({
      ...{ isEven: true, clients: { connected: 2, absent: 1, most: 3, expired: 0 } },
      ...{ subscriptions: { plain: 0, shared: 3 }, came: { messages: 2, accepted: 0, refused: 2 } },
      refused: {
        connections: [{ reason: 'HB180', why: 'An MQTT client was refused or broke the protocol', count: 1 }],
        messages: [{ reason: 'HB182', why: 'A reserved topic was refused', count: 2 }],
      },
    });
    expect(answer.limits.find(({ name }) => name === 'packet_bytes')).toEqual({
      ...{ name: 'packet_bytes', value: 1_048_576, text: '1MiB', isDefault: false, next: '2MiB' },
      about: 'the largest packet of a client',
    });
    expect(answer.limits.find(({ name }) => name === 'sessions')).toMatchObject({ text: '10000', isDefault: true });
  });

  it.each([
    [{}, ['pump', 'sensor_1', 'sensor_2'], 0],
    [{ like: 'sensor*' }, ['sensor_1', 'sensor_2'], 0],
    [{ like: '*s*r*' }, ['sensor_1', 'sensor_2'], 0],
    [{ like: 'sensor' }, [], 0],
    [{ like: '*1*1' }, [], 0],
    [{ like: 'pump' }, ['pump'], 0],
    [{ like: '*', limit: 1 }, ['pump'], 2],
  ])('clients %j', async (question, ids, more) => {
    const { place, answered } = await setUp();
    const answer = await answered(clientsAnswer(place, question));
    expectContract('clients', answer);
    expect({ ids: answer.clients.map(({ id }) => id), more: answer.more }).toEqual({ ids, more });
  });

  it('client: one of them, whole', async () => {
    const { place, answered } = await setUp();
    const answer = await answered(clientAnswer(place, 'sensor_2'));
    expectContract('client', answer);
    expect(answer.client).toMatchObject({
      connected: false,
      filters: [{ filter: '$share/g/t/#', qos: 1 }],
      expiryS: 60,
    });
  });

  it('kick: who was disconnected', async () => {
    const { place, broker } = await setUp();
    const answer = await kickAnswer(place, 'pump');
    expectContract('kick', answer);
    expect(broker.client('pump')).toMatchObject({ connected: false, lastError: { code: 'HB199' } });
  });

  it('what is wrong with the question', async () => {
    const { place, answered } = await setUp();
    await expect(answered(clientAnswer(place, 'senser_1'))).rejects.toMatchObject({
      ...{ code: 'HB169', message: expect.stringContaining('Did you mean sensor_1?') },
    });
    await expect(kickAnswer(place, 'sensor_2')).rejects.toMatchObject({
      code: 'HB169',
      fix: 'hanbus broker client sensor_2',
    });
    await expect(clientsAnswer(place, { sort: 'qeue' })).rejects.toMatchObject({ code: 'HB150', fix: '--sort queue' });
  });
});
